/**
 * What one visit keeps across a reload: tokens, the link's token until it has been used, the way home, a bet nobody has
 * answered yet. It is the tab's own storage and dies with it. Framed by a strict browser there may be none: then it is
 * kept as long as the page stands.
 */
import type { Tokens } from '../../src/kbook/player-wire.ts';
import type { Side } from '../shared/exposure.ts';

/** A bet that was sent. Until it has been answered, whatever is sent for it carries the same key. */
export interface SentOrder {
  readonly key: string;
  readonly sessionId: number;
  readonly side: Side;
  /** Thousandths. */
  readonly odds: number;
  /** Minor units, as text. */
  readonly stake: string;
}

export interface Saved {
  readonly tokens: Tokens;
  /** The link's token while it waits for a password. */
  readonly token: string;
  readonly home: string;
  readonly language: string;
  readonly order: SentOrder;
  /** When the player was last told how long the visit lasts. */
  readonly told: number;
}

const memory = new Map<string, string>();

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const MEMORY: Shelf = {
  getItem: (name) => memory.get(name) ?? null,
  setItem: (name, value) => void memory.set(name, value),
  removeItem: (name) => void memory.delete(name),
};

/** A strict browser throws at the mere name of its storage. */
function shelf(): Shelf {
  try {
    return globalThis.sessionStorage ?? MEMORY;
  } catch {
    return MEMORY;
  }
}

export function load<Name extends keyof Saved>(name: Name): Saved[Name] | null {
  try {
    return JSON.parse(shelf().getItem(`rain.${name}`) ?? 'null');
  } catch {
    return null;
  }
}

/** Null takes it away. */
export function save<Name extends keyof Saved>(name: Name, value: Saved[Name] | null): void {
  try {
    if (value === null) shelf().removeItem(`rain.${name}`);
    else shelf().setItem(`rain.${name}`, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs a reload its memory, nothing else.
  }
}
