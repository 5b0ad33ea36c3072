/** One inquiry. */
import { useParams } from 'react-router';
import { Section } from '../kit/facts.tsx';
import { Composer } from './composer.tsx';
import { ThreadView } from './view.tsx';

export default function Inquiry() {
  const { threadId = '' } = useParams();
  return (
    <ThreadView
      key={threadId}
      root="/inquiries"
      id={threadId}
      title="inquiries.title"
      answer={({ acts, thread }) =>
        acts.includes('write') ? (
          <Section title={thread.state === 'closed' ? 'inquiries.write_again' : 'inquiries.write'}>
            <Composer
              path={`/inquiries/${threadId}/messages`}
              label="inquiries.message"
              send="inquiries.send"
            />
          </Section>
        ) : null
      }
    />
  );
}
