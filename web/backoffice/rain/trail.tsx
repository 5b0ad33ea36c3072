/** Who did what to something of the rain book, the last first. */
import Box from '@mui/material/Box';
import type { TrailLines } from '../../../src/backoffice/rain-wire.ts';
import { Pretty } from '../kit/pretty.tsx';
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

/** What was refused says so first, then the reason; the rest as it was kept, for whoever opens it. */
function Details({ line: { detail } }: { readonly line: Line }) {
  const t = useT();
  if (typeof detail !== 'object' || detail === null) return null;
  const { refused, reason, ...rest } = detail as {
    readonly refused?: string;
    readonly reason?: string | null;
  };
  const head = [
    ...(refused === undefined ? [] : [t(`refusals.${refused}`, { _: refused })]),
    ...(reason === undefined || reason === null || reason === '' ? [] : [reason]),
  ];
  return (
    <Box sx={{ whiteSpace: 'normal', overflowWrap: 'anywhere', minWidth: 180 }}>
      {head.join(' · ')}
      {Object.keys(rest).length === 0 ? null : (
        <details>
          <summary>{t('rain.details')}</summary>
          <Pretty value={rest} />
        </details>
      )}
    </Box>
  );
}
