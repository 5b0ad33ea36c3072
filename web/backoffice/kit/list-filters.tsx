/** The filters of a list: inputs that can be folded away, and what is set as chips that take it off again. */
import FilterListIcon from '@mui/icons-material/FilterList';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import TextField from '@mui/material/TextField';
import { useStore } from 'ra-core';
import { type ReactNode, useEffect, useState } from 'react';
import { useMe } from '../session.tsx';
import { formatInstant } from './clock.ts';
import { type Choice, ChoiceInput } from './fields.tsx';
import { InstantRange } from './instant-range.tsx';
import type { Filled, ListAddress } from './list-address.ts';
import { keysOf, type ListFilter } from './list-types.ts';
import { AgentPicker, PlayerPicker, useNamed } from './pickers.tsx';
import { useT } from './text.ts';

export const YES_NO = [
  { value: 'true', label: 'kit.yes' },
  { value: 'false', label: 'kit.no' },
];

interface ListFiltersProps {
  readonly filters: readonly ListFilter[];
  readonly address: ListAddress;
  /** What else can be done with the list, on the right. */
  readonly tools: ReactNode;
}

export function ListFilters({ filters, address, tools }: ListFiltersProps) {
  const t = useT();
  const [open, setOpen] = useStore('filters.open', window.innerWidth >= 900);
  const count = filters.filter((filter) =>
    keysOf(filter).some((key) => address.filled[key] !== undefined),
  ).length;
  return (
    <Box component="search" aria-label={t('kit.filters')} sx={{ mb: 1 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        {filters.length === 0 ? null : (
          <Button startIcon={<FilterListIcon />} aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('kit.filters')}
            {count === 0 ? '' : ` (${count})`}
          </Button>
        )}
        {filters.map((filter) => (
          <FilterChip key={keysOf(filter).join()} filter={filter} address={address} />
        ))}
        {count > 1 ? <Button onClick={address.clear}>{t('kit.clear_all')}</Button> : null}
        <Box sx={{ ml: 'auto', display: 'flex', gap: 1, alignItems: 'center' }}>{tools}</Box>
      </Box>
      {open && filters.length > 0 ? (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start', pt: 1.25 }}>
          {filters.map((filter) => (
            <FilterInput
              key={keysOf(filter).join()}
              filter={filter}
              filled={address.filled}
              fill={address.fill}
            />
          ))}
        </Box>
      ) : null}
    </Box>
  );
}

interface FilterInputProps {
  readonly filter: ListFilter;
  readonly filled: Filled;
  readonly fill: (changes: Filled) => void;
}

function FilterInput({ filter, filled, fill }: FilterInputProps) {
  const t = useT();
  const [key = ''] = keysOf(filter);
  const value = filled[key] ?? '';
  const onChange = (next: string) => fill({ [key]: next });
  switch (filter.type) {
    case 'text':
      return <TextFilter label={t(filter.label)} value={value} onChange={onChange} />;
    case 'day':
      return (
        <TextField
          type="date"
          label={t(filter.label)}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      );
    case 'choice':
      return (
        <ChoiceInput
          label={t(filter.label)}
          value={value}
          choices={filter.choices}
          none="kit.all"
          onChange={onChange}
        />
      );
    case 'flag':
      return (
        <ChoiceInput
          label={t(filter.label)}
          value={value}
          choices={YES_NO}
          none="kit.all"
          onChange={onChange}
        />
      );
    case 'agent':
      return <AgentPicker label={filter.label && t(filter.label)} value={value} onChange={onChange} />;
    case 'player':
      return (
        <PlayerPicker
          label={filter.label && t(filter.label)}
          value={value}
          agent={filled.agent}
          onChange={onChange}
        />
      );
    case 'instants':
      return <InstantRange from={filled.from ?? ''} to={filled.to ?? ''} onChange={fill} />;
  }
}

interface TextFilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Asked for when it is left or Enter is pressed, not at every letter. */
function TextFilter({ label, value, onChange }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const commit = () => {
    if (typed.trim() !== value) onChange(typed.trim());
  };
  return (
    <TextField
      label={label}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={commit}
      onKeyDown={({ key }) => {
        if (key === 'Enter') commit();
      }}
      sx={{ width: 180 }}
      slotProps={{ htmlInput: { maxLength: 200, autoComplete: 'off', enterKeyHint: 'search' } }}
    />
  );
}

function FilterChip({ filter, address }: { readonly filter: ListFilter; readonly address: ListAddress }) {
  const { filled, fill } = address;
  const keys = keysOf(filter);
  if (keys.every((key) => filled[key] === undefined)) return null;
  return (
    <Chip
      label={<ChipText filter={filter} filled={filled} />}
      onDelete={() => fill(Object.fromEntries(keys.map((each) => [each, ''])))}
      variant="outlined"
    />
  );
}

/** A filter that is set, in words. */
function ChipText({ filter, filled }: Omit<FilterInputProps, 'fill'>) {
  const t = useT();
  const { timeZone } = useMe();
  const [key = ''] = keysOf(filter);
  const value = filled[key] ?? '';
  const named = useNamed(filter.type === 'player' ? 'player' : 'agent', isPicked(filter) ? value : '');
  if (filter.type === 'instants') {
    const at = (each: string | undefined) =>
      each === undefined ? '…' : formatInstant(each, timeZone).replace(/:\d\d$/, '');
    return `${at(filled.from)} – ${at(filled.to)}`;
  }
  const label = t(filter.label ?? (filter.type === 'player' ? 'kit.player' : 'kit.agent'));
  if (isPicked(filter)) return `${label}: ${named?.username ?? ''}`;
  const choices: readonly Choice[] =
    filter.type === 'choice' ? filter.choices : filter.type === 'flag' ? YES_NO : [];
  const choice = choices.find((each) => each.value === value);
  if (choice === undefined) return `${label}: ${value}`;
  return `${label}: ${choice.plain ? choice.label : t(choice.label)}`;
}

const isPicked = ({ type }: ListFilter) => type === 'agent' || type === 'player';
