/** One thread of the service desk. The house also notes for itself, hands it on, and answers with what is ready. */
import { useParams } from 'react-router';
import { Composer } from '../inquiries/composer.tsx';
import type { ThreadDetail } from '../inquiries/thread.ts';
import { ThreadView } from '../inquiries/view.tsx';
import { ActButton } from '../kit/act-button.tsx';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';
import { useMe } from '../session.tsx';
import { ReadyAnswers } from './ready.tsx';

export default function DeskThread() {
  const { threadId = '' } = useParams();
  return (
    <ThreadView
      key={threadId}
      root="/desk"
      id={threadId}
      title="desk.title"
      acts={(detail) => <HouseActs path={`/desk/${threadId}`} detail={detail} />}
      answer={(detail) => <Answer path={`/desk/${threadId}`} detail={detail} />}
    />
  );
}

interface PartProps {
  readonly path: string;
  readonly detail: ThreadDetail;
}

function HouseActs({ path, detail: { acts, thread } }: PartProps) {
  const { name } = useMe();
  const { data } = useApi<{ people: readonly { name: string; shownName: string }[] }>(
    acts.includes('take') ? '/desk-people' : null,
  );
  const others = (data?.people ?? []).filter(
    (person) => person.name !== name && person.name !== thread.assignee,
  );
  return (
    <>
      {acts.includes('take') && thread.assignee !== name ? (
        <ActButton
          label="desk.take"
          path={`${path}/take`}
          body={() => ({})}
          atOnce
          variant="contained"
          done="desk.taken"
        />
      ) : null}
      {acts.includes('take') && others.length > 0 ? (
        <ActButton
          label="desk.hand_over"
          path={`${path}/take`}
          fields={[
            {
              key: 'to',
              type: 'choice',
              label: 'desk.to',
              required: true,
              initial: others[0]?.name ?? '',
              choices: others.map((person) => ({ value: person.name, label: person.shownName, plain: true })),
            },
          ]}
          done="desk.handed_over"
        />
      ) : null}
      {acts.includes('release') && thread.assignee !== null ? (
        <ActButton label="desk.release" path={`${path}/release`} atOnce done="desk.released" />
      ) : null}
      {acts.includes('solve') ? (
        <ActButton label="desk.solve" path={`${path}/solve`} atOnce done="desk.solved" />
      ) : null}
    </>
  );
}

function Answer({ path, detail: { acts, thread } }: PartProps) {
  const t = useT();
  return (
    <>
      {acts.includes('write') ? (
        <Section title={thread.state === 'solved' ? 'desk.write_again' : 'inquiries.write'}>
          <Composer
            path={`${path}/messages`}
            label="inquiries.message"
            send="inquiries.send"
            {...(acts.includes('note') ? { tools: (fill) => <ReadyAnswers onPick={fill} /> } : {})}
          />
        </Section>
      ) : null}
      {thread.state === 'closed' ? <Section>{t('desk.over')}</Section> : null}
      {acts.includes('note') ? (
        <Section title="desk.note">
          <Composer path={`${path}/notes`} label="desk.note_label" send="desk.keep_note" />
        </Section>
      ) : null}
    </>
  );
}
