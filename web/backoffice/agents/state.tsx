/** Whether an agent works, in a word. */
import { Status } from '../kit/values.tsx';

export function AgentState({ suspended }: { readonly suspended: boolean }) {
  return suspended ? (
    <Status tone="bad" label="agents.suspended" />
  ) : (
    <Status tone="good" label="agents.active" />
  );
}
