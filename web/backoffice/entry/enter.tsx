/** Coming by a one-time link into the back office of an agent. Entering takes a press: a link that is only looked at by a mail program is not used up. */
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { post } from '../api.ts';
import { useRefusalText, useT } from '../kit/text.ts';
import { becomes, type Me } from '../session.tsx';
import { EntryFrame } from './frame.tsx';
import { Stack } from './stack.tsx';
import { useToken } from './token.ts';

export default function Enter() {
  const t = useT();
  const say = useRefusalText();
  const token = useToken();
  const go = useNavigate();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const enter = async () => {
    setBusy(true);
    setError(null);
    try {
      const { me } = await post<{ me: Me }>('/enter', { token });
      becomes(queries, me);
      await go('/', { replace: true });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <EntryFrame title="entry.enter">
      <Stack>
        <Typography>{t('entry.enter_text')}</Typography>
        {error === null ? null : <Alert severity="error">{say(error)}</Alert>}
        <Button variant="contained" size="large" disabled={busy} onClick={() => void enter()}>
          {t('entry.enter_now')}
        </Button>
        {error === null ? null : (
          <Button onClick={() => void go('/', { replace: true })}>{t('entry.sign_in')}</Button>
        )}
      </Stack>
    </EntryFrame>
  );
}
