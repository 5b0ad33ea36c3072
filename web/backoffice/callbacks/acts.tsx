/** What may be done about a callback. */
import { ActButton } from '../kit/act-button.tsx';
import { Row } from '../kit/row.tsx';
import type { CallbackRow } from './wire.ts';

interface Of {
  readonly of: CallbackRow;
}

/** Those that have ended, or are being asked about, are nobody's to act on. */
const isOpen = ({ state }: CallbackRow) => state === 'due' || state === 'listed';
const namedBy = ({ id, type, username }: CallbackRow) => ({ id, type, name: username });

export function Resend({ of }: Of) {
  if (!isOpen(of)) return null;
  return (
    <ActButton
      label="callbacks.resend"
      text="callbacks.resend_text"
      named={namedBy(of)}
      path={`/callbacks/${of.id}/resend`}
      fields={[{ key: 'reason', type: 'reason', required: false }]}
      done="callbacks.resent"
    />
  );
}

export function CallbackActs({ of }: Of) {
  if (!isOpen(of)) return null;
  return (
    <Row>
      <Resend of={of} />
      <ActButton
        label="callbacks.resolve"
        text="callbacks.resolve_text"
        named={namedBy(of)}
        path={`/callbacks/${of.id}/resolve`}
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
export function ResendListed({ onDone }: { readonly onDone: (resent: Resent) => void }) {
  return (
    <ActButton<Resent>
      label="callbacks.resend_all"
      text="callbacks.resend_all_text"
      path="/callbacks/resend-listed"
      fields={[
        { key: 'agent', type: 'agent', required: true },
        { key: 'reason', type: 'reason', required: false },
      ]}
      onDone={onDone}
    />
  );
}
