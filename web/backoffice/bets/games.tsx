/** Choosing a vendor and one of its games: filters of lists, and an input. */
import { useSearchParams } from 'react-router';
import { ChoiceInput } from '../kit/fields.tsx';
import type { ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';

interface Vendors {
  readonly vendors: readonly { readonly id: number; readonly name: string }[];
}
interface Games {
  readonly games: readonly { readonly id: number; readonly title: string; readonly vendor: string }[];
}

/** Filters `vendor` and `game`; games are those of the vendor that is chosen in the address. */
export function useGameFilters(): readonly ListFilter[] {
  const [search] = useSearchParams();
  const vendor = search.get('vendor') ?? undefined;
  const vendors = useApi<Vendors>('/vendor-names').data?.vendors ?? [];
  const games = useApi<Games>('/game-names', { vendor }, { keep: true }).data?.games ?? [];
  return [
    {
      type: 'choice',
      key: 'vendor',
      label: 'bets.vendor',
      choices: vendors.map(({ id, name }) => ({ value: String(id), label: name, plain: true })),
    },
    { type: 'choice', key: 'game', label: 'bets.game', choices: choicesOf(games) },
  ];
}

const choicesOf = (games: Games['games']) =>
  games.map(({ id, title, vendor }) => ({ value: String(id), label: `${title} (${vendor})`, plain: true }));

interface GameChoiceProps {
  /** Id; '' = none. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** Key of the text for none. */
  readonly none: string;
}

export function GameChoice({ value, onChange, none }: GameChoiceProps) {
  const t = useT();
  const games = useApi<Games>('/game-names').data?.games ?? [];
  return (
    <ChoiceInput
      label={t('bets.game')}
      value={value}
      choices={choicesOf(games)}
      none={none}
      onChange={onChange}
    />
  );
}
