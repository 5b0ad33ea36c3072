/** A thread: what it is about, what was said, and what can be done. The same for inquiries and the service desk. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import { type ReactNode, useEffect } from 'react';
import { Link as To } from 'react-router';
import { post } from '../api.ts';
import { ActButton } from '../kit/act-button.tsx';
import { formatSpan } from '../kit/clock.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi, useRefresh } from '../kit/use-api.ts';
import { Instant } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';
import { Answerer, Priority, ThreadStatus } from './columns.tsx';
import { Messages } from './messages.tsx';
import {
  ABOUT_AT,
  CATEGORY_CHOICES,
  EVERY_MS,
  PRIORITY_CHOICES,
  type Thread,
  type ThreadDetail,
} from './thread.ts';

interface ThreadViewProps {
  /** Of the API and of the page alike: `/inquiries` or `/desk`. */
  readonly root: '/inquiries' | '/desk';
  readonly id: string;
  /** Key of the list's title. */
  readonly title: string;
  /** Buttons of this kind of thread. */
  readonly acts?: (detail: ThreadDetail) => ReactNode;
  /** Where an answer is written. */
  readonly answer: (detail: ThreadDetail) => ReactNode;
}

export function ThreadView({ root, id, title, acts, answer }: ThreadViewProps) {
  const reading = useApi<ThreadDetail>(`${root}/${id}`, {}, { everyMs: EVERY_MS });
  useMarkRead(root, reading.data);
  return (
    <Read of={reading}>
      {(detail) => (
        <>
          <PageHead
            title={detail.thread.subject}
            beside={<ThreadStatus state={detail.thread.state} />}
            back={{ to: root, label: title }}
          />
          <Section>
            <ThreadFacts thread={detail.thread} />
          </Section>
          <Messages messages={detail.messages} />
          {detail.side === null ? <OnlyLooking /> : null}
          <Box sx={{ mb: 2 }}>
            <Row>
              {acts?.(detail)}
              <CommonActs path={`${root}/${id}`} detail={detail} />
            </Row>
          </Box>
          {answer(detail)}
        </>
      )}
    </Read>
  );
}

/** What is on the screen has been read; the numbers in the menu know at once. */
function useMarkRead(root: string, detail: ThreadDetail | undefined): void {
  const refresh = useRefresh();
  const id = detail?.thread.id;
  const last = detail?.thread.unread ? detail.messages.at(-1)?.id : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `refresh` is another one each time
  useEffect(() => {
    if (id === undefined || last === undefined) return;
    // It stays unread if that fails, and is tried again with the next news.
    post(`${root}/${id}/read`, { messageId: last }).then(refresh, () => {});
  }, [root, id, last]);
}

function OnlyLooking() {
  const t = useT();
  return <Section>{t('inquiries.only_looking')}</Section>;
}

function ThreadFacts({ thread }: { readonly thread: Thread }) {
  const t = useT();
  const { agent, playerId, player, aboutKind, aboutId } = thread;
  const facts = [
    { label: 'inquiries.priority_label', value: <Priority priority={thread.priority} /> },
    { label: 'inquiries.category_label', value: t(`inquiries.category.${thread.category}`) },
    { label: 'kit.agent', value: agent },
    { label: 'inquiries.with', value: <Answerer {...thread} /> },
    { label: 'inquiries.opened_by', value: thread.openedBy },
    { label: 'inquiries.opened', value: <Instant at={thread.openedAt} /> },
    { label: 'inquiries.first_answer', value: <FirstAnswer {...thread} /> },
    ...(player === null
      ? []
      : [{ label: 'kit.player', value: <Leading to={`/players/${playerId}`} text={player} /> }]),
    ...(aboutKind === null || aboutId === null
      ? []
      : [
          {
            label: `inquiries.about.${aboutKind}`,
            value: <Leading to={ABOUT_AT[aboutKind](aboutId)} text={aboutId} />,
          },
        ]),
    ...(thread.assignee === null ? [] : [{ label: 'desk.assignee', value: thread.assignee }]),
  ];
  return <Facts facts={facts} />;
}

function Leading({ to, text }: { readonly to: string; readonly text: string }) {
  return (
    <Link component={To} to={to}>
      {text}
    </Link>
  );
}

/** How long it took; until then, that there is none. */
function FirstAnswer({ openedAt, answeredAt }: Pick<Thread, 'openedAt' | 'answeredAt'>) {
  const t = useT();
  const { locale } = useLanguage();
  if (answeredAt === null) return t('inquiries.not_answered');
  const took = formatSpan(Math.max(0, Date.parse(answeredAt) - Date.parse(openedAt)), locale);
  return (
    <>
      <Instant at={answeredAt} /> ({took})
    </>
  );
}

function CommonActs({ path, detail }: { readonly path: string; readonly detail: ThreadDetail }) {
  const { thread, side, acts } = detail;
  return (
    <>
      {side === 'answerer' ? (
        <ActButton
          label="inquiries.sort"
          path={path}
          method="PATCH"
          fields={[
            {
              key: 'category',
              type: 'choice',
              label: 'inquiries.category_label',
              choices: CATEGORY_CHOICES,
              required: true,
              initial: thread.category,
            },
            {
              key: 'priority',
              type: 'choice',
              label: 'inquiries.priority_label',
              choices: PRIORITY_CHOICES,
              required: true,
              initial: thread.priority,
            },
          ]}
          done="inquiries.sorted"
        />
      ) : null}
      {acts.includes('close') ? (
        <ActButton
          label="inquiries.close"
          text={thread.kind === 'desk' ? 'desk.close_text' : 'inquiries.close_text'}
          path={`${path}/close`}
          done="inquiries.was_closed"
        />
      ) : null}
    </>
  );
}
