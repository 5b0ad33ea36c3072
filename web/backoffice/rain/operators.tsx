/** Operators of the rain book: made, changed, given a fresh certCode, which is shown once. */
import { useState } from 'react';
import type { BookOperatorRow } from '../../../src/backoffice/rain-setup-wire.ts';
import { ActButton } from '../kit/act-button.tsx';
import type { ActField, ActValues } from '../kit/act-form.tsx';
import { Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Status } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { CertShown, type OneCert } from './cert-shown.tsx';
import { Grid } from './grid.tsx';

export function Operators() {
  const may = useMay();
  const [made, setMade] = useState<OneCert | null>(null);
  const reading = useApi<{ readonly operators: readonly BookOperatorRow[] }>('/rain/operators');
  const create = (
    <ActButton<OneCert>
      label="rain.new_operator"
      path="/rain/operators"
      fields={[{ key: 'name', type: 'text', label: 'rain.name', required: true }, ...fieldsOf(null)]}
      body={({ name = '', ...values }) => ({ name, ...bodyOf(values) })}
      onDone={setMade}
      variant="contained"
    />
  );
  return (
    <Section title="rain.operators" actions={may('book') ? create : null}>
      <Read of={reading}>
        {({ operators }) =>
          operators.length === 0 ? (
            <Nothing text="rain.no_operators" />
          ) : (
            <Table operators={operators} onCert={setMade} />
          )
        }
      </Read>
      <CertShown made={made} onClose={() => setMade(null)} />
    </Section>
  );
}

interface TableProps {
  readonly operators: readonly BookOperatorRow[];
  readonly onCert: (made: OneCert) => void;
}

function Table({ operators, onCert }: TableProps) {
  const t = useT();
  const may = useMay();
  return (
    <Grid
      label="rain.operators"
      rows={operators}
      rowKey={({ id }) => id}
      columns={[
        { label: 'rain.name', show: ({ name }) => name },
        {
          label: 'rain.state',
          show: ({ enabled }) => (
            <Status tone={enabled ? 'good' : 'idle'} label={enabled ? 'rain.on' : 'rain.off'} />
          ),
        },
        { label: 'rain.cert_hint', show: ({ certHint }) => `${certHint}…` },
        {
          label: 'rain.allowed_ips',
          show: ({ allowedIps }) => (allowedIps.length === 0 ? t('rain.any_address') : allowedIps.join(', ')),
        },
        { label: 'rain.time_zone', show: ({ timeZone }) => timeZone },
        { label: 'rain.made', show: ({ createdAt }) => <Instant at={createdAt} /> },
        ...(may('book')
          ? [
              {
                label: 'rain.acts',
                show: (operator: BookOperatorRow) => <Acts operator={operator} onCert={onCert} />,
              },
            ]
          : []),
      ]}
    />
  );
}

function Acts({ operator, onCert }: Pick<TableProps, 'onCert'> & { readonly operator: BookOperatorRow }) {
  const path = `/rain/operators/${operator.id}`;
  return (
    <Row>
      <ActButton
        label="rain.edit"
        path={path}
        method="PATCH"
        fields={fieldsOf(operator)}
        body={bodyOf}
        done="rain.done"
      />
      <ActButton<OneCert>
        label="rain.renew_cert"
        text="rain.renew_cert_text"
        named={{ name: operator.name }}
        path={`${path}/cert`}
        body={() => ({})}
        onDone={onCert}
        danger
      />
    </Row>
  );
}

/** Null: of a new one. */
function fieldsOf(operator: BookOperatorRow | null): readonly ActField[] {
  const { allowedIps = [], timeZone = 'UTC', enabled = true } = operator ?? {};
  return [
    {
      key: 'allowedIps',
      type: 'lines',
      label: 'rain.allowed_ips',
      help: 'rain.allowed_ips_help',
      initial: allowedIps.join('\n'),
    },
    { key: 'timeZone', type: 'text', label: 'rain.time_zone', required: true, initial: timeZone },
    { key: 'enabled', type: 'flag', label: 'rain.enabled', initial: enabled ? 'true' : '' },
  ];
}

function bodyOf({ allowedIps = '', timeZone = '', enabled = '' }: ActValues) {
  const entries = allowedIps.split(/[\s,]+/).filter((entry) => entry !== '');
  return { allowedIps: entries, timeZone: timeZone.trim(), enabled: enabled === 'true' };
}
