/** The statement of one user's wallet or points, for its page. */
import { ListView } from '../kit/list.tsx';
import type { ListFilter } from '../kit/list-types.ts';
import type { Player } from '../players/player.ts';
import {
  addressOfLine,
  PLAYER_COLUMNS,
  PLAYER_TYPES,
  type StatementLine,
  typeFilter,
  WALLET_COLUMNS,
} from './line.tsx';

const FILTERS: readonly ListFilter[] = [typeFilter(PLAYER_TYPES), { type: 'instants' }];

const POINTS = { account: 'points' } as const;

/** What was given of points, and what became of them. */
export function PointsStatement({ id }: Pick<Player, 'id'>) {
  return (
    <ListView<StatementLine>
      path={`/statement/player/${id}`}
      fixed={POINTS}
      columns={WALLET_COLUMNS}
      filters={[{ type: 'instants' }]}
      standardOrder="newest"
      rowLink={addressOfLine}
      empty="statement.empty"
    />
  );
}

export function PlayerStatement({ player: { id, wallet } }: { readonly player: Player }) {
  return (
    <ListView<StatementLine>
      path={`/statement/player/${id}`}
      columns={wallet === 'seamless' ? PLAYER_COLUMNS : WALLET_COLUMNS}
      filters={FILTERS}
      standardOrder="newest"
      rowLink={addressOfLine}
      empty="statement.empty"
    />
  );
}
