/** Publishing games. */
import { type PublishedGame, publishGames } from '../db/game.ts';
import { refuse, type StudioReply } from './replies.ts';
import type { StudioCall } from './routes.ts';
import { checks } from './wire.ts';

export async function publish(call: StudioCall): Promise<StudioReply> {
  if (!checks.games.Check(call.body)) {
    const [first] = checks.games.Errors(call.body);
    return refuse(
      'invalid_request',
      first === undefined ? 'games' : `${first.instancePath} ${first.message}`,
    );
  }
  const unreadable = call.body.games.find(({ launchUrl }) => !URL.canParse(launchUrl));
  if (unreadable !== undefined) return refuse('invalid_request', `${unreadable.id}: launchUrl is no URL`);
  const { vendors } = await call.directory.catalogue();
  const mine = vendors.filter((vendor) => vendor.studioId === call.studio.id);
  const games: PublishedGame[] = [];
  for (const game of call.body.games) {
    const vendor =
      game.vendor === undefined && mine.length === 1
        ? mine[0]
        : mine.find((each) => each.name === game.vendor);
    if (vendor === undefined) return refuse('unknown_vendor', `${game.id}: ${game.vendor ?? '(none named)'}`);
    const {
      id,
      title,
      type,
      launchUrl,
      thumbnail = null,
      thumbnails = {},
      rank = null,
      langs = null,
      lobby = false,
      enabled = true,
    } = game;
    games.push({
      id,
      vendorId: vendor.id,
      title,
      type,
      lobby,
      thumbnail,
      thumbnails,
      rank,
      langs,
      enabled,
      launchUrl,
    });
  }
  const distinct = [...new Map(games.map((game) => [game.id, game])).values()];
  const body = await publishGames(call.sql, call.studio.id, distinct);
  call.directory.forget();
  return { status: 200, body };
}
