/** Games of a vendor, and which of them an agent has. */
import { useParams } from 'react-router';
import { ListTable } from '../kit/list-table.tsx';
import type { ListColumn } from '../kit/list-types.ts';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { OnOff, type Switchable, Turn } from './off.tsx';
import { Picture } from './picture.tsx';

interface Game extends Switchable {
  readonly publicId: string;
  readonly title: string;
  readonly type: string;
  readonly lobby: boolean;
  readonly thumbnail: string | null;
}

const COLUMNS: readonly ListColumn<Game>[] = [
  { key: 'title', label: 'catalogue.game', type: 'text' },
  {
    key: 'thumbnail',
    label: 'catalogue.picture',
    type: 'text',
    render: ({ thumbnail }) => <Picture of={thumbnail} />,
  },
  { key: 'publicId', label: 'catalogue.public_id', type: 'text' },
  { key: 'type', label: 'catalogue.type', type: 'text' },
  { key: 'on', label: 'catalogue.state', type: 'flag', render: (row) => <OnOff of={row} /> },
];

export default function AgentGames() {
  const t = useT();
  const { agentId = '', vendorId = '' } = useParams();
  const reading = useApi<{ vendor: string; games: readonly Game[] }>(
    `/agents/${agentId}/vendors/${vendorId}`,
    {},
    { keep: true },
  );
  return (
    <Read of={reading}>
      {({ vendor, games }) => (
        <>
          <PageHead
            title={t('catalogue.games_of', { name: vendor })}
            back={{ to: `/agents/${agentId}?tab=vendors`, label: 'catalogue.vendors' }}
          />
          {games.length === 0 ? (
            <Nothing text="catalogue.no_games" />
          ) : (
            <ListTable<Game>
              list={{
                path: 'agent-games',
                columns: COLUMNS,
                rowActions: (row) => (
                  <Turn of={row} name={row.title} path={`/agents/${agentId}/games/${row.id}`} />
                ),
              }}
              rows={games}
              order={undefined}
              onSort={() => {}}
            />
          )}
        </>
      )}
    </Read>
  );
}
