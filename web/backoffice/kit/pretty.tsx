/** Something as it came over a wire, laid out for reading. */
import Box from '@mui/material/Box';
import { useT } from './text.ts';

/** JSON is indented; what is a text that holds JSON as well; anything else stays as it is. */
export function Pretty({ value, label }: { readonly value: unknown; readonly label?: string }) {
  const t = useT();
  return (
    <Box
      component="pre"
      tabIndex={0}
      role="region"
      aria-label={t(label ?? 'kit.content')}
      sx={{
        m: 0,
        p: 1,
        maxHeight: 420,
        overflow: 'auto',
        fontSize: '0.75rem',
        lineHeight: 1.5,
        fontFamily: 'ui-monospace, Menlo, Consolas, monospace',
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        bgcolor: 'background.default',
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
      }}
    >
      {laidOut(value)}
    </Box>
  );
}

function laidOut(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2) ?? '';
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
