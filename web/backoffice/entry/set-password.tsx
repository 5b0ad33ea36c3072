/** A first or a new password, by the link somebody was given. */
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { post } from '../api.ts';
import { useRefusalText, useT } from '../kit/text.ts';
import { useSubmit } from '../kit/use-submit.ts';
import { EntryFrame } from './frame.tsx';
import { Stack } from './stack.tsx';
import { useToken } from './token.ts';

export default function SetPassword() {
  const t = useT();
  const token = useToken();
  const go = useNavigate();
  const [done, setDone] = useState(false);
  const toSignIn = () => void go('/', { replace: true });
  return (
    <EntryFrame title="entry.set_password">
      {done ? (
        <Stack>
          <Alert severity="success">{t('entry.password_set')}</Alert>
          <Button variant="contained" onClick={toSignIn}>
            {t('entry.sign_in')}
          </Button>
        </Stack>
      ) : (
        <NewPassword token={token} onDone={() => setDone(true)} />
      )}
    </EntryFrame>
  );
}

function NewPassword({ token, onDone }: { readonly token: string; readonly onDone: () => void }) {
  const t = useT();
  const say = useRefusalText();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const differ = again !== '' && again !== password;
  const { submit, busy, error } = useSubmit(async () => {
    await post('/password-by-link', { token, password });
    onDone();
  });
  const look = { type: 'password', required: true, fullWidth: true } as const;
  const input = { htmlInput: { autoComplete: 'new-password', maxLength: 128 } };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <TextField
          {...look}
          autoFocus
          label={t('entry.new_password')}
          helperText={t('entry.password_rule')}
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          slotProps={input}
        />
        <TextField
          {...look}
          label={t('entry.password_again')}
          error={differ}
          helperText={differ ? t('entry.differ') : undefined}
          value={again}
          onChange={({ target }) => setAgain(target.value)}
          slotProps={input}
        />
        {error === null ? null : <Alert severity="error">{say(error)}</Alert>}
        <Button type="submit" variant="contained" disabled={busy || password === '' || again !== password}>
          {t('entry.set_password')}
        </Button>
      </Stack>
    </form>
  );
}
