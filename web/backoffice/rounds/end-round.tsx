/** Ordering that an open round be ended: a second person confirms. */
import { ActButton } from '../kit/act-button.tsx';
import { Facts } from '../kit/facts.tsx';
import { Money } from '../kit/values.tsx';

interface Open {
  readonly player: number;
  readonly username: string;
  readonly gameId: number;
  readonly game: string;
  readonly round: string;
  readonly currency: string;
  readonly stake: string;
}

export function EndRound({ of }: { readonly of: Open }) {
  const { player, username, gameId, game, round, currency, stake } = of;
  const place = { player: String(player), game: String(gameId), round };
  const facts = (
    <Facts
      facts={[
        { label: 'kit.player', value: username },
        { label: 'bets.game', value: game },
        { label: 'bets.round', value: round },
        { label: 'bets.stake', value: <Money minor={stake} currency={currency} /> },
      ]}
    />
  );
  return (
    <>
      <ActButton
        {...{
          label: 'rounds.void',
          title: 'rounds.void_title',
          text: 'rounds.void_text',
          path: '/round-orders',
        }}
        fields={[{ key: 'reason', type: 'reason' }]}
        body={({ reason }) => ({ ...place, act: 'void', reason })}
        done="rounds.is_ordered"
      >
        {facts}
      </ActButton>
      <ActButton
        {...{
          label: 'rounds.settle',
          title: 'rounds.settle_title',
          text: 'rounds.settle_text',
          path: '/round-orders',
        }}
        fields={[
          { key: 'amount', type: 'money', label: 'rounds.wins', currency, required: true },
          { key: 'reason', type: 'reason' },
        ]}
        body={({ amount, reason }) => ({ ...place, act: 'settle', amount, reason })}
        done="rounds.is_ordered"
      >
        {facts}
      </ActButton>
      <ActButton
        {...{
          label: 'rounds.lose',
          title: 'rounds.lose_title',
          text: 'rounds.lose_text',
          path: '/round-orders',
        }}
        fields={[{ key: 'reason', type: 'reason' }]}
        body={({ reason }) => ({ ...place, act: 'settle', amount: '0', reason })}
        done="rounds.is_ordered"
      >
        {facts}
      </ActButton>
    </>
  );
}
