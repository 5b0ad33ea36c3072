/** Choosing an agent or a player by the beginning of the name; only those in the person's scope are found. */
import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { useT } from './text.ts';
import { useApi } from './use-api.ts';

export type Kind = 'agent' | 'player';

interface Named {
  readonly id: number;
  readonly username: string;
  readonly nickname?: string;
}

type Answer = Readonly<Partial<Record<'agents' | 'players', readonly Named[]>>>;

const PATHS: Readonly<Record<Kind, string>> = { agent: '/agent-names', player: '/player-names' };
const foundIn = (answer: Answer | undefined): readonly Named[] => answer?.agents ?? answer?.players ?? [];

/** Who was found or chosen: shown by name at once when it is met again. */
const seen = new Map<string, Named>();

/** Who it is that an address names by id; null: none. Until it is known, and if it is not to be seen: `#12`. */
export function useNamed(kind: Kind, id: string): Named | null {
  const known = seen.get(`${kind} ${id}`);
  const { data } = useApi<Answer>(id === '' || known !== undefined ? null : PATHS[kind], { id });
  if (id === '') return null;
  const found = known ?? foundIn(data)[0];
  if (found === undefined) return { id: Number(id), username: `#${id}` };
  seen.set(`${kind} ${id}`, found);
  return found;
}

interface PickerProps {
  /** As it is to be read; absent: 'Agent' or 'Player'. */
  readonly label?: string | undefined;
  /** Id; '' = none. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly required?: boolean;
  readonly error?: string | undefined;
}

export function AgentPicker(props: PickerProps) {
  return <Picker {...props} kind="agent" />;
}

/** `agent`: only players of this one and those below it. */
export function PlayerPicker(props: PickerProps & { readonly agent?: string | undefined }) {
  return <Picker {...props} kind="player" />;
}

interface KindProps extends PickerProps {
  readonly kind: Kind;
  readonly agent?: string | undefined;
}

function Picker({ kind, label, value, onChange, required = false, error, agent }: KindProps) {
  const t = useT();
  const [begins, setBegins] = useState('');
  const chosen = useNamed(kind, value);
  const query = { begins, agent: agent === '' ? undefined : agent };
  const { data, isFetching } = useApi<Answer>(PATHS[kind], query, { keep: true });
  const options = foundIn(data);
  for (const option of options) seen.set(`${kind} ${option.id}`, option);
  return (
    <Autocomplete
      options={options}
      value={chosen}
      loading={isFetching}
      filterOptions={(all) => all}
      getOptionKey={({ id }) => id}
      getOptionLabel={({ username }) => username}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      onChange={(_event, next) => onChange(next === null ? '' : String(next.id))}
      onInputChange={(_event, text, reason) => setBegins(reason === 'input' ? text : '')}
      loadingText={t('kit.loading')}
      noOptionsText={t('kit.no_match')}
      clearText={t('kit.clear')}
      openText={t('kit.open')}
      closeText={t('kit.close')}
      renderOption={(props, { id, username, nickname }) => (
        <li {...props} key={id}>
          {username}
          {nickname === undefined || nickname === '' || nickname === username ? '' : ` · ${nickname}`}
        </li>
      )}
      renderInput={(params) => (
        <TextField
          {...params}
          label={label ?? t(kind === 'agent' ? 'kit.agent' : 'kit.player')}
          required={required}
          error={error !== undefined}
          helperText={error}
        />
      )}
      sx={{ minWidth: 180 }}
    />
  );
}
