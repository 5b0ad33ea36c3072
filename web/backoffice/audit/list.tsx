/** The audit log: who did what, to whom, from where, and what was different afterwards; and whether its chain holds. */
import Alert from '@mui/material/Alert';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant } from '../kit/values.tsx';
import { Difference } from './difference.tsx';

export interface AuditLine {
  readonly n: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly agent: string | null;
  readonly ip: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
  readonly more: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

const WRAPPED = { whiteSpace: 'normal', overflowWrap: 'anywhere' } as const;

const COLUMNS: readonly ListColumn<AuditLine>[] = [
  { key: 'at', label: 'audit.at', type: 'instant', order: { descending: 'newest', ascending: 'oldest' } },
  { key: 'actor', label: 'audit.actor', type: 'text' },
  { key: 'action', label: 'audit.action', type: 'text', render: ({ action }) => <code>{action}</code> },
  { key: 'subject', label: 'audit.subject', type: 'text' },
  {
    key: 'became',
    label: 'audit.what',
    type: 'text',
    render: (line) => <Difference of={line} />,
  },
  { key: 'agent', label: 'kit.agent', type: 'text' },
  { key: 'ip', label: 'audit.ip', type: 'text' },
  {
    key: 'was',
    label: 'audit.before',
    type: 'text',
    hidden: true,
    render: ({ before }) => <Json value={before} />,
  },
  { key: 'reason', label: 'kit.reason', type: 'text', hidden: true },
  { key: 'n', label: 'audit.n', type: 'number', hidden: true },
  { key: 'hash', label: 'audit.hash', type: 'text', hidden: true, render: ({ hash }) => <code>{hash}</code> },
];

const FILTERS: readonly ListFilter[] = [
  { type: 'text', key: 'actor', label: 'audit.actor' },
  { type: 'text', key: 'action', label: 'audit.action' },
  { type: 'text', key: 'subject', label: 'audit.subject' },
  { type: 'agent' },
  { type: 'instants' },
];

export default function AuditLog() {
  return (
    <ListPage<AuditLine>
      path="/audit"
      columns={COLUMNS}
      filters={FILTERS}
      standardOrder="newest"
      rowKey={({ n }) => n}
      empty="audit.empty"
    >
      <Chain />
    </ListPage>
  );
}

function Json({ value }: { readonly value: unknown }) {
  return value === null ? '–' : <code style={WRAPPED}>{JSON.stringify(value)}</code>;
}

interface Proof {
  readonly lines: number;
  readonly ok: boolean;
  readonly brokenAt: number | null;
  readonly head: string | null;
  readonly checkedAt: string;
}

/** Each line carries a digest of the one before: what was changed afterwards shows. */
function Chain() {
  const t = useT();
  const { data, error, refetch } = useApi<Proof>('/audit/chain');
  if (error !== null) return <Trouble error={error} again={refetch} />;
  if (data === undefined) return null;
  return (
    <Alert severity={data.ok ? 'success' : 'error'} sx={{ mb: 1.5, py: 0 }}>
      {data.ok
        ? t('audit.chain_holds', { lines: data.lines, head: data.head ?? '–' })
        : t('audit.chain_broken', { n: data.brokenAt ?? 0 })}{' '}
      <Instant at={data.checkedAt} />
    </Alert>
  );
}
