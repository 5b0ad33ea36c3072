/**
 * Time in a simulation: a line of events, each at an instant of its own. Between two events everything that can run
 * has run, so one seed gives one course of events. An event belongs to somebody; of the dead none comes to pass.
 */
import type { Chance } from '../../simulation/random.ts';

/** Whose events they are: a node from start to crash, or the world, which does not die. */
export interface Owner {
  readonly name: string;
  alive: boolean;
}

export const WORLD: Owner = { name: 'world', alive: true };

export interface Clock {
  /** ms since the simulation began. */
  now(): number;
  after(delayMs: number, owner: Owner, work: () => void | Promise<void>): void;
  /** Ends after so long; never, when its owner is dead by then. */
  pause(ms: number, owner: Owner): Promise<void>;
  /** Lets events happen until `isOver`, asked after each. Throws when that is not so by `limitMs`. */
  run(isOver: () => boolean, limitMs: number): Promise<void>;
  events(): number;
}

interface Event {
  readonly at: number;
  /** Order among those of one instant. */
  readonly tie: number;
  readonly owner: Owner;
  readonly work: () => void | Promise<void>;
}

/** More than this is a loop that never ends. */
const EVENTS_MAX = 300_000;

export function openClock(chance: Chance): Clock {
  const line: Event[] = [];
  let now = 0;
  let happened = 0;

  async function run(isOver: () => boolean, limitMs: number): Promise<void> {
    while (!isOver()) {
      const event = takeFirst(line);
      if (event === undefined) throw new Error('nothing is to come, and it is not over');
      if (!event.owner.alive) continue;
      now = event.at;
      happened += 1;
      if (now > limitMs) throw new Error(`not over after ${now} ms`);
      if (happened > EVENTS_MAX) throw new Error(`not over after ${happened} events`);
      const done = event.work();
      if (done !== undefined) await done;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const after: Clock['after'] = (delayMs, owner, work) => {
    insert(line, { at: now + Math.max(0, Math.round(delayMs)), tie: chance.below(2 ** 30), owner, work });
  };
  return {
    now: () => now,
    after,
    pause: (ms, owner) => new Promise((resolve) => after(ms, owner, resolve)),
    run,
    events: () => happened,
  };
}

const isBefore = (one: Event, other: Event) =>
  one.at < other.at || (one.at === other.at && one.tie < other.tie);

/** A binary heap. */
function insert(heap: Event[], event: Event): void {
  let place = heap.push(event) - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    if (!isBefore(event, heap[above]!)) break;
    heap[place] = heap[above]!;
    place = above;
  }
  heap[place] = event;
}

function takeFirst(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
    if (!isBefore(heap[below]!, last)) break;
    heap[place] = heap[below]!;
    place = below;
  }
  heap[place] = last;
  return first;
}
