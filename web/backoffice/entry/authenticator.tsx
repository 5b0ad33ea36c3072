/** Setting up an authenticator: its picture and secret, a first code, then the recovery codes, shown this once. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { type FormEvent, useState } from 'react';
import { post } from '../api.ts';
import { CopyField } from '../kit/copy-field.tsx';
import { useRefusalText, useT } from '../kit/text.ts';
import { Stack } from './stack.tsx';

export interface NewSecret {
  readonly secret: string;
  readonly uri: string;
  /** SVG as a data address. */
  readonly qr: string;
}

interface ConfirmProps {
  readonly made: NewSecret;
  readonly onCodes: (codes: readonly string[]) => void;
}

/** Shows the secret and takes the first code. */
export function ConfirmSecret({ made, onCodes }: ConfirmProps) {
  const t = useT();
  const say = useRefusalText();
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { recoveryCodes } = await post<{ recoveryCodes: string[] }>('/me/totp/confirm', {
        code: code.trim(),
      });
      onCodes(recoveryCodes);
    } catch (refused) {
      setError(refused);
      setCode('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <Typography>{t('entry.scan')}</Typography>
        <Box
          component="img"
          src={made.qr}
          alt={t('entry.qr')}
          sx={{ width: 200, height: 200, justifySelf: 'center', bgcolor: '#fff', p: 1, borderRadius: 1 }}
        />
        <CopyField label="entry.secret" value={made.secret} />
        <TextField
          required
          label={t('entry.first_code')}
          value={code}
          onChange={({ target }) => setCode(target.value)}
          slotProps={{ htmlInput: { inputMode: 'numeric', autoComplete: 'one-time-code', maxLength: 10 } }}
        />
        {error === null ? null : <Alert severity="error">{say(error)}</Alert>}
        <Button type="submit" variant="contained" disabled={busy}>
          {t('entry.confirm')}
        </Button>
      </Stack>
    </form>
  );
}

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** They are never shown again: one goes on when one says that they are kept. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const t = useT();
  const [kept, setKept] = useState(false);
  const text = codes.join('\n');
  return (
    <Stack>
      <Alert severity="warning">{t('entry.recovery_text')}</Alert>
      <Box
        component="ul"
        aria-label={t('entry.recovery')}
        sx={{
          m: 0,
          p: 1.5,
          listStyle: 'none',
          display: 'grid',
          gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' },
          fontFamily: 'ui-monospace, Menlo, Consolas, monospace',
          border: 1,
          borderColor: 'divider',
          borderRadius: 1,
        }}
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </Box>
      <CopyField label="entry.recovery_all" value={codes.join(' ')} />
      <Button
        variant="outlined"
        component="a"
        href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        download="croupier-recovery-codes.txt"
      >
        {t('entry.download')}
      </Button>
      <FormControlLabel
        label={t('entry.kept')}
        control={<Checkbox checked={kept} onChange={(_event, on) => setKept(on)} />}
      />
      <Button variant="contained" disabled={!kept} onClick={onKept}>
        {t('entry.go_on')}
      </Button>
    </Stack>
  );
}
