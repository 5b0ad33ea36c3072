/** The call, sent from here to this hub with the agent's own key. What changes anything is asked about first. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { useId, useState } from 'react';
import { Section } from '../kit/facts.tsx';
import { Pretty } from '../kit/pretty.tsx';
import { useT } from '../kit/text.ts';
import { useLanguage } from '../language.tsx';
import type { ApiCall } from './openapi.ts';
import { type TryKey, TryKeyField } from './try-key.tsx';
import type { Settings } from './wire.ts';

interface TryOutProps {
  readonly call: ApiCall;
  readonly values: Readonly<Record<string, string | number>>;
  readonly settings: Settings;
  readonly tryKey: TryKey;
  readonly onTryKey: (key: TryKey) => void;
}

interface Answered {
  /** 0: none came. */
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

const TIMEOUT_MS = 30_000;

export function TryOut({ call, values, settings, tryKey, onTryKey }: TryOutProps) {
  const t = useT();
  const { language } = useLanguage();
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [busy, setBusy] = useState(false);
  const [asks, setAsks] = useState(false);
  const send = async () => {
    setAsks(false);
    setBusy(true);
    setAnswered(await sent(call, values, { key: tryKey.key, language }));
    setBusy(false);
  };
  const isRead = call.method === 'GET';
  return (
    <Section title="developer.try_it">
      <TryKeyField settings={settings} value={tryKey} onChange={onTryKey} />
      <Box sx={{ mt: 1.5 }}>
        <Button
          variant="contained"
          disabled={busy || tryKey.key === ''}
          onClick={() => (isRead ? void send() : setAsks(true))}
        >
          {t('developer.send')}
        </Button>
      </Box>
      {answered === null ? null : <Answer of={answered} />}
      {asks ? (
        <Ask
          call={call}
          agent={settings.agent.username}
          onSend={() => void send()}
          onClose={() => setAsks(false)}
        />
      ) : null}
    </Section>
  );
}

async function sent(
  { method, path }: ApiCall,
  values: TryOutProps['values'],
  { key, language }: { readonly key: string; readonly language: string },
): Promise<Answered> {
  const startedAt = performance.now();
  const query = new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)]));
  const isRead = method === 'GET';
  try {
    const response = await fetch(`/api${path}${isRead && query.size > 0 ? `?${query}` : ''}`, {
      method,
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/json',
        'accept-language': language,
        ...(isRead ? {} : { 'content-type': 'application/json' }),
      },
      ...(isRead ? {} : { body: JSON.stringify(values) }),
    });
    const body = await response.text();
    return { status: response.status, body, ms: Math.round(performance.now() - startedAt) };
  } catch {
    return { status: 0, body: '', ms: Math.round(performance.now() - startedAt) };
  }
}

function Answer({ of: { status, body, ms } }: { readonly of: Answered }) {
  const t = useT();
  const severity = status === 0 || status >= 500 ? 'error' : status >= 400 ? 'warning' : 'success';
  return (
    <Box sx={{ mt: 1.5, display: 'grid', gap: 1, gridTemplateColumns: 'minmax(0, 1fr)' }} role="status">
      <Alert severity={severity}>
        {status === 0 ? t('developer.no_answer') : `${status} · ${ms} ms`}
        {status >= 400 ? <div>{t(`developer.statuses.${status}`, { _: '' })}</div> : null}
      </Alert>
      {body === '' ? null : <Pretty value={body} label="developer.answered" />}
    </Box>
  );
}

interface AskProps {
  readonly call: ApiCall;
  readonly agent: string;
  readonly onSend: () => void;
  readonly onClose: () => void;
}

function Ask({ call, agent, onSend, onClose }: AskProps) {
  const t = useT();
  const id = useId();
  const text = call.group === 'money' ? 'developer.moves_money' : 'developer.changes_something';
  return (
    <Dialog open fullWidth maxWidth="xs" onClose={onClose} aria-labelledby={id}>
      <DialogTitle id={id} variant="h2">
        {call.method} {call.path}
      </DialogTitle>
      <DialogContent>
        <DialogContentText variant="body1">{t(text, { name: agent })}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('kit.cancel')}</Button>
        <Button variant="contained" color={call.group === 'money' ? 'error' : 'primary'} onClick={onSend}>
          {t('developer.send')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
