/** Who did what to something of the rain book, the last first. */
import type { TrailLines } from '../../../src/backoffice/rain-wire.ts';
import { useT } from '../kit/text.ts';
import { Nothing } from '../kit/trouble.tsx';
import { Instant } from '../kit/values.tsx';
import { Grid } from './grid.tsx';

type Line = TrailLines['lines'][number];

export function Trail({ lines }: TrailLines) {
  if (lines.length === 0) return <Nothing text="rain.no_trail" />;
  return (
    <Grid
      label="rain.trail"
      rows={lines}
      rowKey={({ at, action, actor }) => `${at} ${action} ${actor}`}
      columns={[
        { label: 'rain.when', show: ({ at }) => <Instant at={at} /> },
        { label: 'rain.who', show: ({ actor }) => actor },
        { label: 'rain.what', show: ({ action }) => action },
        { label: 'rain.details', show: (line) => <Details line={line} /> },
      ]}
    />
  );
}

/** What was refused says so first; the rest as it was kept. */
function Details({ line: { detail } }: { readonly line: Line }) {
  const t = useT();
  if (typeof detail !== 'object' || detail === null) return null;
  const { refused, ...rest } = detail as { readonly refused?: string };
  const parts = Object.entries(rest)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  const words = refused === undefined ? [] : [t(`refusals.${refused}`, { _: refused })];
  return (
    <span style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{[...words, ...parts].join(' · ')}</span>
  );
}
