/** Choosing an agent or a player by the beginning of the name; only those in the person's scope are found. */
import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { useT } from './text.ts';
import { useApi } from './use-api.ts';

interface Named {
  readonly id: number;
  readonly username: string;
  readonly nickname?: string;
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

export function AgentPicker({ label, ...rest }: PickerProps) {
  const t = useT();
  const [begins, setBegins] = useState('');
  const { data, isFetching } = useApi<{ agents: readonly Named[] }>(
    '/agent-names',
    { begins },
    { keep: true },
  );
  const options = data?.agents ?? [];
  return (
    <Picker {...rest} label={label ?? t('kit.agent')} options={options} busy={isFetching} ask={setBegins} />
  );
}

/** `agent`: only players of this one. */
export function PlayerPicker({
  label,
  agent,
  ...rest
}: PickerProps & { readonly agent?: string | undefined }) {
  const t = useT();
  const [begins, setBegins] = useState('');
  const query = { begins, agent: agent === '' ? undefined : agent };
  const { data, isFetching } = useApi<{ players: readonly Named[] }>('/player-names', query, { keep: true });
  const options = data?.players ?? [];
  return (
    <Picker {...rest} label={label ?? t('kit.player')} options={options} busy={isFetching} ask={setBegins} />
  );
}

/** Names of what was chosen or found, so that an id in the address is shown by its name once it was seen. */
const seen = new Map<string, Named>();

interface NamesProps extends PickerProps {
  readonly label: string;
  readonly options: readonly Named[];
  readonly busy: boolean;
  readonly ask: (begins: string) => void;
}

function Picker({ label, value, onChange, options, busy, ask, required = false, error }: NamesProps) {
  const t = useT();
  for (const option of options) seen.set(`${label} ${option.id}`, option);
  const chosen =
    value === '' ? null : (seen.get(`${label} ${value}`) ?? { id: Number(value), username: `#${value}` });
  return (
    <Autocomplete
      options={options}
      value={chosen}
      loading={busy}
      filterOptions={(all) => all}
      getOptionKey={({ id }) => id}
      getOptionLabel={({ username }) => username}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      onChange={(_event, next) => onChange(next === null ? '' : String(next.id))}
      onInputChange={(_event, text, reason) => ask(reason === 'input' ? text : '')}
      loadingText={t('kit.loading')}
      noOptionsText={t('kit.no_match')}
      clearText={t('kit.clear')}
      openText={t('kit.open')}
      closeText={t('kit.close')}
      renderOption={(props, { id, username, nickname }) => (
        <li {...props} key={id}>
          {username}
          {nickname === undefined || nickname === username ? '' : ` · ${nickname}`}
        </li>
      )}
      renderInput={(params) => (
        <TextField
          {...params}
          label={label}
          required={required}
          error={error !== undefined}
          helperText={error}
        />
      )}
      sx={{ minWidth: 180 }}
    />
  );
}
