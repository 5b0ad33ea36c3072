/** Every movement of a round in plain words, each answer below what it answers. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { Link as To } from 'react-router';
import { useT } from '../kit/text.ts';
import { Instant, Money, Status } from '../kit/values.tsx';
import { whyOf } from '../statement/words.ts';
import { type ChainLink, chainOf, type RoundRowGiven } from './chain.ts';
import type { Round } from './round.tsx';

export function Chain({ of }: { readonly of: Round }) {
  return <Links links={chainOf(of.rows)} of={of} depth={0} />;
}

interface LinksProps {
  readonly links: readonly ChainLink[];
  readonly of: Round;
  readonly depth: number;
}

/** Deeper answers stand no further in: a phone is narrow. */
const DEPTH_MAX = 4;

function Links({ links, of, depth }: LinksProps) {
  if (links.length === 0) return null;
  return (
    <Box
      component="ol"
      sx={{
        listStyle: 'none',
        m: 0,
        pl: depth === 0 || depth > DEPTH_MAX ? 0 : { xs: 1.5, sm: 3 },
        borderLeft: depth === 0 ? 0 : 2,
        borderColor: 'divider',
      }}
    >
      {links.map(({ row, answers }) => (
        <li key={row.id}>
          <Row row={row} of={of} />
          <Links links={answers} of={of} depth={depth + 1} />
        </li>
      ))}
    </Box>
  );
}

function Row({ row, of }: { readonly row: RoundRowGiven; readonly of: Round }) {
  const t = useT();
  const { currency } = of;
  const { id, at, what, amount, before, after, potBefore, potAfter } = row;
  const money = (minor: string | null) => <Money minor={minor} currency={currency} />;
  return (
    <Box sx={{ py: 1, display: 'grid', gap: 0.5 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Status tone={toneOf(row)} label={`statement.types.${what}`} />
        <strong>
          <Money minor={amount} currency={currency} result />
        </strong>
        <span>
          {money(before)} → {money(after)}
        </span>
        <Box component="span" sx={{ ml: { sm: 'auto' }, color: 'text.secondary' }}>
          <Instant at={at} />
        </Box>
      </Box>
      <Typography variant="body1">
        {t(...whyOf({ ...row, wallet: of.wallet, taken: isTaken(row, of) }))}
      </Typography>
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          columnGap: 2,
          color: 'text.secondary',
          overflowWrap: 'anywhere',
        }}
      >
        <Link component={To} to={`/movements/${id}`}>
          {t('bets.transaction')} {id}
        </Link>
        {row.externalId === null ? null : <span>{t('bets.vendor_id', { id: row.externalId })}</span>}
        {row.ip === null ? null : <span>{row.ip}</span>}
        {potBefore === null ? null : (
          <span>
            {t('bets.pot')} {money(potBefore)} → {money(potAfter)}
          </span>
        )}
        {row.callback === null ? null : (
          <Link component={To} to={`/callbacks/${id}`}>
            {t(`bets.callbacks.${row.callback}`)}
          </Link>
        )}
        {row.inRound ? null : <span>{t('bets.other_round')}</span>}
      </Box>
    </Box>
  );
}

/** A bet in no bundle, that a cancel nobody asked for takes back, and that cancel: its operator's answer was lost. */
function isTaken(row: RoundRowGiven, { bundles, rows }: Round): boolean {
  const bet = row.what === 'cancel' ? row.refererId : row.id;
  return (
    (row.what === 'bet' || row.what === 'cancel') &&
    !bundles.some(({ firstId }) => firstId === bet) &&
    rows.some((each) => each.what === 'cancel' && each.refererId === bet)
  );
}

function toneOf({ what, amount }: RoundRowGiven) {
  if (what === 'cancel') return 'warn';
  if (amount.startsWith('-')) return what === 'bet' ? 'info' : 'bad';
  return amount === '0' ? 'idle' : 'good';
}
