/** A round of baccarat: both hands as cards, the outcome, and what everybody at the table bet and got. */
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { Facts } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Count, Status } from '../kit/values.tsx';
import { type Baccarat, type BaccaratBet, type Hand, isPush } from './detail.ts';

const SUITS = { S: '♠', H: '♥', D: '♦', C: '♣' } as const;
const CODES = [
  'BAC_Player',
  'BAC_Banker',
  'BAC_Tie',
  'BAC_PlayerPair',
  'BAC_BankerPair',
  'BAC_PlayerBonus',
  'BAC_BankerBonus',
  'BAC_PerfectPair',
];
const OUTCOMES = ['Player', 'Banker', 'Tie'];

export function BaccaratShown({ of }: { readonly of: Baccarat }) {
  const t = useT();
  const { player, banker, outcome, table, dealer, participants } = of;
  const said = OUTCOMES.includes(outcome) ? t(`bets.outcomes.${outcome}`) : outcome;
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3 }}>
        <HandShown hand={player} name={t('bets.outcomes.Player')} wins={outcome === 'Player'} />
        <HandShown hand={banker} name={t('bets.outcomes.Banker')} wins={outcome === 'Banker'} />
      </Box>
      <Facts
        facts={[
          { label: 'bets.outcome', value: <strong>{said}</strong> },
          { label: 'bets.table', value: table ?? '–' },
          { label: 'bets.dealer', value: dealer ?? '–' },
        ]}
      />
      {participants.length === 0 ? null : <Bets of={of} />}
    </Box>
  );
}

interface HandProps {
  readonly hand: Hand;
  readonly name: string;
  readonly wins: boolean;
}

function HandShown({ hand: { cards, score }, name, wins }: HandProps) {
  const t = useT();
  return (
    <Box
      role="group"
      aria-label={name}
      sx={{ p: 1.5, border: wins ? 2 : 1, borderColor: wins ? 'success.main' : 'divider', borderRadius: 1 }}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'baseline', mb: 1 }}>
        <Typography component="h3" variant="h2">
          {name}
        </Typography>
        <span>{t('bets.score', { score })}</span>
        {wins ? <Status tone="good" label="bets.won" /> : null}
      </Box>
      <Box sx={{ display: 'flex', gap: 0.75 }}>
        {cards.map((card, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cards lie where they were dealt
          <Card key={index} card={card} />
        ))}
      </Box>
    </Box>
  );
}

function Card({ card }: { readonly card: string }) {
  const t = useT();
  const suit = card.slice(-1) as keyof typeof SUITS;
  const rank = card.slice(0, -1).replace('T', '10');
  const red = suit === 'H' || suit === 'D';
  return (
    <Box
      role="img"
      aria-label={t(`bets.suits.${suit}`, { rank })}
      sx={{
        width: 42,
        height: 58,
        borderRadius: 1,
        border: '1px solid #9aa3ad',
        bgcolor: '#fff',
        color: red ? '#b3202a' : '#14181d',
        display: 'grid',
        placeItems: 'center',
        fontWeight: 700,
        fontSize: 16,
        lineHeight: 1.1,
        textAlign: 'center',
      }}
    >
      <span aria-hidden>
        {rank}
        <br />
        {SUITS[suit]}
      </span>
    </Box>
  );
}

function Bets({ of }: { readonly of: Baccarat }) {
  const t = useT();
  return (
    <Box role="region" aria-label={t('bets.at_table')} tabIndex={0} sx={{ overflowX: 'auto' }}>
      <Table>
        <TableHead>
          <TableRow>
            <TableCell>{t('bets.participant')}</TableCell>
            <TableCell>{t('bets.bet_on')}</TableCell>
            <TableCell align="right">{t('bets.stake')}</TableCell>
            <TableCell align="right">{t('bets.payout')}</TableCell>
            <TableCell>{t('bets.came')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {of.participants.flatMap(({ name, bets }, who) =>
            bets.map((bet, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the table is over, its bets don't move
              <TableRow key={`${who} ${index}`}>
                <TableCell>{name}</TableCell>
                <TableCell>{CODES.includes(bet.code) ? t(`bets.codes.${bet.code}`) : bet.code}</TableCell>
                <TableCell align="right">
                  <Count value={bet.stake} />
                </TableCell>
                <TableCell align="right">
                  <Count value={bet.payout} />
                </TableCell>
                <TableCell>{t(`bets.ends.${endOf(of, bet)}`)}</TableCell>
              </TableRow>
            )),
          )}
        </TableBody>
      </Table>
    </Box>
  );
}

function endOf(of: Baccarat, bet: BaccaratBet): 'push' | 'won' | 'lost' {
  if (isPush(of, bet)) return 'push';
  return bet.payout > 0 ? 'won' : 'lost';
}
