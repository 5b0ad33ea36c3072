/** Values of the rain book as they are shown everywhere: states, sides, odds, times of a station. */
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import type { RainBetRow, RainSessionRow } from '../../../src/backoffice/rain-wire.ts';
import { formatNumber } from '../kit/amount.ts';
import { wallOf } from '../kit/clock.ts';
import { useT } from '../kit/text.ts';
import { Status, type Tone } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';

const STATUS_TONES: Readonly<Record<RainSessionRow['status'], Tone>> = {
  READY: 'idle',
  OPEN: 'good',
  SUSPEND: 'warn',
  CLOSE: 'info',
  UNSETTLED: 'warn',
  SETTLED: 'idle',
  VOID: 'bad',
};
export function SessionStatus({ status }: Pick<RainSessionRow, 'status'>) {
  return <Status tone={STATUS_TONES[status]} label={`rain.statuses.${status}`} />;
}

const MARKET_TONES = { OPEN: 'good', SUSPEND: 'warn', CLOSE: 'idle' } as const;
export function MarketStatus({ market }: Pick<RainSessionRow, 'market'>) {
  return <Status tone={MARKET_TONES[market]} label={`rain.markets.${market}`} />;
}

const BET_TONES: Readonly<Record<RainBetRow['status'], Tone>> = {
  TEMP: 'info',
  ACTIVE: 'good',
  FAILED: 'bad',
  CHECK: 'warn',
  SETTLED: 'idle',
  VOID: 'idle',
};
export function BetState({ status }: Pick<RainBetRow, 'status'>) {
  return <Status tone={BET_TONES[status]} label={`rain.bet_states.${status}`} />;
}

/** With its sign, so that it need not be read by its colour. */
export function Side({ type }: { readonly type: 'RAIN' | 'NO_RAIN' }) {
  const t = useT();
  return (
    <span>
      <span aria-hidden>{type === 'RAIN' ? '☂ ' : '☀ '}</span>
      {t(`rain.sides.${type}`)}
    </span>
  );
}

const RESULT_SIGNS = { NOT_AVAILABLE: '', RAIN: '☂ ', NO_RAIN: '☀ ', VOID: '✕ ' } as const;
export function Result({ result, version }: Pick<RainSessionRow, 'result' | 'version'>) {
  const t = useT();
  return (
    <span>
      <span aria-hidden>{RESULT_SIGNS[result]}</span>
      {t(`rain.results.${result}`)}
      {version > 1 ? ` · ${t('rain.correction', { n: version - 1 })}` : ''}
    </span>
  );
}

export function Odds({ value }: { readonly value: number | null }) {
  const { locale } = useLanguage();
  if (value === null) return '–';
  const decimals = Math.round(value * 1000) % 10 === 0 ? 2 : 3;
  const text = new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
  return (
    <Box component="span" sx={{ fontVariantNumeric: 'tabular-nums' }}>
      {text}
    </Box>
  );
}

/** `CPS · 2026-11-21 · Day · USD`. */
export function useSessionName() {
  const t = useT();
  return ({
    site,
    gameDate,
    type,
    currency,
  }: Pick<RainSessionRow, 'site' | 'gameDate' | 'type' | 'currency'>) =>
    `${site} · ${gameDate} · ${t(`rain.types.${type}`)} · ${currency}`;
}

/** The clock of a place, without its seconds: `06:00`, or with the day. */
export function wallShort(at: string, timeZone: string, what: 'time' | 'day and time'): string {
  const wall = wallOf(at, timeZone) ?? at;
  return what === 'time' ? wall.slice(11, 16) : wall.slice(0, 16).replace('T', ' ');
}

/** How much of its limit the book may still lose: a bar, and the same in figures. */
export function LimitUsed({ percent }: { readonly percent: number }) {
  const t = useT();
  const { locale } = useLanguage();
  const text = t('rain.limit_used', { percent: formatNumber(percent, locale) });
  const color = percent >= 90 ? 'error' : percent >= 60 ? 'warning' : 'primary';
  return (
    <Box sx={{ minWidth: 90 }}>
      <LinearProgress
        variant="determinate"
        value={Math.min(100, percent)}
        color={color}
        aria-label={text}
        sx={{ height: 6, borderRadius: 3 }}
      />
      <Box component="span" sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>
        {text}
      </Box>
    </Box>
  );
}
