/** How a call ended, as a state. */
import { Status } from '../kit/values.tsx';
import type { RequestRow } from './wire.ts';

export function RefusedFor({ status, refusal }: Pick<RequestRow, 'status' | 'refusal'>) {
  if (refusal === null) return <Status tone="good" label="developer.kinds.done" />;
  return <Status tone={status >= 500 ? 'bad' : 'warn'} label={`developer.refusals.${refusal}.name`} />;
}
