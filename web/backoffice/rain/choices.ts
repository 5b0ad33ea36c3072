/** What can be chosen from in filters and forms of the rain book. */
import type { BookOperatorRow, RainSiteRow, VendorTypeRow } from '../../../src/backoffice/rain-setup-wire.ts';
import { BET_STATUSES, BET_TYPES, GAME_STATUSES, SESSION_TYPES } from '../../../src/core/book/types.ts';
import type { Choice } from '../kit/fields.tsx';
import type { ListFilter } from '../kit/list-types.ts';
import { useApi } from '../kit/use-api.ts';

export const STATUS_CHOICES = GAME_STATUSES.map((value) => ({ value, label: `rain.statuses.${value}` }));
export const TYPE_CHOICES = SESSION_TYPES.map((value) => ({ value, label: `rain.types.${value}` }));
export const SIDE_CHOICES = BET_TYPES.map((value) => ({ value, label: `rain.sides.${value}` }));
export const BET_STATE_CHOICES: readonly Choice[] = [
  { value: 'TEMP,CHECK', label: 'rain.bet_states.pending' },
  ...BET_STATUSES.map((value) => ({ value, label: `rain.bet_states.${value}` })),
];

/** Both days included. */
export const DAYS: readonly ListFilter[] = [
  { type: 'day', key: 'from', label: 'rain.from_day' },
  { type: 'day', key: 'to', label: 'rain.to_day' },
];

const plain = (value: string): Choice => ({ value, label: value, plain: true });

export function useSites() {
  return useApi<{ readonly sites: readonly RainSiteRow[] }>('/rain/sites');
}

export function useSiteChoices(): readonly Choice[] {
  return useSites().data?.sites.map(({ name }) => plain(name)) ?? [];
}

export function useOperatorChoices(): readonly Choice[] {
  const { data } = useApi<{ readonly operators: readonly BookOperatorRow[] }>('/rain/operators');
  return data?.operators.map(({ id, name }) => ({ value: String(id), label: name, plain: true })) ?? [];
}

export function useVendorTypeChoices(): readonly Choice[] {
  const { data } = useApi<{ readonly vendorTypes: readonly VendorTypeRow[] }>('/rain/vendor-types');
  return data?.vendorTypes.map(({ name }) => plain(name)) ?? [];
}
