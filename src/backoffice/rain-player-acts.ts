/** What staff do about a player of the rain book. Each is one transaction with its line in the audit trail. */
import { Type } from 'typebox';
import { EXCLUSION_TIMES } from '../core/book/own-limits.ts';
import { type BookPlayerId, trusted } from '../core/ids.ts';
import { setBetLimit } from '../db/book-player.ts';
import { exclude } from '../db/book-protection.ts';
import { endVisits } from '../db/book-visit.ts';
import type { Sql } from '../db/connect.ts';
import {
  endVisit,
  findBookPlayerFacts,
  forgetPassword,
  type LockedPlayer,
  lockBookPlayer,
  setBlocked,
} from '../db/office-rain-player.ts';
import { type Act, recordAct } from './act.ts';
import { bookPlayerIn, subjectOfPlayer } from './rain-players.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, type Params, route } from './route.ts';
import { Done, MinorGiven, Reason } from './shapes.ts';

const PATH = '/rain/players/:bookPlayerId';
const ReasonGiven = Type.Object({ reason: Reason }, { additionalProperties: false });

const LimitsGiven = Type.Object(
  { minBet: MinorGiven, maxBet: MinorGiven, maxExposure: MinorGiven, reason: Reason },
  { additionalProperties: false },
);

type Tx = Parameters<Parameters<Sql['begin']>[1]>[0];
interface Doing {
  readonly call: OfficeCall;
  readonly tx: Tx;
  readonly player: LockedPlayer;
  readonly reason: string;
}

/** Locks the player and does it; what is answered but 200 is taken back. */
async function underLock(
  call: OfficeCall,
  { id, reason }: { readonly id: BookPlayerId; readonly reason: string },
  work: (doing: Doing) => Promise<OfficeReply>,
): Promise<OfficeReply> {
  return call.sql.begin(async (tx) => {
    const player = await lockBookPlayer(tx, id);
    return player === null ? refuse('not_found') : work({ call, tx, player, reason });
  });
}

const keep = ({ call, tx, player, reason }: Doing, act: Omit<Act, 'subject' | 'agentId' | 'reason'>) =>
  recordAct(call, tx, { ...act, subject: subjectOfPlayer(player.id), agentId: null, reason });

const DONE = ok({ ok: true });

const acting = (described: {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly work: (doing: Doing, params: Params) => Promise<OfficeReply>;
}): OfficeRoute =>
  route({
    method: 'POST',
    path: `${PATH}${described.path}`,
    operationId: described.operationId,
    summary: described.summary,
    group: 'rain',
    permission: 'rain',
    body: ReasonGiven,
    answer: Done,
    handle: (call, { params, body }) =>
      underLock(call, { id: bookPlayerIn(params), reason: body.reason }, (doing) =>
        described.work(doing, params),
      ),
  });

export const RAIN_PLAYER_ACTS: readonly OfficeRoute[] = [
  acting({
    path: '/block',
    operationId: 'blockBookPlayer',
    summary: 'Take no bets and no visits of a player; open bets are settled as ever',
    async work(doing) {
      const { tx, player } = doing;
      if (player.blocked) return refuse('already');
      await setBlocked(tx, player.id, 'blocked');
      const visits = await endVisits(tx, player.id);
      await keep(doing, { action: 'book.player.block', more: { visitsEnded: visits } });
      return DONE;
    },
  }),
  acting({
    path: '/unblock',
    operationId: 'unblockBookPlayer',
    summary: 'Let a player in again',
    async work(doing) {
      const { tx, player } = doing;
      if (!player.blocked) return refuse('already');
      await setBlocked(tx, player.id, 'free');
      await keep(doing, { action: 'book.player.unblock' });
      return DONE;
    },
  }),
  acting({
    path: '/password/reset',
    operationId: 'resetBookPlayerPassword',
    summary: "Take a forgotten page password away; ends the player's visits",
    async work(doing) {
      const { tx, player } = doing;
      if (!player.hasPassword) return refuse('already');
      await forgetPassword(tx, player.id);
      const visits = await endVisits(tx, player.id);
      await keep(doing, { action: 'book.player.password_reset', more: { visitsEnded: visits } });
      return DONE;
    },
  }),
  acting({
    path: '/visits/end',
    operationId: 'endBookVisits',
    summary: "End all of a player's visits and login links",
    async work(doing) {
      const ended = await endVisits(doing.tx, doing.player.id);
      await keep(doing, { action: 'book.player.visits_end', more: { visitsEnded: ended } });
      return DONE;
    },
  }),
  acting({
    path: '/visits/:visitId/end',
    operationId: 'endBookVisit',
    summary: "End one of a player's visits",
    async work(doing, { visitId }) {
      if (!(await endVisit(doing.tx, doing.player.id, Number(visitId)))) return refuse('not_found');
      await keep(doing, { action: 'book.player.visit_end', more: { visit: Number(visitId) } });
      return DONE;
    },
  }),
  route({
    method: 'PUT',
    path: `${PATH}/limits`,
    operationId: 'setBookPlayerLimits',
    summary: "Set the limits of a player's bets; its operator's next call may set them anew",
    group: 'rain',
    permission: 'rain',
    body: LimitsGiven,
    answer: Done,
    handle: (call, { params, body }) =>
      underLock(call, { id: bookPlayerIn(params), reason: body.reason }, async (doing) => {
        const { tx, player } = doing;
        const limit = {
          minBet: BigInt(body.minBet),
          maxBet: BigInt(body.maxBet),
          maxExposure: BigInt(body.maxExposure),
        };
        if (limit.maxBet < limit.minBet)
          return refuse('invalid_request', { fields: { maxBet: 'is less than minBet' } });
        await setBetLimit(tx, player.id, limit);
        const { minBet, maxBet, maxExposure } = player;
        const before = textsOf({ minBet, maxBet, maxExposure });
        await keep(doing, { action: 'book.player.limits', before, after: textsOf(limit) });
        return DONE;
      }),
  }),
  route({
    method: 'POST',
    path: `${PATH}/exclude`,
    operationId: 'excludeBookPlayer',
    summary:
      "Exclude a person from betting in all of its operator's vendor types; an exclusion only ever gets longer",
    group: 'rain',
    permission: 'rain',
    body: Type.Object(
      { for: Type.Enum([...EXCLUSION_TIMES]), reason: Reason },
      { additionalProperties: false },
    ),
    answer: Done,
    async handle({ sql, principal: { person: actor }, ip }, { params, body }) {
      const facts = await findBookPlayerFacts(sql, bookPlayerIn(params));
      if (facts === null) return refuse('not_found');
      const { line, accountId } = facts;
      const player = {
        playerId: trusted<BookPlayerId>(line.id),
        operatorId: trusted<LockedPlayer['operatorId']>(line.operator),
        accountId,
        userId: line.userId,
      };
      const more = { reason: body.reason, ip };
      await sql.begin((tx) =>
        exclude(tx, player, { wish: body.for, actor, action: 'book.player.exclude', more }),
      );
      return DONE;
    },
  }),
];

function textsOf(limit: Pick<LockedPlayer, 'minBet' | 'maxBet' | 'maxExposure'>) {
  return {
    minBet: String(limit.minBet),
    maxBet: String(limit.maxBet),
    maxExposure: String(limit.maxExposure),
  };
}
