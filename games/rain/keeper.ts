/**
 * Keeps stays going: one act of a player at a time, each until its answer is definite, with growing pauses; and looks
 * now and then for what is due: idle players, bets that were settled.
 * Invariants: a stay is worked on by one runner at most; what cannot get on is counted here and told at /status.
 */
import { openFeed } from './feed.ts';
import { nextAct } from './stay.ts';
import { type House, perform } from './steps.ts';
import { openTroubles } from './troubles.ts';
import { everyMs } from './turns.ts';

export type Pace = {
  /** Pauses between attempts. */
  retryMs: { first: number; most: number };
  sweepMs: number;
  feedMs: number;
};

export type Keeper = ReturnType<typeof keeper>;

/** Most stays that are worked on at once; others wait for the next look. */
const RUNNERS_MAX = 256;

/** Works on stays, each by itself. */
function openRunners(house: House, pace: Pace) {
  const { store, log, now, rules } = house;
  const running = new Map<string, Promise<void>>();
  /** Between two attempts nobody runs: what cannot get on keeps nobody else waiting. */
  const pausing = new Map<string, NodeJS.Timeout>();
  const troubles = openTroubles(house, pace.retryMs);
  let stopping = false;

  const isDue = (player: string) => nextAct(store.stay(player)!, now(), rules).kind !== 'rest';

  function pauseAfter(player: string, code: string): void {
    const pauseMs = troubles.note(player, code);
    const resume = () => {
      pausing.delete(player);
      start(player);
    };
    if (!stopping) pausing.set(player, setTimeout(resume, pauseMs));
  }

  async function run(player: string): Promise<void> {
    for (;;) {
      const stay = store.stay(player)!;
      const act = nextAct(stay, now(), rules);
      if (act.kind === 'rest' || stopping) return;
      const done = await perform(house, stay, act);
      if (done.kind === 'again') return pauseAfter(player, done.code);
      troubles.end(player);
    }
  }

  function start(player: string): void {
    const busy = running.has(player) || pausing.has(player) || running.size >= RUNNERS_MAX;
    if (stopping || busy || !isDue(player)) return;
    const done = run(player)
      .catch((error) => {
        if (stopping) return;
        log.error({ err: error }, 'a stay could not be kept');
        pauseAfter(player, 'error');
      })
      .finally(() => {
        running.delete(player);
        // What came while it ended.
        start(player);
      });
    running.set(player, done);
  }

  /** Somebody has done something: what is due is done now, also when it was being waited with. */
  function stir(player: string): void {
    clearTimeout(pausing.get(player));
    pausing.delete(player);
    start(player);
  }

  return {
    start,
    stir,
    trouble: troubles.of,
    async stop(): Promise<void> {
      stopping = true;
      for (const timer of pausing.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

/** Starts keeping. `stop` ends runners where they stand: the next process takes up what they leave. */
export function keeper(house: House, pace: Pace) {
  const runners = openRunners(house, pace);
  const sweep = (): void => {
    for (const { player } of house.store.stays()) runners.start(player);
  };
  const feed = openFeed(house, runners.start);
  const sweeping = setInterval(sweep, pace.sweepMs);
  const feeding = everyMs(pace.feedMs, {
    work: feed.read,
    onError: (error) => house.log.error({ err: error }, 'the changes of bets could not be read'),
  });
  sweep();
  return {
    stir: runners.stir,
    trouble: runners.trouble,
    readFeed: feeding.run,
    feed: feed.state,
    async stop(): Promise<void> {
      clearInterval(sweeping);
      await Promise.all([feeding.stop(), runners.stop()]);
    },
  };
}
