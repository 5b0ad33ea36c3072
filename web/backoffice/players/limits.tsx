/** Every limit that can bind a user, from the top of the tree, and which of them decides: in all games, or in one. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { useState } from 'react';
import { GameChoice } from '../bets/games.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Money, Status } from '../kit/values.tsx';

interface LimitRow {
  readonly agent: number | null;
  readonly agentName: string | null;
  readonly vendor: string | null;
  readonly game: string | null;
  readonly own: boolean;
  readonly maxBet: string | null;
  readonly maxWin: string | null;
  readonly fits: boolean;
  readonly bindsBet: boolean;
  readonly bindsWin: boolean;
}

interface Limits {
  readonly currency: string;
  readonly maxBet: string | null;
  readonly maxWin: string | null;
  readonly rows: readonly LimitRow[];
}

export function PlayerLimits({ id }: { readonly id: number }) {
  const t = useT();
  const [game, setGame] = useState('');
  const reading = useApi<Limits>(
    `/players/${id}/limits`,
    { game: game === '' ? undefined : game },
    { keep: true },
  );
  return (
    <Section title="players.tabs.limits">
      <Alert severity="info" sx={{ mb: 1.5 }}>
        {t('players.limits_text')}
      </Alert>
      <Box sx={{ mb: 1.5 }}>
        <GameChoice value={game} onChange={setGame} none="players.every_game" />
      </Box>
      <Read of={reading}>
        {({ rows, currency, maxBet, maxWin }) => (
          <>
            <Facts
              facts={[
                { label: 'players.max_bet', value: <Limit minor={maxBet} currency={currency} /> },
                { label: 'players.max_win', value: <Limit minor={maxWin} currency={currency} /> },
              ]}
            />
            {rows.length === 0 ? (
              <Nothing text="players.no_limits" />
            ) : (
              <Rows rows={rows} currency={currency} />
            )}
          </>
        )}
      </Read>
    </Section>
  );
}

function Limit({ minor, currency }: { readonly minor: string | null; readonly currency: string }) {
  const t = useT();
  return minor === null ? t('players.none_set') : <Money minor={minor} currency={currency} />;
}

function Rows({ rows, currency }: { readonly rows: readonly LimitRow[]; readonly currency: string }) {
  const t = useT();
  return (
    <Box role="region" aria-label={t('players.tabs.limits')} tabIndex={0} sx={{ overflowX: 'auto' }}>
      <Table>
        <TableHead>
          <TableRow>
            {['set_by', 'holds_for', 'max_bet', 'max_win', 'decides'].map((key) => (
              <TableCell key={key}>{t(`players.${key}`)}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own, and don't move
            <TableRow key={index} sx={row.fits ? {} : { '& td': { color: 'text.secondary' } }}>
              <TableCell>{row.agentName ?? t('players.by_upline')}</TableCell>
              <TableCell>{placeOf(row, t)}</TableCell>
              <TableCell>
                <Money minor={row.maxBet} currency={currency} />
              </TableCell>
              <TableCell>
                <Money minor={row.maxWin} currency={currency} />
              </TableCell>
              <TableCell>
                {row.bindsBet ? <Status tone="info" label="players.binds_bet" /> : null}{' '}
                {row.bindsWin ? <Status tone="info" label="players.binds_win" /> : null}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

function placeOf({ vendor, game, own }: LimitRow, t: (key: string) => string): string {
  const where = [vendor, game].filter((each) => each !== null).join(' · ');
  const who = t(own ? 'players.this_user' : 'players.all_users');
  return `${who}, ${where === '' ? t('players.every_game') : where}`;
}
