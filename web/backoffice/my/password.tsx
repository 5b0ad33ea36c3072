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
  const [given, setGiven] = useState(EMPTY);
  const { save, busy, error } = useNewPassword(() => setGiven(EMPTY));
  const wait = useWait(error);
  const { current, next, again } = given;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save({ current, next });
  };
  const isReady = current !== '' && next !== '' && again === next;
  return (
    <Section title="entry.password">
      <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 1.5, maxWidth: 420 }}>
        <Fields given={given} onChange={setGiven} />
        {error === null ? null : (
          <Alert severity="error">
            <WaitText error={error} wait={wait} />
          </Alert>
        )}
        <Button
          type="submit"
          variant="contained"
          disabled={busy || wait > 0 || !isReady}
          sx={{ justifySelf: 'start' }}
        >
          {t('my.change_password')}
        </Button>
      </Box>
    </Section>
  );
}

interface FieldsProps {
  readonly given: typeof EMPTY;
  readonly onChange: (given: typeof EMPTY) => void;
}

function Fields({ given, onChange }: FieldsProps) {
  const t = useT();
  const differ = given.again !== '' && given.again !== given.next;
  const fields = [
    { key: 'current', label: 'my.current_password', autoComplete: 'current-password', help: null },
    { key: 'next', label: 'entry.new_password', autoComplete: 'new-password', help: 'entry.password_rule' },
    {
      key: 'again',
      label: 'entry.password_again',
      autoComplete: 'new-password',
      help: differ ? 'entry.differ' : null,
    },
  ] as const;
  return fields.map(({ key, label, autoComplete, help }) => (
    <TextField
      key={key}
      type="password"
      required
      label={t(label)}
      value={given[key]}
      error={key === 'again' && differ}
      helperText={help === null ? undefined : t(help)}
      onChange={({ target }) => onChange({ ...given, [key]: target.value })}
      slotProps={{ htmlInput: { autoComplete, maxLength: 128 } }}
    />
  ));
}

function useNewPassword(onDone: () => void) {
  const t = useT();
  const notify = useNotify();
  const queries = useQueryClient();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async (change: { readonly current: string; readonly next: string }) => {
    setBusy(true);
    setError(null);
    try {
      await post('/me/password', change);
      onDone();
      notify(t('my.password_changed'), { type: 'success' });
      await Promise.all([queries.invalidateQueries({ queryKey: ME }), refresh()]);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return { save, busy, error };
}
