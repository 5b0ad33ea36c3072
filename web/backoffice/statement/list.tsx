/** User POT history: every movement of users' money in scope. */

import { Find } from '../bets/find.tsx';
import { ListPage } from '../kit/list.tsx';
import type { ListFilter } from '../kit/list-types.ts';
import { ALL_COLUMNS, addressOfLine, PLAYER_TYPES, type StatementLine, typeFilter } from './line.tsx';

const FILTERS: readonly ListFilter[] = [
  { type: 'agent' },
  { type: 'player' },
  typeFilter(PLAYER_TYPES),
  { type: 'instants' },
];

export default function Statement() {
  return (
    <ListPage<StatementLine>
      path="/statement"
      columns={ALL_COLUMNS}
      filters={FILTERS}
      rowLink={addressOfLine}
      empty="statement.empty"
    >
      <Find />
    </ListPage>
  );
}
