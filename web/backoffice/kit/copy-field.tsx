/** A text to be taken along: a link, a key. It can be selected and copied by one press. */
import Button from '@mui/material/Button';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import { useNotify } from 'ra-core';
import { useT } from './text.ts';

interface CopyFieldProps {
  /** Key of what it is. */
  readonly label: string;
  readonly value: string;
  readonly multiline?: boolean;
}

export function CopyField({ label, value, multiline = false }: CopyFieldProps) {
  const t = useT();
  const notify = useNotify();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      notify(t('kit.copied'), { type: 'success' });
    } catch {
      notify(t('kit.not_copied'), { type: 'warning' });
    }
  };
  const button = (
    <InputAdornment position="end">
      <Button onClick={() => void copy()} aria-label={`${t('kit.copy')}: ${t(label)}`}>
        {t('kit.copy')}
      </Button>
    </InputAdornment>
  );
  return (
    <TextField
      fullWidth
      label={t(label)}
      value={value}
      multiline={multiline}
      onFocus={({ target }) => target.select()}
      slotProps={{ input: { readOnly: true, endAdornment: button }, htmlInput: { spellCheck: false } }}
    />
  );
}
