/** Figures as a table: a row for each day, vendor, game or agent, what they come to at its foot. A name leads one level down. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableFooter from '@mui/material/TableFooter';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { ReactNode } from 'react';
import { Link as To, useSearchParams } from 'react-router';
import { formatNumber } from '../kit/amount.ts';
import { useT } from '../kit/text.ts';
import { Count, Money } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';
import { Change } from './change.tsx';
import {
  type Answer,
  type Asked,
  type Beside,
  type Figures,
  figuresOf,
  nameOf,
  type Row,
  stepInto,
} from './wire.ts';

interface Column {
  readonly key: string;
  readonly label: string;
  readonly cell: (figures: Figures, given: { readonly currency: string; readonly of: Beside }) => ReactNode;
}

const money = (key: 'betSum' | 'winSum' | 'cancelSum' | 'other', label: string): Column => ({
  key,
  label,
  cell: (figures, { currency }) => <Money minor={figures[key]} currency={currency} />,
});
const count = (key: 'bets' | 'rounds' | 'players', label: string): Column => ({
  key,
  label,
  cell: (figures) => <Count value={figures[key]} />,
});

const COLUMNS: readonly Column[] = [
  {
    key: 'ggr',
    label: 'statistics.ggr',
    cell: (figures, { currency }) => <Money minor={figures.ggr} currency={currency} result />,
  },
  { key: 'hold', label: 'statistics.hold', cell: (figures) => <Percent value={figures.hold} /> },
  money('betSum', 'statistics.bet_sum'),
  money('winSum', 'statistics.win_sum'),
  money('cancelSum', 'statistics.cancel_sum'),
  money('other', 'statistics.other'),
  count('bets', 'statistics.bets'),
  count('rounds', 'statistics.rounds'),
  count('players', 'statistics.players'),
];
const SHARE: Column = {
  key: 'share',
  label: 'statistics.share',
  cell: (_figures, { of, currency }) => <Money minor={of.share} currency={currency} result />,
};
/** What is told beside the figures before. */
const COMPARED = ['betSum', 'ggr', 'players'] as const;

export function Percent({ value }: { readonly value: string | null }) {
  const { locale } = useLanguage();
  if (value === null) return '–';
  return <span style={{ whiteSpace: 'nowrap' }}>{`${formatNumber(value, locale)} %`}</span>;
}

export function FiguresTable({ answer, asked }: { readonly answer: Answer; readonly asked: Asked }) {
  const t = useT();
  const hasShare = asked.by === 'agent' || asked.by === 'vendor';
  const columns = hasShare ? [...COLUMNS, SHARE] : COLUMNS;
  const currencies = new Set(answer.rows.map(({ currency }) => currency)).size;
  const isCompared = answer.compared !== null;
  return (
    <Box role="region" aria-label={t('statistics.rows')} tabIndex={0} sx={FRAME}>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>{t(`statistics.bys.${asked.by}`)}</TableCell>
            {currencies > 1 ? <TableCell>{t('statistics.currency')}</TableCell> : null}
            {columns.map(({ key, label }) => (
              <TableCell key={key} align="right">
                {t(label)}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {answer.rows.map((row) => (
            <TableRow key={`${row.key} ${row.currency}`} hover>
              <TableCell component="th" scope="row" sx={{ fontWeight: 400, ...indentOf(row) }}>
                <Step row={row} asked={asked} />
              </TableCell>
              {currencies > 1 ? <TableCell>{row.currency}</TableCell> : null}
              <Cells
                columns={columns}
                of={figuresOf(row, asked)}
                currency={row.currency}
                isCompared={isCompared}
              />
            </TableRow>
          ))}
        </TableBody>
        <TableFooter>
          {answer.totals.map((total) => (
            <TableRow key={total.currency}>
              <TableCell component="th" scope="row">
                {t('statistics.totals')}
              </TableCell>
              {currencies > 1 ? <TableCell>{total.currency}</TableCell> : null}
              <Cells columns={columns} of={total} currency={total.currency} isCompared={isCompared} />
            </TableRow>
          ))}
        </TableFooter>
      </Table>
    </Box>
  );
}

const FRAME = {
  overflowX: 'auto',
  border: 1,
  borderColor: 'divider',
  borderRadius: 1,
  bgcolor: 'background.paper',
  '& th, & td': { fontSize: '0.8125rem', verticalAlign: 'top' },
  '& thead th': { verticalAlign: 'bottom', whiteSpace: 'normal', minWidth: 72, maxWidth: 130 },
  '& tfoot th, & tfoot td': { fontWeight: 650, color: 'text.primary', borderBottom: 0 },
  '& th:first-of-type': {
    position: 'sticky',
    left: 0,
    zIndex: 1,
    bgcolor: 'background.paper',
    boxShadow: '1px 0 0 var(--mui-palette-divider)',
    maxWidth: { xs: 150, sm: 280 },
    overflowWrap: 'anywhere',
  },
} as const;

/** Agents are a tree. */
const indentOf = ({ path }: Row) =>
  path === null || path.length < 2 ? {} : { pl: 1.25 + Math.min(6, path.length - 1) * 1.5 };

interface CellsProps {
  readonly columns: readonly Column[];
  readonly of: Beside;
  readonly currency: string;
  readonly isCompared: boolean;
}

function Cells({ columns, of, currency, isCompared }: CellsProps) {
  const { now, before } = of;
  return columns.map(({ key, cell }) => {
    const compared = isCompared && before !== null ? COMPARED.find((each) => each === key) : undefined;
    return (
      <TableCell key={key} align="right">
        {cell(now, { currency, of })}
        {compared === undefined || before === null ? null : (
          <Box sx={{ fontSize: '0.75rem' }}>
            <Change
              now={now[compared]}
              before={before[compared]}
              {...(compared === 'players' ? {} : { currency })}
            />
          </Box>
        )}
      </TableCell>
    );
  });
}

function Step({ row, asked }: { readonly row: Row; readonly asked: Asked }) {
  const [search] = useSearchParams();
  const into = stepInto(row, asked);
  const name = nameOf(row, asked.zone);
  if (into === null) return name;
  const next = new URLSearchParams(search);
  for (const [key, value] of Object.entries(into)) next.set(key, value);
  return (
    <Link component={To} to={`/statistics?${next}`}>
      {name}
    </Link>
  );
}
