/** Which vendors an agent has. */
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { Section } from '../kit/facts.tsx';
import { ListTable } from '../kit/list-table.tsx';
import type { ListColumn } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { OnOff, type Switchable, Turn } from './off.tsx';

interface Vendor extends Switchable {
  readonly name: string;
  readonly games: number;
  readonly gamesOff: number;
}

const COLUMNS: readonly ListColumn<Vendor>[] = [
  { key: 'name', label: 'catalogue.vendor', type: 'text' },
  { key: 'on', label: 'catalogue.state', type: 'flag', render: (row) => <OnOff of={row} /> },
  { key: 'games', label: 'catalogue.games', type: 'number' },
  { key: 'gamesOff', label: 'catalogue.games_off', type: 'number' },
];

export function Switches({ agentId }: { readonly agentId: number }) {
  const vendors = useApi<{ vendors: readonly Vendor[] }>(`/agents/${agentId}/vendors`, {}, { keep: true });
  return <Read of={vendors}>{({ vendors: all }) => <Shown agentId={agentId} vendors={all} />}</Read>;
}

interface ShownProps {
  readonly agentId: number;
  readonly vendors: readonly Vendor[];
}

/** Those with games come first: the others cannot be played anyway. */
function Shown({ agentId, vendors }: ShownProps) {
  const t = useT();
  const [begins, setBegins] = useState('');
  const found = vendors
    .filter(({ name }) => name.toLowerCase().includes(begins.trim().toLowerCase()))
    .toSorted((a, b) => Number(b.games > 0) - Number(a.games > 0) || a.name.localeCompare(b.name));
  return (
    <Section
      title="catalogue.vendors"
      actions={
        <TextField
          label={t('catalogue.search')}
          value={begins}
          onChange={({ target }) => setBegins(target.value)}
        />
      }
    >
      <p style={{ marginTop: 0 }}>{t('catalogue.switches_text')}</p>
      {found.length === 0 ? (
        <Nothing text="catalogue.none" />
      ) : (
        <ListTable<Vendor>
          list={{
            path: 'agent-vendors',
            columns: COLUMNS,
            rowLink: ({ id, games }) => (games === 0 ? null : `/agents/${agentId}/vendors/${id}`),
            rowActions: (row) => (
              <Turn of={row} name={row.name} path={`/agents/${agentId}/vendors/${row.id}`} />
            ),
          }}
          rows={found}
          order={undefined}
          onSort={() => {}}
        />
      )}
    </Section>
  );
}
