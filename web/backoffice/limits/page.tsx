/** Limits of bets or of wins: all in sight, a form to set one, and a place to try what holds. */
import Box from '@mui/material/Box';
import { ActButton } from '../kit/act-button.tsx';
import { ListView } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { PageHead } from '../kit/page-head.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';
import { Count } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { FIELD, type Limit, type LimitKind, type Vendor } from './limit.ts';
import { SetLimit } from './set.tsx';
import { Bound, LimitAmount, Owner, Target } from './shown.tsx';
import { TryLimits } from './try.tsx';

const columnsOf = (kind: LimitKind): readonly ListColumn<Limit>[] => [
  { key: 'agent', label: 'limits.agent', type: 'text', render: (row) => <Bound {...row} /> },
  {
    key: 'target',
    label: 'limits.on',
    type: 'text',
    notExported: true,
    render: (row) => <Target {...row} />,
  },
  {
    key: FIELD[kind],
    label: `limits.most.${kind}`,
    type: 'money',
    render: (row) => <LimitAmount minor={row[FIELD[kind]]} currency={row.currency} />,
  },
  { key: 'owner', label: 'limits.owner', type: 'text', render: (row) => <Owner {...row} /> },
  { key: 'setBy', label: 'limits.set_by', type: 'text', hidden: true },
  { key: 'setAt', label: 'limits.set_at', type: 'instant' },
];

function useFilters(): readonly ListFilter[] {
  const { data } = useApi<{ vendors: readonly Vendor[] }>('/limit-games');
  const vendors = data?.vendors ?? [];
  return [
    { type: 'agent' },
    { type: 'player' },
    {
      type: 'choice',
      key: 'vendor',
      label: 'limits.vendor',
      choices: vendors.map(({ id, name }) => ({ value: String(id), label: name, plain: true })),
    },
    {
      type: 'choice',
      key: 'game',
      label: 'limits.game',
      choices: vendors.flatMap(({ name, games }) =>
        games.map(({ id, title }) => ({ value: String(id), label: `${title} (${name})`, plain: true })),
      ),
    },
  ];
}

export function LimitsPage({ kind }: { readonly kind: LimitKind }) {
  const t = useT();
  const may = useMay();
  const tabs = [
    { key: 'list', label: 'limits.list', render: () => <LimitList kind={kind} /> },
    ...(may('limits') ? [{ key: 'set', label: 'limits.set', render: () => <SetLimit kind={kind} /> }] : []),
    { key: 'try', label: 'limits.try', render: () => <TryLimits kind={kind} /> },
  ];
  return (
    <>
      <PageHead title={t(`limits.title.${kind}`)} />
      <Box sx={{ color: 'text.secondary', mb: 1, maxWidth: '90ch' }}>{t(`limits.effect.${kind}`)}</Box>
      <Tabs label={`limits.title.${kind}`} tabs={tabs} />
    </>
  );
}

function LimitList({ kind }: { readonly kind: LimitKind }) {
  const filters = useFilters();
  return (
    <ListView<Limit, { count: number; more: boolean }>
      path="/limits"
      fixed={{ kind }}
      columns={columnsOf(kind)}
      filters={filters}
      standardOrder="newest"
      totals={({ count, more }) => [{ label: 'limits.count', value: <Count value={count} more={more} /> }]}
      empty={`limits.empty.${kind}`}
      rowActions={(row) => <Acts limit={row} kind={kind} />}
    />
  );
}

/** One's own is changed; one of an agent below is lifted only, or a narrower one is set beside it. */
function Acts({ limit, kind }: { readonly limit: Limit; readonly kind: LimitKind }) {
  const may = useMay();
  if (!may('limits') || !limit.changeable) return null;
  const { agentId, vendorId, gameId, playerId, currency, owner } = limit;
  const target = {
    agent: agentId,
    ...(gameId !== null || vendorId === null ? {} : { vendor: vendorId }),
    ...(gameId === null ? {} : { game: gameId }),
    ...(playerId === null ? {} : { player: playerId }),
  };
  const isOnly = limit[FIELD[kind === 'bet' ? 'win' : 'bet']] === null;
  const isMine = owner === 'house' || owner === 'own';
  return (
    <Box sx={{ display: 'flex' }}>
      {isMine ? (
        <ActButton
          label="limits.change"
          path="/limits"
          method="PUT"
          variant="text"
          fields={[
            {
              key: 'amount',
              type: 'money',
              label: `limits.most.${kind}`,
              currency,
              required: true,
              initial: limit[FIELD[kind]] ?? '',
            },
            { key: 'reason', type: 'reason', required: false },
          ]}
          body={({ amount, reason = '' }) => ({
            ...target,
            [FIELD[kind]]: amount,
            ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
          })}
          done="limits.was_set"
        />
      ) : null}
      <ActButton
        label="limits.lift"
        text={isMine || isOnly ? 'limits.lift_text' : 'limits.lift_both_text'}
        variant="text"
        danger
        done="limits.was_lifted"
        {...(isMine
          ? { path: '/limits', method: 'PUT' as const, body: () => ({ ...target, [FIELD[kind]]: null }) }
          : { path: `/limits/${limit.id}`, method: 'DELETE' as const })}
      />
    </Box>
  );
}
