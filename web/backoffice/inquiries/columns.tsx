/** What lists of threads show, and by what they are filtered. */
import Box from '@mui/material/Box';
import { STATES, type ThreadKind } from '../../../src/core/office/thread.ts';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Count, Instant, Status } from '../kit/values.tsx';
import { CATEGORY_CHOICES, PRIORITY_CHOICES, PRIORITY_TONES, STATE_TONES, type Thread } from './thread.ts';

/** Bold while there is something new in it. */
export function Subject({ subject, unread }: Pick<Thread, 'subject' | 'unread'>) {
  const t = useT();
  return (
    <Box
      component="span"
      sx={{
        fontWeight: unread ? 700 : 400,
        whiteSpace: 'normal',
        overflowWrap: 'anywhere',
        display: 'inline-block',
        minWidth: 160,
      }}
    >
      {unread ? (
        <Box
          component="span"
          role="img"
          aria-label={t('inquiries.unread')}
          sx={{
            display: 'inline-block',
            width: 8,
            height: 8,
            borderRadius: '50%',
            bgcolor: 'primary.main',
            mr: 0.75,
          }}
        />
      ) : null}
      {subject}
    </Box>
  );
}

export function ThreadStatus({ state }: Pick<Thread, 'state'>) {
  return <Status tone={STATE_TONES[state]} label={`inquiries.state.${state}`} />;
}

export function Priority({ priority }: Pick<Thread, 'priority'>) {
  const t = useT();
  const label = `inquiries.priority.${priority}`;
  return PRIORITY_TONES[priority] === 'idle' ? (
    t(label)
  ) : (
    <Status tone={PRIORITY_TONES[priority]} label={label} />
  );
}

function Category({ category }: Pick<Thread, 'category'>) {
  const t = useT();
  return t(`inquiries.category.${category}`);
}

/** Whom the agent's people talk to. */
export function Answerer({ withHouse, answerer }: Pick<Thread, 'withHouse' | 'answerer'>) {
  const t = useT();
  return withHouse ? t('frame.house') : (answerer ?? t('inquiries.upline'));
}

export const THREAD_COLUMNS: readonly ListColumn<Thread>[] = [
  { key: 'subject', label: 'inquiries.subject', type: 'text', render: (row) => <Subject {...row} /> },
  { key: 'state', label: 'inquiries.state_label', type: 'text', render: (row) => <ThreadStatus {...row} /> },
  {
    key: 'priority',
    label: 'inquiries.priority_label',
    type: 'text',
    order: { ascending: 'urgency' },
    render: (row) => <Priority {...row} />,
  },
  {
    key: 'category',
    label: 'inquiries.category_label',
    type: 'text',
    render: (row) => <Category {...row} />,
  },
  { key: 'agent', label: 'kit.agent', type: 'text' },
  { key: 'player', label: 'kit.player', type: 'text' },
  { key: 'openedBy', label: 'inquiries.opened_by', type: 'text', hidden: true },
  {
    key: 'openedAt',
    label: 'inquiries.opened',
    type: 'instant',
    order: { ascending: 'opened' },
    render: ({ openedAt }) => <Instant at={openedAt} />,
  },
  { key: 'answeredAt', label: 'inquiries.first_answer', type: 'instant', hidden: true },
  { key: 'activityAt', label: 'inquiries.activity', type: 'instant', order: { descending: 'activity' } },
  {
    key: 'messages',
    label: 'inquiries.messages',
    type: 'number',
    hidden: true,
    render: ({ messages }) => <Count value={messages} />,
  },
];

export function threadFilters(kind: ThreadKind): readonly ListFilter[] {
  const states = ['live', ...STATES[kind]].map((value) => ({ value, label: `inquiries.state.${value}` }));
  return [
    { type: 'text', key: 'begins', label: 'inquiries.subject_begins' },
    { type: 'choice', key: 'state', label: 'inquiries.state_label', choices: states },
    { type: 'choice', key: 'category', label: 'inquiries.category_label', choices: CATEGORY_CHOICES },
    { type: 'choice', key: 'priority', label: 'inquiries.priority_label', choices: PRIORITY_CHOICES },
    {
      type: 'choice',
      key: 'unread',
      label: 'inquiries.news',
      choices: [{ value: 'yes', label: 'inquiries.unread' }],
    },
    { type: 'agent' },
    { type: 'player' },
  ];
}
