/** Notices to oneself: the pinned first, what is new in bold. */
import Button from '@mui/material/Button';
import { Link } from 'react-router';
import { Subject } from '../inquiries/columns.tsx';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Status } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import type { Notice } from './notice.ts';

const COLUMNS: readonly ListColumn<Notice>[] = [
  {
    key: 'title',
    label: 'notices.notice',
    type: 'text',
    render: ({ title, unread }) => <Subject subject={title} unread={unread} />,
  },
  {
    key: 'state',
    label: 'notices.state',
    type: 'text',
    notExported: true,
    render: (row) => <State {...row} />,
  },
  { key: 'by', label: 'notices.by', type: 'text', render: (row) => <By {...row} /> },
  { key: 'fromAt', label: 'notices.from', type: 'instant' },
  { key: 'untilAt', label: 'notices.until', type: 'instant' },
  { key: 'pinned', label: 'notices.pinned', type: 'flag', hidden: true },
  { key: 'readAt', label: 'notices.read_at', type: 'instant', hidden: true },
  { key: 'confirmedAt', label: 'notices.confirmed_at', type: 'instant', hidden: true },
];

const FILTERS: readonly ListFilter[] = [
  {
    type: 'choice',
    key: 'unread',
    label: 'inquiries.news',
    choices: [{ value: 'yes', label: 'inquiries.unread' }],
  },
];

export function By({ by }: Pick<Notice, 'by'>) {
  const t = useT();
  return t(by === 'house' ? 'frame.house' : `notices.of.${by}`);
}

export function State({ mustConfirm, confirmedAt, unread, pinned }: Notice) {
  if (mustConfirm && confirmedAt === null) return <Status tone="warn" label="notices.to_confirm" />;
  if (confirmedAt !== null) return <Status tone="good" label="notices.confirmed" />;
  if (unread) return <Status tone="info" label="inquiries.unread" />;
  return <Status tone="idle" label={pinned ? 'notices.pinned' : 'notices.was_read'} />;
}

export default function Notices() {
  const t = useT();
  const may = useMay();
  return (
    <ListPage<Notice>
      path="/notices"
      columns={COLUMNS}
      filters={FILTERS}
      standardOrder="newest"
      rowLink={({ id }) => `/notices/${id}`}
      empty="notices.empty"
      everyMs={30_000}
      actions={
        may('answer') ? (
          <Button component={Link} to="/written-notices" variant="outlined">
            {t('notices.written')}
          </Button>
        ) : null
      }
    />
  );
}
