/** How K-Rain is, as this hub has met it. */
import type { KrainHealth } from '../../../src/backoffice/rain-wire.ts';
import { formatSpan } from '../kit/clock.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant, Status, type Tone } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';

const TONES: Readonly<Record<string, Tone>> = { closed: 'good', half_open: 'warn', open: 'bad', none: 'bad' };

export function KrainHealthPart() {
  const reading = useApi<KrainHealth>('/rain/krain', {}, { everyMs: 5000, keep: true });
  return (
    <Section title="rain.health">
      <Read of={reading}>{(health) => <Health health={health} />}</Read>
    </Section>
  );
}

function Health({ health }: { readonly health: KrainHealth }) {
  const { locale } = useLanguage();
  const { circuit, heardAt, inFlight, pending, pendingOldestS } = health;
  const state = circuit ?? 'none';
  return (
    <Facts
      facts={[
        {
          label: 'rain.circuit',
          value: <Status tone={TONES[state] ?? 'idle'} label={`rain.circuits.${state}`} />,
        },
        { label: 'rain.heard_at', value: <Instant at={heardAt} /> },
        { label: 'rain.in_flight', value: <Count value={inFlight} /> },
        { label: 'rain.in_check', value: <Count value={pending} /> },
        {
          label: 'rain.oldest_check',
          value: pending === 0 ? '–' : formatSpan(pendingOldestS * 1000, locale),
        },
      ]}
    />
  );
}
