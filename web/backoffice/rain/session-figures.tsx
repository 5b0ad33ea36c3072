/** A session's bets by state and side, and what they come to for players and at K-Rain. */
import type { SessionFigures } from '../../../src/backoffice/rain-wire.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Money } from '../kit/values.tsx';
import { Grid } from './grid.tsx';
import { BetState, Side } from './values.tsx';

export function SessionFiguresPart({ path }: { readonly path: string }) {
  const reading = useApi<SessionFigures>(`${path}/figures`, {}, { everyMs: 10_000, keep: true });
  return (
    <Section title="rain.figures">
      <Read of={reading}>{(figures) => <Figures figures={figures} />}</Read>
    </Section>
  );
}

function Figures({ figures }: { readonly figures: SessionFigures }) {
  const { currency, players, states, playersRain, playersDry, krainNetRain, krainNetDry } = figures;
  if (states.length === 0) return <Nothing text="rain.no_bets" />;
  const money = (minor: string) => <Money minor={minor} currency={currency} />;
  const result = (minor: string) => <Money minor={minor} currency={currency} result />;
  return (
    <>
      <Facts
        facts={[
          { label: 'rain.bettors', value: <Count value={players} /> },
          { label: 'rain.players_rain', value: result(playersRain) },
          { label: 'rain.players_dry', value: result(playersDry) },
          { label: 'rain.krain_net_rain', value: result(krainNetRain) },
          { label: 'rain.krain_net_dry', value: result(krainNetDry) },
        ]}
      />
      <Grid
        label="rain.figures"
        rows={states}
        rowKey={({ status, type }) => `${status} ${type}`}
        columns={[
          { label: 'rain.state', show: ({ status }) => <BetState status={status} /> },
          { label: 'rain.side', show: ({ type }) => <Side type={type} /> },
          { label: 'rain.count', align: 'right', show: ({ bets }) => <Count value={bets} /> },
          { label: 'rain.stake', align: 'right', show: ({ stake }) => money(stake) },
          { label: 'rain.kept', align: 'right', show: ({ ownStake }) => money(ownStake) },
          { label: 'rain.laid_off', align: 'right', show: ({ krainStake }) => money(krainStake) },
          { label: 'rain.payout', align: 'right', show: ({ payout }) => money(payout) },
        ]}
      />
    </>
  );
}
