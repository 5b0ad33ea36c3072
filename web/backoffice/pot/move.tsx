/** Giving POT to an agent, or taking it back. */
import { useNavigate } from 'react-router';
import { ActButton } from '../kit/act-button.tsx';
import { type PotReceipt, usePageKey } from './request.ts';

interface MovePotProps {
  readonly agent: { readonly id: number; readonly username: string; readonly currency: string };
}

export function MovePot({ agent }: MovePotProps) {
  return (
    <>
      <Move agent={agent} direction="give" />
      <Move agent={agent} direction="take" />
    </>
  );
}

function Move({ agent, direction }: MovePotProps & { readonly direction: 'give' | 'take' }) {
  const { keyFor, renew } = usePageKey();
  const navigate = useNavigate();
  const { id, username, currency } = agent;
  return (
    <ActButton<PotReceipt>
      label={`pot.move.${direction}`}
      title={`pot.move_title.${direction}`}
      text={`pot.move_text.${direction}`}
      named={{ name: username }}
      path={`/agents/${id}/pot`}
      fields={[
        { key: 'amount', type: 'money', label: 'pot.amount', currency, required: true },
        { key: 'note', type: 'text', label: 'pot.note', help: 'pot.note_help' },
      ]}
      body={({ amount = '', note = '' }) => ({ direction, amount, note, key: keyFor(direction, amount) })}
      onDone={(receipt) => {
        renew();
        navigate(`/pot-requests/${receipt.id}`);
      }}
    />
  );
}
