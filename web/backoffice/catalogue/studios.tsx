/** Studios: who may speak for which vendors, and their keys. A secret is shown once, when it is made. */
import { useState } from 'react';
import { ActButton } from '../kit/act-button.tsx';
import { CopyField } from '../kit/copy-field.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Row } from '../kit/row.tsx';
import { ShownOnce } from '../kit/shown-once.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant } from '../kit/values.tsx';
import { On } from './vendors.tsx';

interface Studio {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly createdAt: string;
  readonly key: string | null;
  readonly secrets: number;
  readonly secretAt: string | null;
  readonly vendors: readonly string[];
  readonly games: number;
}

interface Secret {
  readonly studio: string;
  readonly key: string;
  readonly secret: string;
}

export default function Studios() {
  const t = useT();
  const [made, setMade] = useState<Secret | null>(null);
  const studios = useApi<{ studios: readonly Studio[] }>('/studios', {}, { keep: true });
  return (
    <>
      <PageHead title={t('catalogue.studios')} actions={<Create onMade={setMade} />} />
      <Read of={studios}>
        {({ studios: all }) =>
          all.length === 0 ? (
            <Nothing text="catalogue.no_studios" />
          ) : (
            all.map((studio) => <One key={studio.id} studio={studio} onMade={setMade} />)
          )
        }
      </Read>
      {made === null ? null : <Shown made={made} onClose={() => setMade(null)} />}
    </>
  );
}

function Create({ onMade }: { readonly onMade: (made: Secret) => void }) {
  return (
    <ActButton<Secret>
      label="catalogue.new_studio"
      text="catalogue.new_studio_text"
      path="/studios"
      variant="contained"
      fields={[
        { key: 'name', type: 'text', label: 'catalogue.studio', required: true },
        {
          key: 'vendors',
          type: 'text',
          label: 'catalogue.vendors',
          help: 'catalogue.vendors_help',
          required: true,
        },
      ]}
      body={({ name = '', vendors = '' }) => ({
        name,
        vendors: vendors
          .split(',')
          .map((vendor) => vendor.trim())
          .filter((vendor) => vendor !== ''),
      })}
      onDone={onMade}
    />
  );
}

interface OneProps {
  readonly studio: Studio;
  readonly onMade: (made: Secret) => void;
}

function One({ studio, onMade }: OneProps) {
  const { id, name, enabled, key, secrets, secretAt, vendors, games, createdAt } = studio;
  const facts = [
    { label: 'catalogue.state', value: <On on={enabled} /> },
    { label: 'catalogue.games', value: <Count value={games} /> },
    { label: 'catalogue.key', value: key ?? '–' },
    { label: 'catalogue.secrets', value: <Count value={secrets} /> },
    { label: 'catalogue.secret_at', value: <Instant at={secretAt} /> },
    { label: 'catalogue.created', value: <Instant at={createdAt} /> },
    { label: 'catalogue.vendors', value: vendors.join(', ') },
  ];
  const named = { name };
  return (
    <Section
      name={name}
      actions={
        <Row>
          <ActButton<Secret>
            label="catalogue.rotate"
            text="catalogue.rotate_text"
            named={named}
            path={`/studios/${id}/secret`}
            body={() => ({})}
            onDone={onMade}
          />
          <ActButton
            label={enabled ? 'catalogue.turn_off' : 'catalogue.turn_on'}
            text={enabled ? 'catalogue.studio_off_text' : 'catalogue.all_on_text'}
            named={named}
            path={`/studios/${id}`}
            method="PATCH"
            fields={[{ key: 'reason', type: 'reason' }]}
            body={({ reason }) => ({ enabled: !enabled, reason })}
            danger={enabled}
            done="catalogue.changed"
          />
        </Row>
      }
    >
      <Facts facts={facts} />
    </Section>
  );
}

function Shown({ made, onClose }: { readonly made: Secret; readonly onClose: () => void }) {
  const t = useT();
  return (
    <ShownOnce
      title={t('catalogue.secret_of', { name: made.studio })}
      text={t('catalogue.secret_text')}
      onClose={onClose}
    >
      <CopyField label="catalogue.key" value={made.key} />
      <CopyField label="catalogue.secret" value={made.secret} />
    </ShownOnce>
  );
}
