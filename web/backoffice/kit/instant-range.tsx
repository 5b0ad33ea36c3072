/** From when until when, in the person's time zone, with the spans people ask for by name. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useMe } from '../session.tsx';
import { instantAt, SPANS, spanOf, wallOf } from './clock.ts';
import { useT } from './text.ts';

interface InstantRangeProps {
  /** ISO; '' = open. */
  readonly from: string;
  readonly to: string;
  readonly onChange: (range: { readonly from: string; readonly to: string }) => void;
}

export function InstantRange({ from, to, onChange }: InstantRangeProps) {
  const t = useT();
  const { timeZone } = useMe();
  const inputs = [
    { key: 'from', label: 'kit.from', value: from, set: (next: string) => onChange({ from: next, to }) },
    { key: 'to', label: 'kit.to', value: to, set: (next: string) => onChange({ from, to: next }) },
  ];
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
      {inputs.map(({ key, label, value, set }) => (
        <InstantInput key={key} label={t(label)} value={value} onChange={set} />
      ))}
      <Box role="group" aria-label={t('kit.spans')} sx={{ display: 'flex', flexWrap: 'wrap' }}>
        {SPANS.map((name) => (
          <Button
            key={name}
            onClick={() => {
              const span = spanOf(name, timeZone, Date.now());
              onChange({ from: span.from, to: span.to ?? '' });
            }}
            sx={{ minWidth: 0, px: 1 }}
          >
            {t(`kit.span.${name}`)}
          </Button>
        ))}
      </Box>
    </Box>
  );
}

interface InstantInputProps {
  readonly label: string;
  /** ISO; '' = none. */
  readonly value: string;
  readonly onChange: (instant: string) => void;
}

/** The system's own input for a date and a time, read in the person's time zone. */
export function InstantInput({ label, value, onChange }: InstantInputProps) {
  const { timeZone } = useMe();
  return (
    <TextField
      type="datetime-local"
      label={`${label} (${timeZone})`}
      value={value === '' ? '' : (wallOf(value, timeZone)?.slice(0, 16) ?? '')}
      onChange={({ target }) =>
        onChange(target.value === '' ? '' : (instantAt(target.value, timeZone) ?? value))
      }
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { max: '9999-12-31T23:59' } }}
      sx={{ width: 220 }}
    />
  );
}
