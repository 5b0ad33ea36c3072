/**
 * The rows of a list as a table: headings sort, the first column leads where the row leads (so that a keyboard does too) and
 * stays in sight when the rest is moved sideways.
 */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import {
  ListContextProvider,
  type ListControllerResult,
  type RaRecord,
  ResourceContextProvider,
} from 'ra-core';
import { DataTable } from 'ra-ui-materialui';
import type { ReactNode } from 'react';
import { Link as To } from 'react-router';
import { columnsKept, hiddenOf } from './list-columns.tsx';
import type { ListColumn, ListDescription } from './list-types.ts';
import { useT } from './text.ts';
import { Count, Flag, Instant, Money } from './values.tsx';

interface ListTableProps<R> {
  readonly list: ListDescription<R, never>;
  readonly rows: readonly R[];
  /** The API's name of the order in force. */
  readonly order: string | undefined;
  readonly onSort: (order: string) => void;
}

export function ListTable<R extends object>({ list, rows, order, onSort }: ListTableProps<R>) {
  const t = useT();
  const { path, columns, rowKey = idOf, rowLink, rowActions } = list;
  const records = rows.map((row) => ({ ...row, id: rowKey(row), row }));
  const context = {
    data: records,
    isPending: false,
    resource: path,
    sort: sortOf(columns, order),
    setSort: ({ field, order: direction }: { readonly field: string; readonly order: string }) => {
      const next = orderOf(columns, field, direction);
      if (next !== undefined) onSort(next);
    },
    // The rest of what a list of react-admin can do is not asked for by the table.
  } as unknown as ListControllerResult;
  const click = (_id: unknown, _resource: string, record: RaRecord) => rowLink?.(record.row) ?? false;
  return (
    <ResourceContextProvider value={path}>
      <ListContextProvider value={context}>
        <Box role="region" aria-label={t('kit.rows')} tabIndex={0} sx={FRAME}>
          <DataTable
            bulkActionButtons={false}
            hiddenColumns={hiddenOf(columns)}
            storeKey={columnsKept(path)}
            rowClick={rowLink === undefined ? false : click}
            empty={false}
          >
            {columns.map((column, index) => (
              <DataTable.Col
                key={column.key}
                source={column.key}
                label={column.label}
                disableSort={column.order === undefined}
                sortByOrder={column.order?.descending === undefined ? 'ASC' : 'DESC'}
                align={column.type === 'number' || column.type === 'money' ? 'right' : 'left'}
                render={({ row }) =>
                  linked(index === 0 ? (rowLink?.(row) ?? null) : null, cellOf(column, row))
                }
              />
            ))}
            {rowActions === undefined ? null : (
              <DataTable.Col label="kit.actions" render={({ row }) => <Actions>{rowActions(row)}</Actions>} />
            )}
          </DataTable>
        </Box>
      </ListContextProvider>
    </ResourceContextProvider>
  );
}

const FRAME = {
  overflowX: 'auto',
  border: 1,
  borderColor: 'divider',
  borderRadius: 1,
  bgcolor: 'background.paper',
  '& .RaDataTable-root, & .RaDataTable-tableWrapper': { overflow: 'visible' },
  '& th:first-of-type, & td:first-of-type': {
    position: 'sticky',
    left: 0,
    zIndex: 1,
    bgcolor: 'background.paper',
    boxShadow: '1px 0 0 var(--mui-palette-divider)',
  },
  '& tbody tr:last-of-type td': { borderBottom: 0 },
} as const;

/** A press on a button of a row is not a press on the row. */
function Actions({ children }: { readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: nothing happens here; what is inside has keys of its own
    // biome-ignore lint/a11y/noStaticElementInteractions: the same
    <div style={{ display: 'flex', gap: 8 }} onClick={(event) => event.stopPropagation()}>
      {children}
    </div>
  );
}

function linked(to: string | null, text: ReactNode): ReactNode {
  if (to === null) return text;
  return (
    <Link component={To} to={to} onClick={(event) => event.stopPropagation()}>
      {text}
    </Link>
  );
}

export function cellOf<R extends object>(column: ListColumn<R>, row: R): ReactNode {
  const { key, type, render, currency, result = false } = column;
  if (render !== undefined) return render(row);
  const value: unknown = Reflect.get(row, key);
  if (value === null || value === undefined || value === '') return '–';
  switch (type) {
    case 'money':
      return (
        <Money
          minor={String(value)}
          currency={currency?.(row) ?? String(Reflect.get(row, 'currency') ?? '')}
          result={result}
        />
      );
    case 'number':
      return <Count value={String(value)} />;
    case 'instant':
      return <Instant at={String(value)} />;
    case 'flag':
      return <Flag value={value === true} />;
    case 'text':
      return String(value);
  }
}

function idOf(row: object): string | number {
  const id: unknown = Reflect.get(row, 'id');
  return typeof id === 'number' || typeof id === 'string' ? id : JSON.stringify(row);
}

type Ordered = Pick<ListColumn<never>, 'key' | 'order'>;

function sortOf(columns: readonly Ordered[], name: string | undefined) {
  for (const { key, order } of columns) {
    if (name === undefined || order === undefined) continue;
    if (order.ascending === name) return { field: key, order: 'ASC' } as const;
    if (order.descending === name) return { field: key, order: 'DESC' } as const;
  }
  return { field: '', order: 'ASC' } as const;
}

/** The order in that direction, or in the only one there is. */
function orderOf(columns: readonly Ordered[], field: string, direction: string): string | undefined {
  const { ascending, descending } = columns.find(({ key }) => key === field)?.order ?? {};
  return direction === 'ASC' ? (ascending ?? descending) : (descending ?? ascending);
}
