/** Who may call the API, and where and how callbacks go. */
import Alert from '@mui/material/Alert';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { ActButton } from '../kit/act-button.tsx';
import { CopyField } from '../kit/copy-field.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Flag, Instant } from '../kit/values.tsx';
import { Grid } from './grid.tsx';
import type { Certificate, RefusedAddress, Settings } from './wire.ts';

interface Given {
  readonly settings: Settings;
}

export function Reach({ settings }: Given) {
  return (
    <>
      <Callers settings={settings} />
      <Origins settings={settings} />
      {settings.agent.wallet === 'seamless' ? <Callback settings={settings} /> : <NoCallbacks />}
    </>
  );
}

const linesOf = (text = '') =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

function Callers({ settings }: Given) {
  const t = useT();
  const { agent, allowedIps, yourAddress, apiBase, pacing, feedIntervalMs } = settings;
  const path = `/developer/${agent.id}`;
  const actions = (
    <>
      {allowedIps.includes(yourAddress) ? null : (
        <ActButton
          label="developer.add_mine"
          text="developer.add_mine_text"
          named={{ ip: yourAddress }}
          path={path}
          method="PATCH"
          body={() => ({ allowedIps: [...allowedIps, yourAddress] })}
          done="developer.saved"
        />
      )}
      <ActButton
        label="developer.change"
        title="developer.ips"
        text="developer.ips_text"
        path={path}
        method="PATCH"
        fields={[
          {
            key: 'allowedIps',
            type: 'lines',
            label: 'developer.ips',
            help: 'developer.lines_help',
            initial: allowedIps.join('\n'),
          },
        ]}
        body={(values) => ({ allowedIps: linesOf(values.allowedIps) })}
        done="developer.saved"
      />
    </>
  );
  return (
    <Section title="developer.ips" actions={actions}>
      {allowedIps.length === 0 ? (
        <Alert severity="warning">{t('developer.ips_empty')}</Alert>
      ) : (
        <Entries of={allowedIps} />
      )}
      <Refused settings={settings} />
      <CopyField label="developer.base" value={apiBase} />
      <Typography variant="body2" sx={{ mt: 1, color: 'text.secondary' }}>
        {t(pacing ? 'developer.paced' : 'developer.not_paced', { ms: feedIntervalMs })}
      </Typography>
    </Section>
  );
}

function Entries({ of: entries }: { readonly of: readonly string[] }) {
  return (
    <Typography
      component="ul"
      variant="body1"
      sx={{ m: 0, mb: 1, pl: 2.5, fontFamily: 'ui-monospace, monospace' }}
    >
      {entries.map((entry) => (
        <li key={entry}>{entry}</li>
      ))}
    </Typography>
  );
}

/** From where calls were turned away: usually a server nobody has thought of. */
function Refused({ settings }: Given) {
  const { agent, allowedIps, browserOrigins } = settings;
  const path = `/developer/${agent.id}`;
  const refused = useApi<{ addresses: readonly RefusedAddress[] }>(`${path}/refused-addresses`);
  const isStill = ({ ip, refusal }: RefusedAddress) =>
    !(refusal === 'ip_not_allowed' ? allowedIps : browserOrigins).includes(ip);
  return (
    <Read of={refused}>
      {({ addresses }) => (
        <Grid
          label="developer.refused"
          empty="developer.refused_none"
          heads={['developer.address', 'developer.refused_for', 'developer.times', 'developer.last', '']}
          rows={addresses.filter(isStill).map((each) => ({
            key: `${each.refusal} ${each.ip}`,
            cells: [
              each.ip,
              <RefusalName key="refusal" code={each.refusal} />,
              <Count key="count" value={each.count} />,
              <Instant key="at" at={each.at} />,
              <ActButton
                key="add"
                label="developer.allow"
                text="developer.allow_text"
                named={{ ip: each.ip }}
                path={path}
                method="PATCH"
                body={() =>
                  each.refusal === 'ip_not_allowed'
                    ? { allowedIps: [...allowedIps, each.ip] }
                    : { browserOrigins: [...browserOrigins, each.ip] }
                }
                done="developer.saved"
              />,
            ],
          }))}
        />
      )}
    </Read>
  );
}

function RefusalName({ code }: { readonly code: string }) {
  const t = useT();
  return t(`developer.refusals.${code}.name`);
}

function Origins({ settings }: Given) {
  const t = useT();
  const { agent, browserOrigins } = settings;
  return (
    <Section
      title="developer.origins"
      actions={
        <ActButton
          label="developer.change"
          title="developer.origins"
          text="developer.origins_text"
          path={`/developer/${agent.id}`}
          method="PATCH"
          fields={[
            {
              key: 'browserOrigins',
              type: 'lines',
              label: 'developer.origins',
              help: 'developer.lines_help',
              initial: browserOrigins.join('\n'),
            },
          ]}
          body={(values) => ({ browserOrigins: linesOf(values.browserOrigins) })}
          done="developer.saved"
        />
      }
    >
      {browserOrigins.length === 0 ? t('developer.origins_empty') : <Entries of={browserOrigins} />}
    </Section>
  );
}

function NoCallbacks() {
  const t = useT();
  return <Section title="developer.callback">{t('developer.no_callbacks')}</Section>;
}

type Changed = { readonly warnings: readonly ('not_https' | 'unresolved')[] };

function Callback({ settings }: Given) {
  const t = useT();
  const [warnings, setWarnings] = useState<Changed['warnings']>([]);
  const { callbackUrl, userAgent, cutoffHours, slotBooster, tls } = settings;
  const facts = [
    { label: 'developer.callback_url', value: callbackUrl ?? t('developer.none_set') },
    { label: 'developer.user_agent', value: userAgent },
    { label: 'developer.cutoff', value: t('developer.hours', { smart_count: cutoffHours }) },
    { label: 'developer.booster', value: <Flag value={slotBooster} /> },
    { label: 'developer.certificate', value: <Shown certificate={tls.certificate} /> },
    { label: 'developer.authority', value: <Shown certificate={tls.ca} /> },
  ];
  return (
    <Section
      title="developer.callback"
      actions={<ChangeCallback settings={settings} onWarnings={setWarnings} />}
    >
      {callbackUrl === null ? <Alert severity="warning">{t('developer.no_url')}</Alert> : null}
      {warnings.map((warning) => (
        <Alert key={warning} severity="warning" sx={{ mb: 1 }}>
          {t(`developer.warnings.${warning}`)}
        </Alert>
      ))}
      <Facts facts={facts} />
    </Section>
  );
}

function Shown({ certificate }: { readonly certificate: Certificate | null }) {
  const t = useT();
  if (certificate === null) return t('developer.none_set');
  return (
    <>
      {t('developer.valid_to')} <Instant at={certificate.validTo} />
      <br />
      <small>{certificate.fingerprint}</small>
    </>
  );
}

function ChangeCallback({
  settings,
  onWarnings,
}: Given & { readonly onWarnings: (warnings: Changed['warnings']) => void }) {
  const { agent, callbackUrl, userAgent, cutoffHours, slotBooster } = settings;
  return (
    <Row>
      <ActButton<Changed>
        label="developer.change"
        title="developer.callback"
        text="developer.callback_text"
        path={`/developer/${agent.id}`}
        method="PATCH"
        fields={[
          {
            key: 'callbackUrl',
            type: 'text',
            label: 'developer.callback_url',
            help: 'developer.callback_url_help',
            initial: callbackUrl ?? '',
          },
          { key: 'userAgent', type: 'text', label: 'developer.user_agent', initial: userAgent },
          {
            key: 'cutoffHours',
            type: 'number',
            label: 'developer.cutoff_in_hours',
            help: 'developer.cutoff_help',
            initial: String(cutoffHours),
          },
          {
            key: 'slotBooster',
            type: 'flag',
            label: 'developer.booster_on',
            initial: slotBooster ? 'true' : '',
          },
        ]}
        body={(values) => ({
          callbackUrl: values.callbackUrl?.trim() || null,
          userAgent: values.userAgent,
          cutoffHours: Number(values.cutoffHours),
          slotBooster: values.slotBooster === 'true',
        })}
        done="developer.saved"
        onDone={(answer) => onWarnings(answer.warnings)}
      />
    </Row>
  );
}
