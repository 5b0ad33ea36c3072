/** All games as the house keeps them: on or off, their place in lists, and their picture. */
import { wholeOf } from '../agents/agent.ts';
import { ActButton } from '../kit/act-button.tsx';
import type { ActField, ActValues } from '../kit/act-form.tsx';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useApi } from '../kit/use-api.ts';
import { Status } from '../kit/values.tsx';
import { LimitsLink } from './limits-link.tsx';
import { Picture } from './picture.tsx';

const LANGUAGES = ['*', 'en', 'ko', 'zh'] as const;

interface Game {
  readonly id: number;
  readonly publicId: string;
  readonly title: string;
  readonly type: string;
  readonly lobby: boolean;
  readonly vendorId: number;
  readonly vendor: string;
  readonly studio: string;
  readonly published: boolean;
  readonly on: boolean;
  readonly sold: boolean;
  readonly rank: number | null;
  readonly houseRank: number | null;
  readonly thumbnail: string | null;
  readonly thumbnails: Readonly<Partial<Record<(typeof LANGUAGES)[number], string>>>;
}

const COLUMNS: readonly ListColumn<Game>[] = [
  { key: 'title', label: 'catalogue.game', type: 'text' },
  {
    key: 'picture',
    label: 'catalogue.picture',
    type: 'text',
    notExported: true,
    render: ({ thumbnail, thumbnails }) => <Picture of={thumbnails['*'] ?? thumbnail} />,
  },
  { key: 'vendor', label: 'catalogue.vendor', type: 'text' },
  { key: 'publicId', label: 'catalogue.public_id', type: 'text' },
  { key: 'type', label: 'catalogue.type', type: 'text' },
  { key: 'studio', label: 'catalogue.studio', type: 'text', hidden: true },
  { key: 'rank', label: 'catalogue.rank', type: 'number' },
  { key: 'sold', label: 'catalogue.state', type: 'flag', render: (game) => <State game={game} /> },
];

/** Why it cannot be played, if it cannot. */
function State({ game: { sold, on, published } }: { readonly game: Game }) {
  if (sold) return <Status tone="good" label="catalogue.on" />;
  if (!on) return <Status tone="bad" label="catalogue.off" />;
  return <Status tone="idle" label={published ? 'catalogue.vendor_off' : 'catalogue.not_published'} />;
}

export default function Games() {
  const { data } = useApi<{ vendors: readonly { id: number; name: string; games: number }[] }>('/vendors');
  const vendors = (data?.vendors ?? [])
    .filter(({ games }) => games > 0)
    .map(({ id, name }) => ({ value: String(id), label: name, plain: true }));
  const filters: readonly ListFilter[] = [
    { type: 'text', key: 'begins', label: 'catalogue.game' },
    { type: 'choice', key: 'vendor', label: 'catalogue.vendor', choices: vendors },
    { type: 'flag', key: 'sold', label: 'catalogue.sold' },
  ];
  return (
    <ListPage<Game>
      path="/games"
      columns={COLUMNS}
      filters={filters}
      standardOrder="shown"
      rowActions={(game) => (
        <>
          <Turn game={game} />
          <Change game={game} />
          <LimitsLink of="game" id={game.id} />
        </>
      )}
      empty="catalogue.no_games"
    />
  );
}

function Turn({ game: { id, title, on } }: { readonly game: Game }) {
  return (
    <ActButton
      label={on ? 'catalogue.turn_off' : 'catalogue.turn_on'}
      text={on ? 'catalogue.all_off_text' : 'catalogue.all_on_text'}
      named={{ name: title }}
      path={`/games/${id}`}
      method="PATCH"
      body={() => ({ on: !on })}
      danger={on}
      done="catalogue.changed"
    />
  );
}

const PICTURES: readonly ActField[] = LANGUAGES.map((language) => ({
  key: `picture ${language}`,
  type: 'text',
  label: language === '*' ? 'catalogue.own_picture.all' : `catalogue.own_picture.${language}`,
}));

function Change({ game }: { readonly game: Game }) {
  const { id, title, houseRank, thumbnails } = game;
  const pictures = PICTURES.map((field, index) => ({
    ...field,
    initial: thumbnails[LANGUAGES[index] ?? '*'] ?? '',
    ...(index === 0 ? { help: 'catalogue.own_picture_help' } : {}),
  }));
  return (
    <ActButton
      label="catalogue.arrange"
      title="catalogue.arrange_title"
      text="catalogue.arrange_text"
      named={{ name: title }}
      path={`/games/${id}`}
      method="PATCH"
      fields={[
        { key: 'rank', type: 'number', label: 'catalogue.own_rank', initial: houseRank?.toString() ?? '' },
        ...pictures,
      ]}
      body={changeOf}
      done="catalogue.changed"
    />
  );
}

function changeOf(values: ActValues) {
  const { rank = '' } = values;
  const thumbnails = Object.fromEntries(
    LANGUAGES.map((language) => [language, (values[`picture ${language}`] ?? '').trim()]).filter(
      ([, address]) => address !== '',
    ),
  );
  return { rank: rank.trim() === '' ? null : wholeOf(rank), thumbnails };
}
