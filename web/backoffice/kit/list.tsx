/**
 * A list of the back office, from its description: filters, totals, rows, paging by cursor, choice of columns, export. What
 * it shows is in the address.
 */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import { useStore } from 'ra-core';
import type { ReactNode } from 'react';
import type { Query } from '../api.ts';
import { usePage } from '../shell/page.ts';
import { Facts } from './facts.tsx';
import { ChoiceInput } from './fields.tsx';
import { type ListAddress, useListAddress } from './list-address.ts';
import { ListColumns } from './list-columns.tsx';
import { ListExport } from './list-export.tsx';
import { ListFilters } from './list-filters.tsx';
import { ListTable } from './list-table.tsx';
import type { ListDescription } from './list-types.ts';
import { PageHead } from './page-head.tsx';
import { useT } from './text.ts';
import { Nothing, Trouble, Waiting } from './trouble.tsx';
import { useApi } from './use-api.ts';

const LIMITS = ['25', '50', '100', '200'].map((value) => ({ value, label: value, plain: true }));

interface Answer<R> {
  readonly rows: readonly R[];
  readonly next: string | null;
  readonly previous: string | null;
}

interface ListPageProps {
  /** Buttons in the head. */
  readonly actions?: ReactNode;
  /** Above the filters. */
  readonly children?: ReactNode;
}

/** A page that is a list; its title is that of the page table. */
export function ListPage<R extends object, Totals = unknown>({
  actions,
  children,
  ...list
}: ListDescription<R, Totals> & ListPageProps) {
  const t = useT();
  const { title } = usePage();
  return (
    <>
      <PageHead title={t(title)} actions={actions} />
      {children}
      <ListView {...list} />
    </>
  );
}

/** The list alone, for a page that has more on it: one on the screen at a time, since they share the address. */
export function ListView<R extends object, Totals = unknown>(list: ListDescription<R, Totals>) {
  const { path, columns, filters = [], fixed = {}, totals, exported = true, everyMs, standardOrder } = list;
  const address = useListAddress(filters);
  const [limit, setLimit] = useStore('list.limit', '50');
  const filter = { ...address.filled, ...fixed };
  const ordered = address.order === undefined ? filter : { ...filter, order: address.order };
  const query: Query = { ...ordered, ...address.cursor, limit };
  const reading = useApi<Answer<R>>(path, query, { everyMs, keep: true });
  const { data, error, isFetching, refetch } = reading;
  return (
    <>
      <ListFilters
        filters={filters}
        address={address}
        tools={
          <>
            {(data?.rows.length ?? 0) > 0 ? <ListColumns path={path} columns={columns} /> : null}
            {exported ? <ListExport path={path} query={ordered} columns={columns} /> : null}
          </>
        }
      />
      {totals === undefined ? null : <Totals<Totals> path={path} filter={filter} facts={totals} />}
      <Box sx={{ height: 3 }}>{isFetching ? <LinearProgress aria-hidden sx={{ height: 2 }} /> : null}</Box>
      {error === null ? null : <Trouble error={error} again={refetch} />}
      {data === undefined ? (
        error === null ? (
          <Waiting lines={8} />
        ) : null
      ) : (
        <Rows<R> {...{ list, data, address }} order={address.order ?? standardOrder} />
      )}
      {data === undefined ? null : (
        <Pager answer={data} address={address} limit={limit} setLimit={setLimit} />
      )}
    </>
  );
}

interface RowsProps<R> {
  readonly list: ListDescription<R, never>;
  readonly data: Answer<R>;
  readonly address: ListAddress;
  readonly order: string | undefined;
}

function Rows<R extends object>({ list, data, address, order }: RowsProps<R>) {
  const t = useT();
  const filtered = Object.keys(address.filled).length > 0;
  if (data.rows.length > 0)
    return <ListTable list={list} rows={data.rows} order={order} onSort={address.sort} />;
  return (
    <Nothing text={filtered ? 'kit.no_match' : (list.empty ?? 'kit.empty')}>
      {filtered ? <Button onClick={address.clear}>{t('kit.clear_all')}</Button> : null}
    </Nothing>
  );
}

interface TotalsProps<T> {
  readonly path: string;
  readonly filter: Query;
  readonly facts: NonNullable<ListDescription<object, T>['totals']>;
}

function Totals<T>({ path, filter, facts }: TotalsProps<T>) {
  const { data, error, refetch } = useApi<T>(`${path}/totals`, filter, { keep: true });
  if (error !== null) return <Trouble error={error} again={refetch} />;
  return (
    <Box
      sx={{
        p: 1.25,
        mb: 1,
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        minHeight: 58,
        bgcolor: 'background.paper',
      }}
    >
      {data === undefined ? <Waiting lines={1} /> : <Facts facts={facts(data)} />}
    </Box>
  );
}

interface PagerProps {
  readonly answer: Answer<unknown>;
  readonly address: ListAddress;
  readonly limit: string;
  readonly setLimit: (limit: string) => void;
}

function Pager({ answer: { next, previous }, address, limit, setLimit }: PagerProps) {
  const t = useT();
  const { turn, cursor } = address;
  const isFirst = cursor.after === undefined && cursor.before === undefined;
  return (
    <Box
      component="nav"
      aria-label={t('kit.pages')}
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1, alignItems: 'center' }}
    >
      <Button disabled={isFirst} onClick={() => turn({})}>
        {t('kit.first')}
      </Button>
      <Button disabled={previous === null} onClick={() => turn({ before: previous ?? '' })}>
        {t('kit.previous')}
      </Button>
      <Button disabled={next === null} onClick={() => turn({ after: next ?? '' })}>
        {t('kit.next')}
      </Button>
      <Box sx={{ ml: 'auto' }}>
        <ChoiceInput
          label={t('kit.rows_a_page')}
          value={limit}
          choices={LIMITS}
          onChange={(value) => {
            turn({});
            setLimit(value);
          }}
        />
      </Box>
    </Box>
  );
}
