/** The rounds of one user, for its page. */
import { useMemo } from 'react';
import { ListView } from '../kit/list.tsx';
import { ROUND_COLUMNS, type RoundRow, useRoundFilters } from './round-row.tsx';

const WHOSE: readonly never[] = [];
const OF_ONE = ROUND_COLUMNS.filter(({ key }) => key !== 'username' && key !== 'agentName');

export function RoundsOf({ player }: { readonly player: number }) {
  const filters = useRoundFilters(WHOSE);
  const fixed = useMemo(() => ({ player }), [player]);
  return (
    <ListView<RoundRow>
      path="/rounds"
      columns={OF_ONE}
      filters={filters}
      fixed={fixed}
      rowLink={({ id }) => `/rounds/${id}`}
      empty="bets.empty"
    />
  );
}
