/** What a bet or a win would meet, by the rule the ledger has. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { type FormEvent, useState } from 'react';
import { get } from '../api.ts';
import { Section } from '../kit/facts.tsx';
import { MoneyInput } from '../kit/fields.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { Money, Status } from '../kit/values.tsx';
import { FIELD, type LimitKind, type Trial } from './limit.ts';
import { Bound, LimitAmount, Owner, Target } from './shown.tsx';
import { TargetFields, useCurrency, useFirstTarget } from './target.tsx';

export function TryLimits({ kind }: { readonly kind: LimitKind }) {
  const t = useT();
  const [target, setTarget] = useState(useFirstTarget());
  const [amount, setAmount] = useState('');
  const [trial, setTrial] = useState<Trial | null>(null);
  const [error, setError] = useState<unknown>(null);
  const currency = useCurrency(target.agent);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    setTrial(null);
    const { agent, game, player } = target;
    try {
      setTrial(await get<Trial>('/limits/trial', { agent, game, player, amount, what: kind }));
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Section title={`limits.try_one.${kind}`}>
      <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 1.5, maxWidth: 720 }}>
        <Box sx={{ color: 'text.secondary' }}>{t(`limits.try_text.${kind}`)}</Box>
        <TargetFields values={target} onChange={setTarget} needsGame />
        {currency === '' ? null : (
          <MoneyInput
            key={currency}
            label={t(`limits.amount.${kind}`)}
            currency={currency}
            value={amount}
            required
            onChange={setAmount}
          />
        )}
        <Box>
          <Button
            type="submit"
            variant="contained"
            disabled={target.game === '' || amount === '' || currency === ''}
          >
            {t('limits.try')}
          </Button>
        </Box>
      </Box>
      {error === null ? null : <Trouble error={error} />}
      {trial === null ? null : <Outcome kind={kind} trial={trial} asked={amount} />}
    </Section>
  );
}

interface OutcomeProps {
  readonly kind: LimitKind;
  readonly trial: Trial;
  readonly asked: string;
}

function Outcome({ kind, trial, asked }: OutcomeProps) {
  const t = useT();
  const isCut = kind === 'win' && trial.amount !== asked;
  const words =
    kind === 'win'
      ? isCut
        ? 'limits.is_cut'
        : 'limits.is_paid'
      : trial.allowed
        ? 'limits.is_taken'
        : 'limits.is_refused';
  return (
    <Box role="status" sx={{ mt: 2, display: 'grid', gap: 1.5 }}>
      <Alert severity={!trial.allowed ? 'error' : isCut ? 'warning' : 'success'}>
        {t(words)} {isCut ? <Money minor={trial.amount} currency={trial.currency} /> : null}
      </Alert>
      {trial.rows.length === 0 ? t('limits.none_binds') : t('limits.these_bind')}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 0.75 }}>
        {trial.rows.map((row) => (
          <Box
            component="li"
            key={row.id}
            sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}
          >
            <Box component="strong" sx={{ minWidth: 90 }}>
              <LimitAmount minor={row[FIELD[kind]]} currency={row.currency} />
            </Box>
            <span>
              <Bound agent={row.agent} /> · <Target {...row} />
            </span>
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {t('limits.owner')}: <Owner {...row} />
            </Box>
            {row.holds ? <Status tone="warn" label="limits.holds" /> : null}
          </Box>
        ))}
      </Box>
    </Box>
  );
}
