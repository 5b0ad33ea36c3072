/** Inputs of the trade: an amount, a span of time, an agent, a player. */
import TextField from '@mui/material/TextField';
import { type ReactNode, useState } from 'react';
import { readMinor, typedMinor } from './amount.ts';
import { useT } from './text.ts';

interface FieldProps {
  /** As it is to be read. */
  readonly label: string;
  readonly error?: string | undefined;
  readonly required?: boolean | undefined;
  readonly autoFocus?: boolean | undefined;
}

interface MoneyInputProps extends FieldProps {
  readonly currency: string;
  /** Minor units; '' = nothing or no amount yet. */
  readonly value: string;
  readonly onChange: (minor: string) => void;
}

/** What is typed is read strictly: anything but an amount of the currency above zero is '' and is said. */
export function MoneyInput({ label, currency, value, onChange, error, ...rest }: MoneyInputProps) {
  const t = useT();
  const [typed, setTyped] = useState(() => typedMinor(value, currency));
  const wrong = typed.trim() !== '' && readMinor(typed, currency) === null;
  return (
    <TextField
      {...rest}
      label={`${label} (${currency})`}
      value={typed}
      error={wrong || error !== undefined}
      helperText={wrong ? t('kit.no_amount', { currency }) : error}
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(readMinor(target.value, currency) ?? '');
      }}
      slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off' } }}
    />
  );
}

export interface Choice {
  readonly value: string;
  /** Key of its text, or the text itself if `plain`. */
  readonly label: string;
  readonly plain?: boolean;
}

interface ChoiceInputProps extends FieldProps {
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  /** Key of the text for none; absent: one must be chosen. */
  readonly none?: string;
  readonly children?: ReactNode;
}

/** One of a few, by the system's own list: quick by keyboard, large on a phone. */
export function ChoiceInput({ label, value, choices, onChange, none, error, ...rest }: ChoiceInputProps) {
  const t = useT();
  return (
    <TextField
      {...rest}
      select
      label={label}
      value={value}
      error={error !== undefined}
      helperText={error}
      onChange={({ target }) => onChange(target.value)}
      slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
      sx={{ minWidth: 130 }}
    >
      {none === undefined ? null : <option value="">{t(none)}</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.plain ? choice.label : t(choice.label)}
        </option>
      ))}
    </TextField>
  );
}
