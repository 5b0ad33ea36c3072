/** What figures are asked for: days, by what, of whom, and beside what. All of it is in the address. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useMemo } from 'react';
import { ChoiceInput } from '../kit/fields.tsx';
import { AgentPicker } from '../kit/pickers.tsx';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';
import { useMe } from '../session.tsx';
import { type Asked, BYS, dayAfter, todayIn } from './wire.ts';

interface ControlsProps {
  readonly asked: Asked;
  readonly change: (changes: Partial<Record<keyof Asked, string>>) => void;
}

const LINE = { display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' } as const;

export function Controls(props: ControlsProps) {
  const { asked, change } = props;
  const t = useT();
  const days = [
    { key: 'from', label: 'statistics.from' },
    { key: 'to', label: 'statistics.to' },
  ] as const;
  return (
    <Box role="search" aria-label={t('kit.filters')} sx={{ display: 'grid', gap: 1.25, mb: 2 }}>
      <Box sx={LINE}>
        <ChoiceInput
          label={t('statistics.by')}
          value={asked.by}
          choices={BYS.map((by) => ({ value: by, label: `statistics.bys.${by}` }))}
          onChange={(by) => change({ by })}
        />
        {days.map(({ key, label }) => (
          <DayInput
            key={key}
            label={t(label)}
            value={asked[key]}
            onChange={(day) => change({ [key]: day })}
          />
        ))}
        <Spans {...props} />
      </Box>
      <Box sx={LINE}>
        <AgentPicker value={asked.agent} onChange={(agent) => change({ agent })} />
        <Played {...props} />
        <Compare {...props} />
        <Zone {...props} />
        {asked.by === 'agent' ? <Tree {...props} /> : null}
      </Box>
    </Box>
  );
}

function DayInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (day: string) => void;
}) {
  return (
    <TextField
      type="date"
      label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { max: '9998-12-31' } }}
      sx={{ width: 150 }}
    />
  );
}

const SPANS = ['today', 'yesterday', 'days7', 'days31', 'month', 'last_month'] as const;

function spanOf(name: (typeof SPANS)[number], zone: string): { from: string; to: string } {
  const today = todayIn(zone);
  const month = `${today.slice(0, 7)}-01`;
  const lastOfBefore = dayAfter(month, -1);
  switch (name) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: dayAfter(today, -1), to: dayAfter(today, -1) };
    case 'days7':
      return { from: dayAfter(today, -6), to: today };
    case 'days31':
      return { from: dayAfter(today, -30), to: today };
    case 'month':
      return { from: month, to: today };
    case 'last_month':
      return { from: `${lastOfBefore.slice(0, 7)}-01`, to: lastOfBefore };
  }
}

function Spans({ asked, change }: ControlsProps) {
  const t = useT();
  return (
    <Box role="group" aria-label={t('statistics.spans')} sx={{ display: 'flex', flexWrap: 'wrap' }}>
      {SPANS.map((name) => {
        const span = spanOf(name, asked.zone);
        const isChosen = span.from === asked.from && span.to === asked.to;
        return (
          <Button
            key={name}
            aria-pressed={isChosen}
            variant={isChosen ? 'outlined' : 'text'}
            onClick={() => change(span)}
            sx={{ minWidth: 0, px: 1 }}
          >
            {t(`statistics.span.${name}`)}
          </Button>
        );
      })}
    </Box>
  );
}

/** A vendor and a game of it. */
function Played({ asked, change }: ControlsProps) {
  const t = useT();
  const { data: vendors } = useApi<{ vendors: readonly { id: number; name: string }[] }>('/vendor-names');
  const { data: games } = useApi<{ games: readonly { id: number; title: string }[] }>('/game-names', {
    vendor: asked.vendor === '' ? undefined : asked.vendor,
  });
  const named = (id: number | string, name: string) => ({ value: String(id), label: name, plain: true });
  const choices = (games?.games ?? []).map(({ id, title }) => named(id, title));
  const isThere = asked.game === '' || choices.some(({ value }) => value === asked.game);
  return (
    <>
      <ChoiceInput
        label={t('statistics.vendor')}
        none="statistics.all"
        value={asked.vendor}
        choices={(vendors?.vendors ?? []).map(({ id, name }) => named(id, name))}
        onChange={(vendor) => change({ vendor, game: '' })}
      />
      <ChoiceInput
        label={t('statistics.game')}
        none="statistics.all"
        value={asked.game}
        choices={isThere ? choices : [...choices, named(asked.game, `#${asked.game}`)]}
        onChange={(game) => change({ game })}
      />
    </>
  );
}

function Compare({ asked, change }: ControlsProps) {
  const t = useT();
  const isDay = /^\d/.test(asked.compare);
  const kind = isDay ? 'day' : asked.compare === '' ? 'none' : asked.compare;
  return (
    <>
      <ChoiceInput
        label={t('statistics.compare')}
        value={kind}
        choices={(['none', 'previous', 'year', 'day'] as const).map((value) => ({
          value,
          label: `statistics.compares.${value}`,
        }))}
        onChange={(next) =>
          change({ compare: next === 'none' ? '' : next === 'day' ? dayAfter(asked.from, -7) : next })
        }
      />
      {isDay ? (
        <DayInput
          label={t('statistics.compare_from')}
          value={asked.compare}
          onChange={(day) => change({ compare: day })}
        />
      ) : null}
    </>
  );
}

function Zone({ asked, change }: ControlsProps) {
  const t = useT();
  const { timeZone } = useMe();
  const zones = useMemo(
    () => [...new Set([timeZone, asked.zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])],
    [timeZone, asked.zone],
  );
  return (
    <ChoiceInput
      label={t('statistics.zone')}
      value={asked.zone}
      choices={zones.map((zone) => ({ value: zone, label: zone, plain: true }))}
      onChange={(zone) => change({ zone: zone === timeZone ? '' : zone })}
    />
  );
}

function Tree({ asked, change }: ControlsProps) {
  const t = useT();
  return (
    <ChoiceInput
      label={t('statistics.tree')}
      value={asked.tree === 'own' ? 'own' : 'whole'}
      choices={[
        { value: 'whole', label: 'statistics.whole' },
        { value: 'own', label: 'statistics.own' },
      ]}
      onChange={(tree) => change({ tree: tree === 'own' ? 'own' : '' })}
    />
  );
}
