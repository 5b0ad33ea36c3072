/** What an act changed: each property that is not what it was, with both; what else it says; and why. */
import Box from '@mui/material/Box';
import type { AuditLine } from './list.tsx';

type Values = Readonly<Record<string, unknown>>;

export function Difference({ of: { before, after, reason, more } }: { readonly of: AuditLine }) {
  const changed = changesOf(before ?? {}, after ?? {});
  const also = Object.entries(more);
  return (
    <Box sx={{ whiteSpace: 'normal', overflowWrap: 'anywhere', minWidth: 220, maxWidth: 520 }}>
      {changed.map(({ key, was, is }) => (
        <div key={key}>
          {key}: {was === undefined ? null : <del>{said(was)}</del>}
          {was === undefined || is === undefined ? '' : ' → '}
          {is === undefined ? null : (
            <ins style={{ textDecoration: 'none', fontWeight: 600 }}>{said(is)}</ins>
          )}
        </div>
      ))}
      {also.map(([key, value]) => (
        <div key={key}>
          {key}: {said(value)}
        </div>
      ))}
      {reason === null ? null : <div>“{reason}”</div>}
    </Box>
  );
}

function changesOf(before: Values, after: Values) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .map((key) => ({ key, was: before[key], is: after[key] }))
    .filter(({ was, is }) => JSON.stringify(was) !== JSON.stringify(is));
}

function said(value: unknown): string {
  if (value === null) return '–';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
