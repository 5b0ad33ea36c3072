/** A short table that needs no paging: it scrolls sideways by itself where it does not fit. */
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { useT } from '../kit/text.ts';

interface GridProps {
  /** Keys: what it is, and what is said when it has no rows. */
  readonly label: string;
  readonly empty: string;
  /** Keys of headings; '' = none. */
  readonly heads: readonly string[];
  readonly rows: readonly { readonly key: string | number; readonly cells: readonly ReactNode[] }[];
}

export function Grid({ label, empty, heads, rows }: GridProps) {
  const t = useT();
  if (rows.length === 0)
    return (
      <Typography variant="body1" sx={{ my: 1, color: 'text.secondary' }}>
        {t(empty)}
      </Typography>
    );
  return (
    <Box tabIndex={0} role="region" aria-label={t(label)} sx={{ overflowX: 'auto', mb: 1.5 }}>
      <Table size="small" aria-label={t(label)}>
        <TableHead>
          <TableRow>
            {heads.map((head, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: headings never change places
              <TableCell key={place}>{head === '' ? null : t(head)}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(({ key, cells }) => (
            <TableRow key={key}>
              {cells.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells never change places
                <TableCell key={place}>{cell}</TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
