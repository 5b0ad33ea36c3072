/** Narrowing down: agent, vendor, its game, a player. */
import Box from '@mui/material/Box';
import { ChoiceInput } from '../kit/fields.tsx';
import { AgentPicker, PlayerPicker } from '../kit/pickers.tsx';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';
import { useMe } from '../session.tsx';
import type { Vendor } from './limit.ts';

export interface TargetValues {
  readonly agent: string;
  readonly vendor: string;
  readonly game: string;
  readonly player: string;
}

/** An agent's people begin with their own. */
export function useFirstTarget(): TargetValues {
  const { agent } = useMe();
  return { agent: agent === null ? '' : String(agent.id), vendor: '', game: '', player: '' };
}

/** Of the agent chosen; '' until it is known. */
export function useCurrency(agent: string): string {
  const { data } = useApi<{ agents: readonly { id: number; currency: string }[] }>(
    agent === '' ? null : '/agent-names',
    { id: agent },
  );
  return data?.agents.find(({ id }) => String(id) === agent)?.currency ?? '';
}

interface TargetProps {
  readonly values: TargetValues;
  readonly onChange: (values: TargetValues) => void;
  /** A bet is in a game. */
  readonly needsGame?: boolean;
}

export function TargetFields({ values, onChange, needsGame = false }: TargetProps) {
  const t = useT();
  const { data } = useApi<{ vendors: readonly Vendor[] }>('/limit-games');
  const vendors = data?.vendors ?? [];
  const games = vendors.find(({ id }) => String(id) === values.vendor)?.games ?? [];
  return (
    <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
      <AgentPicker
        value={values.agent}
        required
        onChange={(agent) => onChange({ ...values, agent, player: '' })}
      />
      <PlayerPicker
        label={t('limits.player')}
        agent={values.agent}
        value={values.player}
        onChange={(player) => onChange({ ...values, player })}
      />
      <ChoiceInput
        label={t('limits.vendor')}
        value={values.vendor}
        required={needsGame}
        none={needsGame ? 'limits.choose' : 'limits.all_vendors'}
        choices={vendors.map(({ id, name }) => ({ value: String(id), label: name, plain: true }))}
        onChange={(vendor) => onChange({ ...values, vendor, game: '' })}
      />
      <ChoiceInput
        label={t('limits.game')}
        value={values.game}
        required={needsGame}
        none={needsGame ? 'limits.choose' : 'limits.all_games'}
        choices={games.map(({ id, title }) => ({ value: String(id), label: title, plain: true }))}
        onChange={(game) => onChange({ ...values, game })}
      />
    </Box>
  );
}
