/** The last calls of the operator API, and what was wrong with those that were refused. */
import Button from '@mui/material/Button';
import { useState } from 'react';
import { ListPage, ListView } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { RefusedFor } from './refused-for.tsx';
import { RequestDetails } from './request-details.tsx';
import type { RequestRow } from './wire.ts';

const COLUMNS: readonly ListColumn<RequestRow>[] = [
  { key: 'at', label: 'developer.time', type: 'instant' },
  {
    key: 'path',
    label: 'developer.call',
    type: 'text',
    render: ({ method, path }) => `${method} ${path}`,
  },
  {
    key: 'refusal',
    label: 'developer.outcome',
    type: 'text',
    render: ({ status, refusal }) => <RefusedFor status={status} refusal={refusal} />,
  },
  { key: 'status', label: 'developer.status', type: 'number' },
  { key: 'elapsedMs', label: 'developer.took_ms', type: 'number' },
  { key: 'username', label: 'developer.user', type: 'text' },
  { key: 'ip', label: 'developer.address', type: 'text' },
  { key: 'keyHint', label: 'developer.key_key', type: 'text', hidden: true },
];

const FILTERS: readonly ListFilter[] = [
  {
    type: 'choice',
    key: 'kind',
    label: 'developer.outcome',
    choices: [
      { value: 'done', label: 'developer.kinds.done' },
      { value: 'refused', label: 'developer.kinds.refused' },
      { value: '4xx', label: 'developer.kinds.yours' },
      { value: '5xx', label: 'developer.kinds.ours' },
    ],
  },
  { type: 'text', key: 'path', label: 'developer.path_begins' },
  { type: 'text', key: 'username', label: 'developer.user' },
  { type: 'text', key: 'ip', label: 'developer.address' },
  { type: 'instants' },
];

/** Of an agent. */
export function Requests({ agentId }: { readonly agentId: number }) {
  const { list, details } = useList();
  return (
    <>
      <ListView<RequestRow> {...list} path={`/developer/${agentId}/requests`} />
      {details}
    </>
  );
}

/** Of those nobody knows: a page of the house's. */
export default function UnknownCallers() {
  const { list, details } = useList();
  return (
    <>
      <ListPage<RequestRow> {...list} path="/unknown-callers" />
      {details}
    </>
  );
}

const EVERY_MS = 5000;

/** The details are beside the list: it is read again and again, and what is looked at may leave it meanwhile. */
function useList() {
  const t = useT();
  const [open, setOpen] = useState<RequestRow | null>(null);
  const list = {
    columns: COLUMNS,
    filters: FILTERS,
    standardOrder: 'newest',
    empty: 'developer.no_requests',
    everyMs: EVERY_MS,
    rowActions: (row: RequestRow) => (
      <Button
        onClick={() => setOpen(row)}
        aria-label={`${t('developer.details')}: ${row.method} ${row.path}`}
      >
        {t('developer.details')}
      </Button>
    ),
  } as const;
  return { list, details: <RequestDetails of={open} onClose={() => setOpen(null)} /> };
}
