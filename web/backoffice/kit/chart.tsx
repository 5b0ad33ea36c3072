/** A drawing of figures over time or by kind. The library comes only with the first one; the same figures are a table. */
import Box from '@mui/material/Box';
import { lazy, Suspense } from 'react';
import { useLanguage } from '../language.tsx';
import { formatMinor, formatNumber } from './amount.ts';
import { useT } from './text.ts';

const Drawing = lazy(() => import('./chart-drawing.tsx'));

export interface Series {
  /** As it is to be read. */
  readonly name: string;
  readonly type: 'line' | 'bar';
  /** One for each label: numbers, or minor units as text when there is a currency. Null: none. */
  readonly values: readonly (number | string | null)[];
}

export interface ChartProps {
  /** What it shows, as it is to be read. */
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** The values are amounts of it. */
  readonly currency?: string;
  readonly height?: number;
}

export function Chart(props: ChartProps) {
  const { title, labels, series, currency, height = 260 } = props;
  const t = useT();
  const { locale } = useLanguage();
  const say = (value: number | string | null | undefined) => {
    if (value === null || value === undefined) return '–';
    return currency === undefined
      ? formatNumber(value, locale)
      : formatMinor(String(value), currency, locale);
  };
  return (
    <Box component="figure" sx={{ m: 0, minWidth: 0 }}>
      <Box aria-hidden sx={{ height }}>
        <Suspense fallback={null}>
          <Drawing {...props} say={say} />
        </Suspense>
      </Box>
      <Box component="details" sx={{ fontSize: '0.75rem', mt: 0.5 }}>
        <summary>{t('kit.as_table', { title })}</summary>
        <Box sx={{ overflowX: 'auto' }}>
          <table>
            <caption>{title}</caption>
            <thead>
              <tr>
                <th scope="col">{t('kit.label')}</th>
                {series.map(({ name }) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((label, index) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {series.map(({ name, values }) => (
                    <td key={name} style={{ textAlign: 'right', paddingInline: 8 }}>
                      {say(values[index])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Box>
      </Box>
    </Box>
  );
}
