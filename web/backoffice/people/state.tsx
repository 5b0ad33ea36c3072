/** Whether a person may sign in. */
import { Status } from '../kit/values.tsx';
import type { Person } from './person.ts';

export function PersonState({ of }: { readonly of: Person }) {
  if (of.disabledAt !== null) return <Status tone="bad" label="people.disabled" />;
  if (of.lockedUntil !== null && Date.parse(of.lockedUntil) > Date.now())
    return <Status tone="warn" label="people.locked" />;
  if (of.passwordAt === null) return <Status tone="info" label="people.invited" />;
  return <Status tone="good" label="people.active" />;
}
