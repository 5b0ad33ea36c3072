/**
 * A loop that rests as long as its last run says: at most once at a time, woken when there is something to do sooner,
 * and stopped by waiting for what is under way.
 */
export interface PulseOptions {
  readonly name: string;
  /** Works, and says for how many ms it may rest. */
  readonly run: () => Promise<number>;
  readonly restAfterErrorMs: number;
  readonly onError: (loop: string, error: unknown) => void;
}

export interface Pulse {
  /** The rest ends now; during a run, there is no rest after it. */
  wake(): void;
  close(): Promise<void>;
}

export function startPulse({ name, run, restAfterErrorMs, onError }: PulseOptions): Pulse {
  let stopped = false;
  let isWoken = false;
  let isRunning = false;
  let underWay: Promise<void> = Promise.resolve();
  let timer = setTimeout(beat, 0);

  function beat(): void {
    isRunning = true;
    isWoken = false;
    underWay = once().then((restMs) => {
      isRunning = false;
      if (!stopped) timer = setTimeout(beat, isWoken ? 0 : restMs);
    });
  }

  async function once(): Promise<number> {
    try {
      return await run();
    } catch (error) {
      onError(name, error);
      return restAfterErrorMs;
    }
  }

  return {
    wake() {
      isWoken = true;
      if (isRunning || stopped) return;
      clearTimeout(timer);
      timer = setTimeout(beat, 0);
    },
    async close() {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
