/** A small table for parts of a page: scrolls sideways by itself, also by keyboard. */
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { ReactNode } from 'react';
import { useT } from '../kit/text.ts';

export interface GridColumn<R> {
  /** Key of its heading. */
  readonly label: string;
  readonly align?: 'right';
  readonly show: (row: R) => ReactNode;
}

interface GridProps<R> {
  /** Key of what it is. */
  readonly label: string;
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string | number;
  readonly columns: readonly GridColumn<R>[];
}

export function Grid<R>({ label, rows, rowKey, columns }: GridProps<R>) {
  const t = useT();
  return (
    <Box role="region" aria-label={t(label)} tabIndex={0} sx={{ overflowX: 'auto' }}>
      <Table size="small">
        <TableHead>
          <TableRow>
            {columns.map((column) => (
              <TableCell key={column.label} align={column.align ?? 'left'}>
                {t(column.label)}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={rowKey(row)}>
              {columns.map((column) => (
                <TableCell key={column.label} align={column.align ?? 'left'}>
                  {column.show(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
