/** Notices one looks after: who they are for, until when, and how many people have read and confirmed them. */
import Button from '@mui/material/Button';
import { useState } from 'react';
import { ActButton } from '../kit/act-button.tsx';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn } from '../kit/list-types.ts';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Count, Status } from '../kit/values.tsx';
import { NoticeForm } from './form.tsx';
import type { WrittenNotice } from './notice.ts';

const COLUMNS: readonly ListColumn<WrittenNotice>[] = [
  { key: 'title', label: 'notices.notice', type: 'text' },
  {
    key: 'state',
    label: 'notices.state',
    type: 'text',
    notExported: true,
    render: (row) => <WrittenState {...row} />,
  },
  { key: 'agent', label: 'notices.by', type: 'text', render: ({ agent }) => <Whose agent={agent} /> },
  { key: 'audience', label: 'notices.for', type: 'text', render: (row) => <For {...row} /> },
  { key: 'fromAt', label: 'notices.from', type: 'instant' },
  { key: 'untilAt', label: 'notices.until', type: 'instant' },
  { key: 'reads', label: 'notices.reads', type: 'number' },
  {
    key: 'confirmations',
    label: 'notices.confirmations',
    type: 'number',
    render: ({ mustConfirm, confirmations }) => (mustConfirm ? <Count value={confirmations} /> : '–'),
  },
  { key: 'pinned', label: 'notices.pinned', type: 'flag', hidden: true },
  { key: 'madeBy', label: 'notices.made_by', type: 'text', hidden: true },
  { key: 'madeAt', label: 'notices.made_at', type: 'instant', hidden: true },
];

function Whose({ agent }: Pick<WrittenNotice, 'agent'>) {
  const t = useT();
  return agent ?? t('frame.house');
}

function For({ audience, target }: WrittenNotice) {
  const t = useT();
  return t(`notices.audience.${audience}`, { agent: target ?? '' });
}

function WrittenState({ withdrawnAt, fromAt, untilAt }: WrittenNotice) {
  const now = Date.now();
  if (withdrawnAt !== null) return <Status tone="idle" label="notices.withdrawn" />;
  if (Date.parse(fromAt) > now) return <Status tone="info" label="notices.later" />;
  if (untilAt !== null && Date.parse(untilAt) <= now) return <Status tone="idle" label="notices.is_over" />;
  return <Status tone="good" label="notices.in_force" />;
}

export default function WrittenNotices() {
  const t = useT();
  const [edited, setEdited] = useState<WrittenNotice | 'new' | null>(null);
  return (
    <ListPage<WrittenNotice>
      path="/written-notices"
      columns={COLUMNS}
      standardOrder="newest"
      empty="notices.empty_written"
      rowActions={(row) => <Acts notice={row} onEdit={() => setEdited(row)} />}
      actions={
        <Button variant="contained" onClick={() => setEdited('new')}>
          {t('notices.write')}
        </Button>
      }
    >
      {edited === null ? null : (
        <NoticeForm
          key={edited === 'new' ? 'new' : edited.id}
          {...(edited === 'new' ? {} : { notice: edited })}
          onEnd={() => setEdited(null)}
        />
      )}
    </ListPage>
  );
}

function Acts({ notice, onEdit }: { readonly notice: WrittenNotice; readonly onEdit: () => void }) {
  const t = useT();
  if (notice.withdrawnAt !== null) return null;
  return (
    <Row>
      <Button
        onClick={(event) => {
          event.stopPropagation();
          onEdit();
        }}
      >
        {t('notices.change')}
      </Button>
      <ActButton
        label="notices.withdraw"
        text="notices.withdraw_text"
        path={`/notices/${notice.id}/withdraw`}
        variant="text"
        danger
        done="notices.withdrawn"
      />
    </Row>
  );
}
