/** Single values as they are shown everywhere: amounts, counts, instants, states. */
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import { useLanguage } from '../language.tsx';
import { useMe } from '../session.tsx';
import { formatMinor, formatNumber } from './amount.ts';
import { formatInstant } from './clock.ts';
import { useT } from './text.ts';

const FIGURES = { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const;
const NONE = '–';

interface MoneyProps {
  /** Minor units; null: none. */
  readonly minor: string | bigint | null | undefined;
  readonly currency: string;
  /** Above zero is green: for results, not for balances. */
  readonly result?: boolean;
}

/** `₩1,234`; below zero is red and has its sign. */
export function Money({ minor, currency, result = false }: MoneyProps) {
  const { locale } = useLanguage();
  if (minor === null || minor === undefined) return NONE;
  const text = String(minor);
  const color = text.startsWith('-')
    ? 'error.main'
    : result && /[1-9]/.test(text)
      ? 'success.main'
      : 'inherit';
  return (
    <Box component="span" sx={{ ...FIGURES, color }}>
      {formatMinor(text, currency, locale)}
    </Box>
  );
}

interface CountProps {
  readonly value: number | string | null | undefined;
  /** It was not counted to the end: `100,000+`. */
  readonly more?: boolean | undefined;
}

export function Count({ value, more = false }: CountProps) {
  const { locale } = useLanguage();
  if (value === null || value === undefined) return NONE;
  return (
    <Box component="span" sx={FIGURES}>
      {formatNumber(value, locale)}
      {more ? '+' : ''}
    </Box>
  );
}

/** In the person's own time zone; UTC on hovering. */
export function Instant({ at }: { readonly at: string | null | undefined }) {
  const { timeZone } = useMe();
  if (at === null || at === undefined) return NONE;
  return (
    <Box component="time" dateTime={at} title={`${formatInstant(at, 'UTC')} UTC`} sx={FIGURES}>
      {formatInstant(at, timeZone)}
    </Box>
  );
}

export function Flag({ value }: { readonly value: boolean | null | undefined }) {
  const t = useT();
  if (value === null || value === undefined) return NONE;
  return t(value ? 'kit.yes' : 'kit.no');
}

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'idle';
const COLORS = { good: 'success', bad: 'error', warn: 'warning', info: 'info', idle: 'default' } as const;

/** A state: `<Status tone="good" label="players.states.active" />`. The label says it, the colour only helps. */
export function Status({ tone, label }: { readonly tone: Tone; readonly label: string }) {
  const t = useT();
  return <Chip variant="outlined" color={COLORS[tone]} label={t(label)} />;
}
