/** The service desk: the house's queue, or an agent's own threads. */
import Button from '@mui/material/Button';
import { Link } from 'react-router';
import { THREAD_COLUMNS, threadFilters } from '../inquiries/columns.tsx';
import { EVERY_MS, type Thread } from '../inquiries/thread.ts';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Count } from '../kit/values.tsx';
import { useMay, useMe } from '../session.tsx';

const HOUSE_COLUMNS: readonly ListColumn<Thread>[] = [
  ...THREAD_COLUMNS.slice(0, 3),
  { key: 'assignee', label: 'desk.assignee', type: 'text' },
  ...THREAD_COLUMNS.slice(3).map((column) =>
    column.key === 'category' || column.key === 'player' ? { ...column, hidden: true } : column,
  ),
];

const FILTERS = threadFilters('desk');
const HOUSE_FILTERS: readonly ListFilter[] = [
  ...FILTERS,
  {
    type: 'choice',
    key: 'assignee',
    label: 'desk.assignee',
    choices: [
      { value: 'me', label: 'desk.mine' },
      { value: 'nobody', label: 'desk.nobodys' },
    ],
  },
];

export default function Desk() {
  const t = useT();
  const may = useMay();
  const isHouse = useMe().agent === null;
  const opens = isHouse ? may('answer') : may('ask');
  return (
    <ListPage<Thread, { count: number; more: boolean }>
      path="/desk"
      columns={isHouse ? HOUSE_COLUMNS : THREAD_COLUMNS}
      filters={isHouse ? HOUSE_FILTERS : FILTERS}
      standardOrder="activity"
      rowLink={({ id }) => `/desk/${id}`}
      totals={({ count, more }) => [{ label: 'desk.count', value: <Count value={count} more={more} /> }]}
      empty={isHouse ? 'desk.empty_house' : 'desk.empty'}
      everyMs={EVERY_MS}
      actions={
        <>
          <Button component={Link} to="/faq" variant="outlined">
            {t('desk.faq')}
          </Button>
          {opens ? (
            <Button component={Link} to="/desk/new" variant="contained">
              {t(isHouse ? 'desk.open_house' : 'desk.open_new')}
            </Button>
          ) : null}
        </>
      }
    />
  );
}
