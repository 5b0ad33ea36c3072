/** The fields of a dialog that does something. */
import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import { type Choice, ChoiceInput, MoneyInput } from './fields.tsx';
import { InstantInput } from './instant-range.tsx';
import { AgentPicker, PlayerPicker } from './pickers.tsx';
import { useT } from './text.ts';

/** Values are texts: '' = none, a flag is 'true', money is minor units, an instant is ISO. */
export type ActValues = Readonly<Record<string, string>>;

export interface ActField {
  readonly key: string;
  /** Key of its label; there is one of its own for `reason` and `code`. */
  readonly label?: string;
  /** Key of a text below it. */
  readonly help?: string;
  readonly type:
    | 'text'
    | 'lines'
    | 'reason'
    | 'code'
    | 'password'
    | 'number'
    | 'money'
    | 'choice'
    | 'flag'
    | 'instant'
    | 'agent'
    | 'player';
  readonly required?: boolean;
  readonly initial?: string;
  /** Of an amount. */
  readonly currency?: string;
  readonly choices?: readonly Choice[];
}

interface ActFormProps {
  readonly fields: readonly ActField[];
  readonly values: ActValues;
  /** What the hub found wrong, by field. */
  readonly wrong: ActValues;
  readonly onChange: (values: ActValues) => void;
}

export function ActForm({ fields, values, wrong, onChange }: ActFormProps) {
  return (
    <Box sx={{ display: 'grid', gap: 1.5, pt: 1.5 }}>
      {fields.map((field, index) => (
        <ActInput
          key={field.key}
          field={field}
          first={index === 0}
          value={values[field.key] ?? ''}
          error={wrong[field.key]}
          onChange={(value) => onChange({ ...values, [field.key]: value })}
        />
      ))}
    </Box>
  );
}

export function firstValues(fields: readonly ActField[]): ActValues {
  return Object.fromEntries(fields.map(({ key, initial = '' }) => [key, initial]));
}

/** Of those that say by themselves what they are. */
const LABELS: Partial<Record<ActField['type'], string>> = {
  reason: 'kit.reason',
  agent: 'kit.agent',
  player: 'kit.player',
};

interface ActInputProps {
  readonly field: ActField;
  readonly first: boolean;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function ActInput({ field, first, value, error, onChange }: ActInputProps) {
  const t = useT();
  const { type, choices = [], currency = '', help } = field;
  const required = field.required ?? (type === 'reason' || type === 'code');
  const label = t(field.label ?? LABELS[type] ?? `kit.types.${type}`);
  const common = { label, value, error, required, onChange };
  switch (type) {
    case 'money':
      return <MoneyInput {...common} currency={currency} autoFocus={first} />;
    case 'choice':
      return <ChoiceInput {...common} choices={choices} {...(required ? {} : { none: 'kit.none' })} />;
    case 'instant':
      return <InstantInput {...common} />;
    case 'agent':
      return <AgentPicker {...common} />;
    case 'player':
      return <PlayerPicker {...common} />;
    case 'flag':
      return (
        <FormControlLabel
          label={label}
          control={
            <Checkbox checked={value === 'true'} onChange={(_event, on) => onChange(on ? 'true' : '')} />
          }
        />
      );
    default:
      return (
        <TextField
          label={label}
          value={value}
          required={required}
          error={error !== undefined}
          helperText={error ?? (help === undefined ? undefined : t(help))}
          autoFocus={first}
          onChange={({ target }) => onChange(target.value)}
          {...lookOf(type)}
        />
      );
  }
}

function lookOf(type: ActField['type']) {
  switch (type) {
    case 'lines':
      return { multiline: true, minRows: 3, maxRows: 12 };
    case 'reason':
      return { multiline: true, maxRows: 6, slotProps: { htmlInput: { maxLength: 500 } } };
    case 'code':
      return {
        slotProps: {
          htmlInput: { inputMode: 'numeric' as const, autoComplete: 'one-time-code', maxLength: 20 },
        },
      };
    case 'password':
      return { type: 'password', slotProps: { htmlInput: { autoComplete: 'off', maxLength: 128 } } };
    case 'number':
      return { slotProps: { htmlInput: { inputMode: 'decimal' as const } } };
    default:
      return { slotProps: { htmlInput: { autoComplete: 'off' } } };
  }
}
