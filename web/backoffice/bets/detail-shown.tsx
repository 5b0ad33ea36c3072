/** What the studio told of a bet, drawn where it is known how. */
import { Pretty } from '../kit/pretty.tsx';
import { BaccaratShown } from './baccarat.tsx';
import { readDetail } from './detail.ts';
import { SlotShown } from './slot.tsx';

export function DetailShown({ text, currency }: { readonly text: string; readonly currency: string }) {
  const detail = readDetail(text);
  switch (detail.kind) {
    case 'baccarat':
      return <BaccaratShown of={detail} />;
    case 'slot':
      return <SlotShown of={detail} currency={currency} />;
    case 'other':
      return <Pretty value={detail.value} label="bets.told" />;
  }
}
