/** What of a limit is shown in several places: on what it is, whose it is, how much. */

import Link from '@mui/material/Link';
import { Link as To } from 'react-router';
import { useT } from '../kit/text.ts';
import { Money } from '../kit/values.tsx';
import type { Limit } from './limit.ts';

/** Agent, vendor, game and player, as far as it is narrowed. */
export function Target({ vendor, game, player, playerId }: Limit) {
  const t = useT();
  const parts = [game ?? vendor].filter((each) => each !== null);
  if (parts.length === 0 && player === null) return t('limits.everything');
  return (
    <>
      {parts.join(' ')}
      {game === null || vendor === null ? null : ` (${vendor})`}
      {player === null ? null : (
        <>
          {parts.length === 0 ? null : ' · '}
          <Link component={To} to={`/players/${playerId}`} onClick={(event) => event.stopPropagation()}>
            {player}
          </Link>
        </>
      )}
    </>
  );
}

export function Bound({ agent }: Pick<Limit, 'agent'>) {
  const t = useT();
  return agent ?? t('limits.upline');
}

export function Owner({ owner, ownerName }: Pick<Limit, 'owner' | 'ownerName'>) {
  const t = useT();
  if (owner === 'house') return t('frame.house');
  if (owner === 'upline') return t('limits.by_upline');
  return owner === 'own' ? t('limits.by_own') : (ownerName ?? t('frame.house'));
}

/** Zero is none at all. */
export function LimitAmount({
  minor,
  currency,
}: {
  readonly minor: string | null;
  readonly currency: string;
}) {
  const t = useT();
  return minor === '0' ? t('limits.nothing') : <Money minor={minor} currency={currency} />;
}
