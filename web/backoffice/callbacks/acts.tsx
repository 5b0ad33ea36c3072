/** What may be done about a callback. */
import { ActButton } from '../kit/act-button.tsx';
import { Row } from '../kit/row.tsx';
import type { CallbackRow } from './wire.ts';

/** Those that have ended are nobody's to act on; of a bet that is being asked about the hub will say so itself. */
export function CallbackActs({ of: { id, type, username, state } }: { readonly of: CallbackRow }) {
  const named = { id, type, name: username };
  const isOpen = state === 'due' || state === 'listed';
  if (!isOpen) return null;
  return (
    <Row>
      <ActButton
        label="callbacks.resend"
        text="callbacks.resend_text"
        named={named}
        path={`/callbacks/${id}/resend`}
        fields={[{ key: 'reason', type: 'reason', required: false }]}
        done="callbacks.resent"
      />
      <ActButton
        label="callbacks.resolve"
        text="callbacks.resolve_text"
        named={named}
        path={`/callbacks/${id}/resolve`}
        fields={[{ key: 'reason', type: 'reason' }]}
        done="callbacks.resolved"
        danger
      />
    </Row>
  );
}

interface Resent {
  readonly resent: number;
  readonly refused: number;
  readonly more: boolean;
}

/** All that was given up, of one agent. */
export function ResendListed({
  agent,
  onDone,
}: {
  /** Id; absent: it is asked for. */
  readonly agent?: number;
  readonly onDone: (resent: Resent) => void;
}) {
  return (
    <ActButton<Resent>
      label="callbacks.resend_all"
      text="callbacks.resend_all_text"
      path="/callbacks/resend-listed"
      fields={[
        ...(agent === undefined ? [{ key: 'agent', type: 'agent', required: true } as const] : []),
        { key: 'reason', type: 'reason', required: false },
      ]}
      body={({ reason = '', ...values }) => ({
        agent: agent === undefined ? values.agent : String(agent),
        ...(reason === '' ? {} : { reason }),
      })}
      onDone={onDone}
    />
  );
}
