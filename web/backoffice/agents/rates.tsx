/** What an agent earns of the GGR: in force now, and all that was ever agreed. */
import { ActButton } from '../kit/act-button.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { ListTable } from '../kit/list-table.tsx';
import type { ListColumn } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { type AgentSet, bpsOf, useShare } from './agent.ts';

interface Agreed {
  readonly vendorId: number | null;
  readonly vendor: string | null;
  readonly bps: number | null;
  readonly fromAt: string;
  readonly madeBy: string | null;
  readonly madeAt: string;
}

interface Found {
  readonly standard: number | null;
  readonly vendors: readonly { readonly id: number; readonly name: string; readonly bps: number | null }[];
  readonly history: readonly Agreed[];
  readonly mayChange: boolean;
}

const COLUMNS: readonly ListColumn<Agreed>[] = [
  { key: 'vendor', label: 'agents.rate_of', type: 'text', render: ({ vendor }) => <What vendor={vendor} /> },
  { key: 'bps', label: 'agents.rate', type: 'number', render: (row) => <Rate row={row} /> },
  { key: 'fromAt', label: 'agents.rate_from', type: 'instant' },
  { key: 'madeBy', label: 'agents.agreed_by', type: 'text' },
  { key: 'madeAt', label: 'agents.agreed_at', type: 'instant' },
];

export function Rates({ agent }: { readonly agent: AgentSet }) {
  const rates = useApi<Found>(`/agents/${agent.id}/rates`);
  return <Read of={rates}>{(found) => <Shown agent={agent} found={found} />}</Read>;
}

function Shown({ agent, found }: { readonly agent: AgentSet; readonly found: Found }) {
  const t = useT();
  const share = useShare();
  const { standard, vendors, history, mayChange } = found;
  return (
    <>
      <Section title="agents.in_force" actions={mayChange ? <Agree agent={agent} /> : null}>
        <Facts facts={[{ label: 'agents.standard', value: share(standard) }]} />
        {vendors.length === 0 ? null : (
          <dl
            style={{ margin: '12px 0 0', display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '4px 20px' }}
          >
            {vendors.map(({ id, name, bps }) => (
              <div key={id} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd style={{ margin: 0 }}>{share(bps)}</dd>
              </div>
            ))}
          </dl>
        )}
        <p style={{ marginBottom: 0 }}>{t(mayChange ? 'agents.rates_text' : 'agents.rates_text_own')}</p>
      </Section>
      <Section title="agents.agreed">
        {history.length === 0 ? (
          <Nothing text="agents.no_rates" />
        ) : (
          <ListTable<Agreed>
            list={{
              path: 'agent-rates',
              columns: COLUMNS,
              rowKey: ({ madeAt, vendorId }) => `${madeAt} ${vendorId}`,
            }}
            rows={history}
            order={undefined}
            onSort={() => {}}
          />
        )}
      </Section>
    </>
  );
}

function What({ vendor }: Pick<Agreed, 'vendor'>) {
  const t = useT();
  return vendor ?? t('agents.standard');
}

function Rate({ row: { vendor, bps } }: { readonly row: Agreed }) {
  const t = useT();
  const share = useShare();
  return bps === null && vendor !== null ? t('agents.as_standard') : share(bps);
}

function Agree({ agent }: { readonly agent: AgentSet }) {
  const { data } = useApi<{ vendors: readonly { id: number; name: string }[] }>(
    `/agents/${agent.id}/vendors`,
  );
  const vendors = (data?.vendors ?? []).map(({ id, name }) => ({
    value: String(id),
    label: name,
    plain: true,
  }));
  return (
    <ActButton
      label="agents.agree"
      title="agents.agree_title"
      text="agents.agree_text"
      named={{ name: agent.username }}
      path={`/agents/${agent.id}/rates`}
      fields={[
        { key: 'bps', type: 'number', label: 'agents.percent', help: 'agents.percent_help' },
        { key: 'vendorId', type: 'choice', label: 'agents.rate_of_vendor', choices: vendors },
        { key: 'from', type: 'instant', label: 'agents.rate_from' },
        { key: 'reason', type: 'reason', required: false },
      ]}
      body={({ bps = '', vendorId = '', from = '', reason = '' }) => ({
        bps: bps.trim() === '' ? null : bpsOf(bps),
        ...(vendorId === '' ? {} : { vendorId: Number(vendorId) }),
        ...(from === '' ? {} : { from }),
        ...(reason === '' ? {} : { reason }),
      })}
      done="agents.agreed_done"
    />
  );
}
