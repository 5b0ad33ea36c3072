/** Another password; whoever is signed in elsewhere as oneself is out. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify } from 'ra-core';
import { type FormEvent, useState } from 'react';
import { post } from '../api.ts';
import { useWait, WaitText } from '../entry/wait.tsx';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { useRefresh } from '../kit/use-api.ts';
import { ME } from '../session.tsx';

const EMPTY = { current: '', next: '', again: '' };

export function Password() {
  const t = useT();
  const notify = useNotify();
  const queries = useQueryClient();
  const refresh = useRefresh();
  const [given, setGiven] = useState(EMPTY);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wait = useWait(error);
  const { current, next, again } = given;
  const differ = again !== '' && again !== next;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await post('/me/password', { current, next });
      setGiven(EMPTY);
      notify(t('my.password_changed'), { type: 'success' });
      await Promise.all([queries.invalidateQueries({ queryKey: ME }), refresh()]);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const fields = [
    { key: 'current', label: 'my.current_password', autoComplete: 'current-password', help: undefined },
    { key: 'next', label: 'entry.new_password', autoComplete: 'new-password', help: 'entry.password_rule' },
    {
      key: 'again',
      label: 'entry.password_again',
      autoComplete: 'new-password',
      help: differ ? 'entry.differ' : undefined,
    },
  ] as const;
  return (
    <Section title="entry.password">
      <Box
        component="form"
        onSubmit={(event: FormEvent) => void save(event)}
        sx={{ display: 'grid', gap: 1.5, maxWidth: 420 }}
      >
        {fields.map(({ key, label, autoComplete, help }) => (
          <TextField
            key={key}
            type="password"
            required
            label={t(label)}
            value={given[key]}
            error={key === 'again' && differ}
            helperText={help === undefined ? undefined : t(help)}
            onChange={({ target }) => setGiven({ ...given, [key]: target.value })}
            slotProps={{ htmlInput: { autoComplete, maxLength: 128 } }}
          />
        ))}
        {error === null ? null : (
          <Alert severity="error">
            <WaitText error={error} wait={wait} />
          </Alert>
        )}
        <Button
          type="submit"
          variant="contained"
          disabled={busy || wait > 0 || current === '' || next === '' || again !== next}
          sx={{ justifySelf: 'start' }}
        >
          {t('my.change_password')}
        </Button>
      </Box>
    </Section>
  );
}
