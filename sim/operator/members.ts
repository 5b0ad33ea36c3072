/** Who plays here, whatever wallet the site has. */
import type { Minor } from './money.ts';

export interface Person {
  /** The folded name: one account a name. */
  readonly id: string;
  /** The name as chosen; also the user name at the hub. */
  readonly name: string;
  readonly joinedAt: string;
  /** What is at this site. */
  readonly balance: Minor;
}

export interface Members {
  member(id: string): Person | null;
  members(): readonly Person[];
  /** The member of this name, made with the gift when there is none; null when the site is full. */
  join(name: string): Promise<Person | null>;
}
