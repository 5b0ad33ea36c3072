/** Where one is signed in, and the end of it there. */
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import { ActButton } from '../kit/act-button.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Status } from '../kit/values.tsx';
import { nameOfBrowser } from './browser-name.ts';

interface Session {
  readonly id: number;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly ip: string;
  readonly browser: string;
  readonly current: boolean;
  readonly byLink?: boolean;
}

export function Sessions() {
  const sessions = useApi<{ sessions: readonly Session[] }>('/me/sessions');
  return (
    <Read of={sessions}>
      {({ sessions: found }) => (
        <Section
          title="my.sessions"
          actions={
            <ActButton
              label="my.end_others"
              text="my.end_others_text"
              path="/me/sessions"
              method="DELETE"
              danger
              disabled={found.length < 2}
              done="my.others_ended"
            />
          }
        >
          <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 1 }}>
            {found.map((session) => (
              <OneSession key={session.id} session={session} />
            ))}
          </Box>
        </Section>
      )}
    </Read>
  );
}

function OneSession({ session }: { readonly session: Session }) {
  const t = useT();
  const { id, browser, ip, createdAt, seenAt, current, byLink = false } = session;
  return (
    <Paper
      component="li"
      variant="outlined"
      sx={{ p: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}
    >
      <Box sx={{ flex: '1 1 260px', minWidth: 0 }}>
        <Facts
          facts={[
            {
              label: 'my.browser',
              value: <span title={browser}>{nameOfBrowser(browser) ?? t('my.unknown_browser')}</span>,
            },
            { label: 'my.address', value: ip },
            { label: 'my.since', value: <Instant at={createdAt} /> },
            { label: 'my.seen', value: <Instant at={seenAt} /> },
          ]}
        />
      </Box>
      {byLink ? <Status tone="info" label="my.session_by_link" /> : null}
      {current ? (
        <Status tone="good" label="my.this_session" />
      ) : (
        <ActButton
          label="my.end_session"
          path={`/me/sessions/${id}`}
          method="DELETE"
          danger
          atOnce
          done="my.session_ended"
        />
      )}
    </Paper>
  );
}
