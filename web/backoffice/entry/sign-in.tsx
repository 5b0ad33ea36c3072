/** Signing in: name and password, then the code of the authenticator if there is one. */
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post, Refused } from '../api.ts';
import { useT } from '../kit/text.ts';
import { becomes, type Me } from '../session.tsx';
import { EntryFrame } from './frame.tsx';
import { Stack } from './stack.tsx';
import { useWait, WaitText } from './wait.tsx';

export default function SignIn() {
  const t = useT();
  const queries = useQueryClient();
  const [who, setWho] = useState({ name: '', password: '' });
  const [code, setCode] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wait = useWait(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { me } = await post<{ me: Me }>('/session', {
        ...who,
        ...(code === null ? {} : { code: code.trim() }),
      });
      becomes(queries, me);
    } catch (refused) {
      setBusy(false);
      setCode('');
      if (refused instanceof Refused && refused.code === 'second_factor_needed') return;
      setError(refused);
      if (!(refused instanceof Refused) || refused.code !== 'bad_code') setCode(null);
    }
  };
  return (
    <EntryFrame title="entry.sign_in">
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {code === null ? (
            <NamePassword who={who} onChange={setWho} />
          ) : (
            <TextField
              key="code"
              autoFocus
              required
              fullWidth
              label={t('entry.code')}
              helperText={t('entry.code_help')}
              value={code}
              onChange={({ target }) => setCode(target.value)}
              slotProps={{ htmlInput: { autoComplete: 'one-time-code', maxLength: 64, inputMode: 'text' } }}
            />
          )}
          {error === null ? null : (
            <Alert severity="error">
              <WaitText error={error} wait={wait} />
            </Alert>
          )}
          <Button type="submit" variant="contained" size="large" disabled={busy || wait > 0}>
            {t('entry.sign_in')}
          </Button>
          {code === null ? null : <Button onClick={() => setCode(null)}>{t('entry.back')}</Button>}
        </Stack>
      </form>
    </EntryFrame>
  );
}

interface NamePasswordProps {
  readonly who: { readonly name: string; readonly password: string };
  readonly onChange: (who: { name: string; password: string }) => void;
}

function NamePassword({ who, onChange }: NamePasswordProps) {
  const t = useT();
  return (
    <>
      <TextField
        autoFocus
        required
        fullWidth
        label={t('entry.name')}
        value={who.name}
        onChange={({ target }) => onChange({ ...who, name: target.value })}
        slotProps={{
          htmlInput: { autoComplete: 'username', autoCapitalize: 'none', spellCheck: false, maxLength: 128 },
        }}
      />
      <TextField
        required
        fullWidth
        type="password"
        label={t('entry.password')}
        value={who.password}
        onChange={({ target }) => onChange({ ...who, password: target.value })}
        slotProps={{ htmlInput: { autoComplete: 'current-password', maxLength: 256 } }}
      />
    </>
  );
}
