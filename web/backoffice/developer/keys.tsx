/** API keys, and what callbacks are signed by. A secret is shown once, when it is made. */
import { useState } from 'react';
import { ActButton } from '../kit/act-button.tsx';
import { CopyField } from '../kit/copy-field.tsx';
import { Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { ShownOnce } from '../kit/shown-once.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Status } from '../kit/values.tsx';
import { Grid } from './grid.tsx';
import type { ApiKey, CallbackSecret, MadeKey, Settings } from './wire.ts';

export function Keys({ settings: { agent } }: { readonly settings: Settings }) {
  return (
    <>
      <ApiKeys path={`/developer/${agent.id}/keys`} />
      {agent.wallet === 'seamless' ? <Secrets path={`/developer/${agent.id}/callback-secrets`} /> : null}
    </>
  );
}

interface At {
  readonly path: string;
}

function ApiKeys({ path }: At) {
  const keys = useApi<{ keys: readonly ApiKey[] }>(path);
  const [made, setMade] = useState<string | null>(null);
  const heads = ['key', 'label', 'made', 'used', 'state'].map((head) => `developer.key_${head}`);
  return (
    <Section
      title="developer.keys"
      actions={
        <ActButton<MadeKey>
          label="developer.make_key"
          text="developer.make_key_text"
          path={path}
          fields={[
            {
              key: 'label',
              type: 'text',
              label: 'developer.key_label',
              help: 'developer.key_label_help',
              required: true,
            },
          ]}
          variant="contained"
          onDone={({ key }) => setMade(key)}
        />
      }
    >
      <Read of={keys}>
        {(found) => (
          <Grid
            label="developer.keys"
            empty="developer.no_keys"
            heads={[...heads, '']}
            rows={found.keys.map((each) => ({
              key: each.id,
              cells: [
                <code key="hint">{each.hint}…</code>,
                each.label,
                <Instant key="made" at={each.createdAt} />,
                <Instant key="used" at={each.lastUsedAt} />,
                <KeyState key="state" of={each} />,
                each.revokedAt === null ? <Revoke key="revoke" path={path} of={each} /> : null,
              ],
            }))}
          />
        )}
      </Read>
      <SecretShown made={made} title="developer.new_key" onClose={() => setMade(null)} />
    </Section>
  );
}

function KeyState({ of: { revokedAt, expiresAt } }: { readonly of: ApiKey }) {
  if (revokedAt !== null)
    return (
      <>
        <Status tone="idle" label="developer.revoked" /> <Instant at={revokedAt} />
      </>
    );
  if (expiresAt === null) return <Status tone="good" label="developer.live" />;
  return (
    <>
      <Status tone="warn" label="developer.live_until" /> <Instant at={expiresAt} />
    </>
  );
}

function Revoke({ path, of: { id, hint, label } }: At & { readonly of: ApiKey }) {
  return (
    <ActButton
      label="developer.revoke"
      title="developer.revoke_title"
      text="developer.revoke_text"
      named={{ key: `${hint}… ${label}` }}
      path={`${path}/${id}`}
      method="DELETE"
      done="developer.key_revoked"
      danger
    />
  );
}

function Secrets({ path }: At) {
  const t = useT();
  const secrets = useApi<{ secrets: readonly CallbackSecret[] }>(path);
  const [made, setMade] = useState<string | null>(null);
  const live = secrets.data?.secrets.filter(({ revokedAt }) => revokedAt === null).length ?? 0;
  return (
    <Section
      title="developer.secrets"
      actions={
        <Row>
          <ActButton<{ secret: string }>
            label="developer.rotate"
            text="developer.rotate_text"
            path={path}
            onDone={({ secret }) => setMade(secret)}
          />
          <ActButton
            label="developer.end_previous"
            text="developer.end_previous_text"
            path={`${path}/previous`}
            method="DELETE"
            done="developer.previous_ended"
            disabled={live < 2}
            danger
          />
        </Row>
      }
    >
      <p>{t('developer.secrets_text')}</p>
      <Read of={secrets}>
        {(found) => (
          <Grid
            label="developer.secrets"
            empty="developer.no_secrets"
            heads={['developer.secret_number', 'developer.key_made', 'developer.key_state']}
            rows={found.secrets.map(({ id, createdAt, revokedAt }) => ({
              key: id,
              cells: [
                id,
                <Instant key="made" at={createdAt} />,
                <KeyState key="state" of={{ ...NO_KEY, revokedAt }} />,
              ],
            }))}
          />
        )}
      </Read>
      <SecretShown made={made} title="developer.new_secret" onClose={() => setMade(null)} />
    </Section>
  );
}

const NO_KEY: ApiKey = {
  ...{ id: 0, hint: '', label: '', createdAt: '' },
  ...{ lastUsedAt: null, revokedAt: null, expiresAt: null },
};

interface SecretShownProps {
  /** Null: none is shown. */
  readonly made: string | null;
  /** Key of what it is. */
  readonly title: string;
  readonly onClose: () => void;
}

function SecretShown({ made, title, onClose }: SecretShownProps) {
  const t = useT();
  if (made === null) return null;
  return (
    <ShownOnce title={t(title)} text={t('developer.shown_once')} onClose={onClose}>
      <CopyField label={title} value={made} />
    </ShownOnce>
  );
}
