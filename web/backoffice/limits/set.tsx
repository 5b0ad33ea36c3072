/** Setting a limit of one's own. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import { useNotify } from 'ra-core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { put } from '../api.ts';
import { Section } from '../kit/facts.tsx';
import { MoneyInput } from '../kit/fields.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useRefresh } from '../kit/use-api.ts';
import { useSubmit } from '../kit/use-submit.ts';
import { FIELD, type LimitKind } from './limit.ts';
import { TargetFields, type TargetValues, useCurrency, useFirstTarget } from './target.tsx';

export const idsOf = ({ agent, vendor, game, player }: TargetValues) => ({
  agent: Number(agent),
  ...(vendor === '' || game !== '' ? {} : { vendor: Number(vendor) }),
  ...(game === '' ? {} : { game: Number(game) }),
  ...(player === '' ? {} : { player: Number(player) }),
});

export function SetLimit({ kind }: { readonly kind: LimitKind }) {
  const t = useT();
  const notify = useNotify();
  const refresh = useRefresh();
  const [, setSearch] = useSearchParams();
  const [target, setTarget] = useState(useFirstTarget());
  const [amount, setAmount] = useState('');
  const [none, setNone] = useState(false);
  const [reason, setReason] = useState('');
  const currency = useCurrency(target.agent);
  const { submit, busy, error } = useSubmit(async () => {
    const told = reason.trim() === '' ? {} : { reason: reason.trim() };
    await put('/limits', { ...idsOf(target), [FIELD[kind]]: none ? '0' : amount, ...told });
    notify(t('limits.was_set'), { type: 'success' });
    await refresh();
    setSearch({});
  });
  return (
    <Section title={`limits.set_one.${kind}`}>
      <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 1.5, maxWidth: 720 }}>
        <TargetFields values={target} onChange={setTarget} />
        {currency === '' || none ? null : (
          <MoneyInput
            key={currency}
            label={t(`limits.most.${kind}`)}
            currency={currency}
            value={amount}
            required
            onChange={setAmount}
          />
        )}
        <FormControlLabel
          label={t(`limits.none_at_all.${kind}`)}
          control={<Checkbox checked={none} onChange={(_event, on) => setNone(on)} />}
        />
        <TextField
          label={t('kit.reason')}
          value={reason}
          onChange={({ target: { value } }) => setReason(value)}
          slotProps={{ htmlInput: { maxLength: 500, autoComplete: 'off' } }}
        />
        {error === null ? null : <Trouble error={error} />}
        <Box>
          <Button
            type="submit"
            variant="contained"
            disabled={busy || target.agent === '' || (!none && amount === '')}
          >
            {t('limits.set')}
          </Button>
        </Box>
      </Box>
    </Section>
  );
}
