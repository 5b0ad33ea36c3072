/** A session at K-Rain, asked for when somebody wants to know: its odds, and its statement against the book's bets. */
import Alert from '@mui/material/Alert';
import { useState } from 'react';
import type { SessionKrain, StatementRow } from '../../../src/backoffice/rain-wire.ts';
import { Facts } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';
import { Count, Money } from '../kit/values.tsx';
import { AskKrain } from './ask-krain.tsx';
import { Grid } from './grid.tsx';
import { KrainHealthPart } from './krain-health.tsx';
import { Odds, Side } from './values.tsx';

export function SessionKrainPart({ path }: { readonly path: string }) {
  const [asked, setAsked] = useState(false);
  const reading = useApi<SessionKrain>(asked ? `${path}/krain` : null);
  return (
    <>
      <KrainHealthPart />
      <AskKrain title="rain.krain" asked={asked} reading={reading} onAsk={() => setAsked(true)}>
        {(found) => <Found found={found} />}
      </AskKrain>
    </>
  );
}

function Found({ found }: { readonly found: SessionKrain }) {
  const t = useT();
  const { state, rain, dry, availableRain, availableDry, currency, unavailable, statement } = found;
  return (
    <>
      {unavailable === null ? (
        <Facts
          facts={[
            { label: 'rain.krain_state', value: state === null ? '–' : t(`rain.krain_states.${state}`) },
            { label: 'rain.krain_rain', value: <Odds value={rain} /> },
            { label: 'rain.krain_dry', value: <Odds value={dry} /> },
            { label: 'rain.available_rain', value: <Money minor={availableRain} currency={currency} /> },
            { label: 'rain.available_dry', value: <Money minor={availableDry} currency={currency} /> },
          ]}
        />
      ) : null}
      <Statement statement={statement} />
    </>
  );
}

export function Statement({ statement }: { readonly statement: StatementRow }) {
  const t = useT();
  const { matched, pending, differences, unavailable, currency } = statement;
  if (unavailable !== null)
    return (
      <Alert severity="warning" sx={{ my: 1 }}>
        {t('rain.unavailable', { why: t(`rain.why.${unavailable}`) })}
      </Alert>
    );
  return (
    <>
      <Facts
        facts={[
          { label: 'rain.alike', value: <Count value={matched} /> },
          { label: 'rain.krain_owes', value: <Count value={pending} /> },
          { label: 'rain.differences', value: <Count value={differences.length} /> },
        ]}
      />
      {differences.length === 0 ? (
        <Alert severity="success">{t('rain.no_differences')}</Alert>
      ) : (
        <Differences differences={differences} currency={currency} />
      )}
    </>
  );
}

type Difference = StatementRow['differences'][number];

function Differences({
  differences,
  currency,
}: {
  readonly differences: readonly Difference[];
  readonly currency: string;
}) {
  const t = useT();
  const order = (each: Difference['ours']) =>
    each === null ? (
      '–'
    ) : (
      <>
        <Side type={each.side} /> <Money minor={each.stake} currency={currency} /> →{' '}
        <Money minor={each.win} currency={currency} />
      </>
    );
  return (
    <Grid
      label="rain.differences"
      rows={differences}
      rowKey={(each) => each.order}
      columns={[
        { label: 'rain.order', show: (each) => each.order },
        { label: 'rain.what', show: ({ kind }) => t(`rain.difference.${kind}`) },
        { label: 'rain.ours', show: ({ ours }) => order(ours) },
        { label: 'rain.theirs', show: ({ theirs }) => order(theirs) },
      ]}
    />
  );
}
