/** A round of a slot, spin by spin: the window as it was seen, what won in it, and what it was multiplied by. */
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Facts } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Money } from '../kit/values.tsx';
import { isOnLine, type Slot, type SlotStep } from './detail.ts';

const KINDS = ['spin', 'respin', 'free'];

export function SlotShown({ of, currency }: { readonly of: Slot; readonly currency: string }) {
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Facts
        facts={[
          { label: 'bets.stake', value: <Money minor={of.staked} currency={currency} /> },
          { label: 'bets.payout', value: <Money minor={of.won} currency={currency} /> },
        ]}
      />
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 340px), 1fr))',
        }}
      >
        {of.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: spins are known by their order
          <Step key={index} step={step} number={index + 1} currency={currency} />
        ))}
      </Box>
    </Box>
  );
}

interface StepProps {
  readonly step: SlotStep;
  readonly number: number;
  readonly currency: string;
}

function Step({ step, number, currency }: StepProps) {
  const t = useT();
  const { kind, reel, cost, multiplier, scatters, scatterWin, lines, win } = step;
  const name = KINDS.includes(kind) ? t(`bets.spins.${kind}`, { number }) : `${number}. ${kind}`;
  const money = (minor: string) => <Money minor={minor} currency={currency} />;
  return (
    <Box component="section" aria-label={name} sx={{ minWidth: 0 }}>
      <Typography component="h3" variant="h2" sx={{ mb: 0.75 }}>
        {name}
        {reel === null ? '' : ` · ${t('bets.reel', { reel })}`}
      </Typography>
      <Window step={step} />
      <Box component="ul" sx={{ pl: 2.5, my: 0.75 }}>
        {cost === null ? null : (
          <li>
            {t('bets.cost')} {money(cost)}
          </li>
        )}
        {lines.map(({ line, length, win: won }) => (
          <li key={`${line} ${length}`}>
            {t('bets.line', { line, length })} {money(won)}
          </li>
        ))}
        {scatters === 0 ? null : (
          <li>
            {t('bets.scatters', { smart_count: scatters })} {scatterWin === '0' ? null : money(scatterWin)}
          </li>
        )}
        {multiplier === 1 ? null : <li>{t('bets.multiplied', { multiplier })}</li>}
        <li>
          <strong>
            {t('bets.spin_won')} {money(win)}
          </strong>
        </li>
      </Box>
    </Box>
  );
}

function Window({ step }: { readonly step: SlotStep }) {
  const t = useT();
  return (
    <Box
      component="table"
      aria-label={t('bets.window')}
      sx={{ borderSpacing: '4px', width: '100%', tableLayout: 'fixed' }}
    >
      <tbody>
        {step.window.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
          <tr key={at}>
            {row.map((symbol, reel) => {
              const wins = isOnLine(step, at, reel);
              return (
                <Box
                  component="td"
                  // biome-ignore lint/suspicious/noArrayIndexKey: reels are known by their place
                  key={reel}
                  sx={{
                    p: 0.5,
                    textAlign: 'center',
                    fontSize: 12,
                    lineHeight: 1.2,
                    overflowWrap: 'anywhere',
                    border: wins ? 2 : 1,
                    borderColor: wins ? 'success.main' : 'divider',
                    fontWeight: wins ? 700 : 400,
                    borderRadius: 1,
                    height: 40,
                  }}
                >
                  {symbol}
                </Box>
              );
            })}
          </tr>
        ))}
      </tbody>
    </Box>
  );
}
