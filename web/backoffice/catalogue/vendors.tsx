/** All vendors as the house keeps them: on or off for everybody, and how they behave. */
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { wholeOf } from '../agents/agent.ts';
import { ActButton } from '../kit/act-button.tsx';
import { ListTable } from '../kit/list-table.tsx';
import type { ListColumn } from '../kit/list-types.ts';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Status } from '../kit/values.tsx';
import { LimitsLink } from './limits-link.tsx';

interface Vendor {
  readonly id: number;
  readonly name: string;
  readonly studio: string | null;
  readonly enabled: boolean;
  readonly zeroWins: boolean;
  readonly multiBet: boolean;
  readonly cancelPauseMs: number;
  readonly bettingMs: number;
  readonly roundLimitMs: number;
  readonly games: number;
  readonly sold: number;
}

const COLUMNS: readonly ListColumn<Vendor>[] = [
  { key: 'name', label: 'catalogue.vendor', type: 'text' },
  { key: 'enabled', label: 'catalogue.state', type: 'flag', render: ({ enabled }) => <On on={enabled} /> },
  { key: 'studio', label: 'catalogue.studio', type: 'text' },
  { key: 'games', label: 'catalogue.games', type: 'number' },
  { key: 'sold', label: 'catalogue.sold', type: 'number' },
  {
    key: 'behaviour',
    label: 'catalogue.behaviour',
    type: 'text',
    render: (vendor) => <Behaviour of={vendor} />,
  },
];

export function On({ on }: { readonly on: boolean }) {
  return <Status tone={on ? 'good' : 'bad'} label={on ? 'catalogue.on' : 'catalogue.off'} />;
}

const ROUND_LIMIT_MS = 3_600_000;

/** What is unusual about it. */
function Behaviour({ of }: { readonly of: Vendor }) {
  const t = useT();
  const { zeroWins, multiBet, cancelPauseMs, bettingMs, roundLimitMs } = of;
  const seconds = (ms: number) => ({ s: ms / 1000 });
  const told = [
    ...(zeroWins ? [] : [t('catalogue.short.no_zero')]),
    ...(multiBet ? [t('catalogue.short.bundle')] : []),
    ...(cancelPauseMs === 0 ? [] : [t('catalogue.short.pause', seconds(cancelPauseMs))]),
    ...(bettingMs === 0 ? [] : [t('catalogue.short.betting', seconds(bettingMs))]),
    ...(roundLimitMs === ROUND_LIMIT_MS
      ? []
      : [t('catalogue.short.overdue', { min: Math.round(roundLimitMs / 60_000) })]),
  ].join(' · ');
  return <Box sx={{ whiteSpace: 'normal', minWidth: 90 }}>{told}</Box>;
}

export default function Vendors() {
  const t = useT();
  const [begins, setBegins] = useState('');
  const vendors = useApi<{ vendors: readonly Vendor[] }>('/vendors', {}, { keep: true });
  return (
    <>
      <PageHead
        title={t('catalogue.vendors')}
        actions={
          <TextField
            label={t('catalogue.search')}
            value={begins}
            onChange={({ target }) => setBegins(target.value)}
          />
        }
      />
      <Read of={vendors}>
        {({ vendors: all }) => <Rows vendors={all.filter(({ name }) => isLike(name, begins))} />}
      </Read>
    </>
  );
}

const isLike = (name: string, begins: string) => name.toLowerCase().includes(begins.trim().toLowerCase());

function Rows({ vendors }: { readonly vendors: readonly Vendor[] }) {
  if (vendors.length === 0) return <Nothing text="catalogue.none" />;
  return (
    <ListTable<Vendor>
      list={{
        path: 'house-vendors',
        columns: COLUMNS,
        rowLink: ({ id, games }) => (games === 0 ? null : `/catalogue/games?vendor=${id}`),
        rowActions: (vendor) => (
          <>
            <Turn vendor={vendor} />
            <Change vendor={vendor} />
            <LimitsLink of="vendor" id={vendor.id} />
          </>
        ),
      }}
      rows={vendors.toSorted((a, b) => Number(b.games > 0) - Number(a.games > 0) || a.id - b.id)}
      order={undefined}
      onSort={() => {}}
    />
  );
}

function Turn({ vendor: { id, name, enabled } }: { readonly vendor: Vendor }) {
  return (
    <ActButton
      label={enabled ? 'catalogue.turn_off' : 'catalogue.turn_on'}
      text={enabled ? 'catalogue.all_off_text' : 'catalogue.all_on_text'}
      named={{ name }}
      path={`/vendors/${id}`}
      method="PATCH"
      body={() => ({ enabled: !enabled })}
      danger={enabled}
      done="catalogue.changed"
    />
  );
}

function Change({ vendor }: { readonly vendor: Vendor }) {
  const { id, name, zeroWins, multiBet } = vendor;
  const ms = (key: 'cancelPauseMs' | 'bettingMs' | 'roundLimitMs', label: string) =>
    ({ key, type: 'number', label, required: true, initial: String(vendor[key]) }) as const;
  return (
    <ActButton
      label="catalogue.behaviour"
      title="catalogue.behaviour_of"
      text="catalogue.behaviour_text"
      named={{ name }}
      path={`/vendors/${id}`}
      method="PATCH"
      fields={[
        { key: 'zeroWins', type: 'flag', label: 'catalogue.zero_wins', initial: zeroWins ? 'true' : '' },
        { key: 'multiBet', type: 'flag', label: 'catalogue.multi_bet', initial: multiBet ? 'true' : '' },
        ms('cancelPauseMs', 'catalogue.cancel_pause'),
        ms('bettingMs', 'catalogue.betting'),
        ms('roundLimitMs', 'catalogue.round_limit'),
        { key: 'reason', type: 'reason' },
      ]}
      body={(values) => ({
        zeroWins: values.zeroWins === 'true',
        multiBet: values.multiBet === 'true',
        cancelPauseMs: wholeOf(values.cancelPauseMs ?? ''),
        bettingMs: wholeOf(values.bettingMs ?? ''),
        roundLimitMs: wholeOf(values.roundLimitMs ?? ''),
        reason: values.reason,
      })}
      done="catalogue.changed"
    />
  );
}
