/** User betting history: all rounds in scope, and the way to one from any id. */
import { ListPage } from '../kit/list.tsx';
import type { ListFilter } from '../kit/list-types.ts';
import { Find } from './find.tsx';
import { ROUND_COLUMNS, type RoundRow, type RoundTotals, roundFacts, useRoundFilters } from './round-row.tsx';

const WHOSE: readonly ListFilter[] = [{ type: 'agent' }, { type: 'player' }];

export default function Rounds() {
  const filters = useRoundFilters(WHOSE);
  return (
    <ListPage<RoundRow, RoundTotals>
      path="/rounds"
      columns={ROUND_COLUMNS}
      filters={filters}
      rowLink={({ id }) => `/rounds/${id}`}
      totals={roundFacts}
      empty="bets.empty"
    >
      <Find />
    </ListPage>
  );
}
