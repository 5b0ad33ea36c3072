/** What is set for an agent. Its own people change what is theirs; what protects the hub is set from above. */
import { ActButton } from '../kit/act-button.tsx';
import type { ActField, ActValues } from '../kit/act-form.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Count, Flag } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { type AgentSet, wholeOf } from './agent.ts';

export function Settings({ agent }: { readonly agent: AgentSet }) {
  const t = useT();
  const may = useMay();
  const own = [
    { label: 'agents.nickname', value: agent.nickname },
    { label: 'agents.callback_url', value: agent.callbackUrl ?? '–' },
    { label: 'agents.user_agent', value: agent.userAgent },
    { label: 'agents.slot_booster', value: <Flag value={agent.slotBooster} /> },
    { label: 'agents.cutoff_hours', value: <Count value={agent.callbackCutoffHours} /> },
  ];
  const above = [
    { label: 'agents.pacing', value: <Flag value={agent.pacing} /> },
    { label: 'agents.feed_interval', value: <Count value={agent.feedIntervalMs} /> },
  ];
  return (
    <>
      <Section title="agents.own_settings" actions={may('agents') ? <ChangeOwn agent={agent} /> : null}>
        <Facts facts={own} />
        <p style={{ marginBottom: 0 }}>{t('agents.own_settings_text')}</p>
      </Section>
      <Section
        title="agents.upline_settings"
        actions={agent.upline && may('agents') ? <ChangeAbove agent={agent} /> : null}
      >
        <Facts facts={above} />
        {agent.upline ? null : <p style={{ marginBottom: 0 }}>{t('agents.upline_settings_text')}</p>}
      </Section>
    </>
  );
}

function ChangeOwn({ agent }: { readonly agent: AgentSet }) {
  const fields: readonly ActField[] = [
    { key: 'nickname', type: 'text', label: 'agents.nickname', required: true, initial: agent.nickname },
    { key: 'userAgent', type: 'text', label: 'agents.user_agent', required: true, initial: agent.userAgent },
    {
      key: 'callbackCutoffHours',
      type: 'number',
      label: 'agents.cutoff_hours',
      help: 'agents.cutoff_help',
      required: true,
      initial: String(agent.callbackCutoffHours),
    },
    {
      key: 'slotBooster',
      type: 'flag',
      label: 'agents.slot_booster',
      initial: agent.slotBooster ? 'true' : '',
    },
  ];
  return <Change agent={agent} fields={fields} title="agents.own_settings" />;
}

function ChangeAbove({ agent }: { readonly agent: AgentSet }) {
  const fields: readonly ActField[] = [
    {
      key: 'feedIntervalMs',
      type: 'number',
      label: 'agents.feed_interval',
      required: true,
      initial: String(agent.feedIntervalMs),
    },
    { key: 'pacing', type: 'flag', label: 'agents.pacing', initial: agent.pacing ? 'true' : '' },
  ];
  return <Change agent={agent} fields={fields} title="agents.upline_settings" />;
}

interface ChangeProps {
  readonly agent: AgentSet;
  readonly fields: readonly ActField[];
  readonly title: string;
}

function Change({ agent, fields, title }: ChangeProps) {
  return (
    <ActButton
      label="agents.change"
      title={title}
      path={`/agents/${agent.id}`}
      method="PATCH"
      fields={fields}
      body={(values) => settingsOf(values, fields)}
      done="agents.changed"
    />
  );
}

/** Values as the API takes them, by the type of their field. */
function settingsOf(values: ActValues, fields: readonly ActField[]) {
  const typed = { flag: (text: string) => text === 'true', number: wholeOf };
  return Object.fromEntries(
    fields.map(({ key, type }) => {
      const value = values[key] ?? '';
      return [key, type === 'flag' || type === 'number' ? typed[type](value) : value];
    }),
  );
}
