/** The audit trail about a user. */
import { ListView } from '../kit/list.tsx';
import type { ListColumn } from '../kit/list-types.ts';

interface AuditRow {
  readonly n: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const COLUMNS: readonly ListColumn<AuditRow>[] = [
  { key: 'at', label: 'players.time', type: 'instant' },
  { key: 'actor', label: 'players.by', type: 'text' },
  { key: 'action', label: 'players.what', type: 'text', render: ({ action }) => <code>{action}</code> },
  {
    key: 'reason',
    label: 'kit.reason',
    type: 'text',
    render: ({ detail }) => String(detail.reason ?? '–'),
    notExported: true,
  },
  { key: 'n', label: 'players.line', type: 'number' },
];

export function PlayerAudit({ id }: { readonly id: number }) {
  return (
    <ListView<AuditRow>
      path={`/players/${id}/audit`}
      columns={COLUMNS}
      rowKey={({ n }) => n}
      empty="players.no_audit"
    />
  );
}
