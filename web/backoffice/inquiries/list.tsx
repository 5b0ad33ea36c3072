/** Inquiries: with the own upline, and with the agents right below. */
import Button from '@mui/material/Button';
import { Link } from 'react-router';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Count } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { Answerer, THREAD_COLUMNS, threadFilters } from './columns.tsx';
import { EVERY_MS, type Thread } from './thread.ts';

const [subject, ...others] = THREAD_COLUMNS;
const COLUMNS: readonly ListColumn<Thread>[] = [
  ...(subject === undefined ? [] : [subject]),
  { key: 'answerer', label: 'inquiries.with', type: 'text', render: (row) => <Answerer {...row} /> },
  ...others,
];

const FILTERS: readonly ListFilter[] = [
  ...threadFilters('inquiry'),
  {
    type: 'choice',
    key: 'side',
    label: 'inquiries.side',
    choices: [
      { value: 'answerer', label: 'inquiries.to_us' },
      { value: 'asker', label: 'inquiries.by_us' },
    ],
  },
];

export default function Inquiries() {
  const t = useT();
  const may = useMay();
  return (
    <ListPage<Thread, { count: number; more: boolean }>
      path="/inquiries"
      columns={COLUMNS}
      filters={FILTERS}
      standardOrder="activity"
      rowLink={({ id }) => `/inquiries/${id}`}
      totals={({ count, more }) => [{ label: 'inquiries.count', value: <Count value={count} more={more} /> }]}
      empty="inquiries.empty"
      everyMs={EVERY_MS}
      actions={
        may('ask') ? (
          <Button component={Link} to="/inquiries/new" variant="contained">
            {t('inquiries.open_new')}
          </Button>
        ) : null
      }
    />
  );
}
