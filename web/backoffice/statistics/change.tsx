/** How a figure differs from the one before: by how much, and by how many percent. */
import Box from '@mui/material/Box';
import { formatMinor, formatNumber } from '../kit/amount.ts';
import { useLanguage } from '../language.tsx';

interface ChangeProps {
  readonly now: string | number;
  readonly before: string | number;
  /** Amounts in minor units of it. */
  readonly currency?: string;
}

/** `+₩1,200 (+12.5 %)`; percent of nothing are none. */
export function Change({ now, before, currency }: ChangeProps) {
  const { locale } = useLanguage();
  const [from, to] = [BigInt(before), BigInt(now)];
  const difference = to - from;
  const sign = difference > 0n ? '+' : '';
  const said =
    currency === undefined ? formatNumber(difference, locale) : formatMinor(difference, currency, locale);
  const size = from < 0n ? -from : from;
  const percent = size === 0n ? null : Number((difference * 1000n) / size) / 10;
  return (
    <Box
      component="span"
      sx={{
        whiteSpace: 'nowrap',
        fontVariantNumeric: 'tabular-nums',
        color: difference < 0n ? 'error.main' : difference > 0n ? 'success.main' : 'text.secondary',
      }}
    >
      {sign}
      {said}
      {percent === null ? '' : ` (${sign}${formatNumber(percent, locale)} %)`}
    </Box>
  );
}
