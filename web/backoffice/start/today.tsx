/** Today's figures by currency, beside yesterday's until the same full hour. */
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { Facts, Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant, Money } from '../kit/values.tsx';

interface Figures {
  readonly bets: number;
  readonly betSum: string;
  readonly ggr: string;
  readonly players: number;
}

interface Answer {
  readonly asOf?: string | null;
  readonly currencies: readonly {
    readonly currency: string;
    readonly today: Figures;
    readonly yesterday: Figures | null;
  }[];
}

export function Today() {
  const t = useT();
  const { data, error, refetch } = useApi<Answer>('/statistics/today');
  if (error !== null && error.status === 404) return null;
  if (error !== null) return <Trouble error={error} again={refetch} />;
  if (data === undefined) return null;
  return (
    <Section title="start.today">
      {data.currencies.length === 0 ? t('start.nothing_today') : null}
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        {data.currencies.map(({ currency, today, yesterday }) => (
          <Paper key={currency} variant="outlined" sx={{ p: 1.5 }}>
            <Typography variant="h3">{currency}</Typography>
            <Facts
              facts={[
                { label: 'start.bets', value: <Count value={today.bets} /> },
                { label: 'start.stakes', value: <Money minor={today.betSum} currency={currency} /> },
                { label: 'start.ggr', value: <Money minor={today.ggr} currency={currency} result /> },
                { label: 'start.players', value: <Count value={today.players} /> },
                ...(yesterday === null
                  ? []
                  : [
                      {
                        label: 'start.ggr_yesterday',
                        value: <Money minor={yesterday.ggr} currency={currency} result />,
                      },
                      { label: 'start.bets_yesterday', value: <Count value={yesterday.bets} /> },
                    ]),
              ]}
            />
          </Paper>
        ))}
      </Box>
      {data.asOf === undefined || data.asOf === null ? null : (
        <Typography variant="body2" sx={{ color: 'text.secondary', mt: 1 }}>
          {t('start.as_of')} <Instant at={data.asOf} />
        </Typography>
      )}
    </Section>
  );
}
