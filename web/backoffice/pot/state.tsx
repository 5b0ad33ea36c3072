/** Kinds and states of requests, in words. */
import { useT } from '../kit/text.ts';
import { Status, type Tone } from '../kit/values.tsx';
import type { PotRequest } from './request.ts';

const TONES: Readonly<Record<PotRequest['state'], Tone>> = {
  asked: 'warn',
  approved: 'info',
  carried_out: 'good',
  refused: 'bad',
  withdrawn: 'idle',
  expired: 'idle',
};

/** Approved and yet not done is said with what it waits for. */
export function PotState({ of }: { readonly of: PotRequest }) {
  if (of.trouble === 'pot_too_low' && of.state === 'approved')
    return <Status tone="bad" label="pot.too_low" />;
  if (of.state === 'approved' && of.approvals.length < of.needed)
    return <Status tone="warn" label="pot.half" />;
  return <Status tone={TONES[of.state]} label={`pot.states.${of.state}`} />;
}

export function PotKind({ kind }: Pick<PotRequest, 'kind'>) {
  const t = useT();
  return t(`pot.kinds.${kind}`);
}
