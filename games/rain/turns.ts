/** Work done now and then. A turn that comes while the last one runs is that one. */

export type Turns = {
  run(): Promise<void>;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
};

export function everyMs(
  ms: number,
  by: { work: () => Promise<void>; onError: (error: unknown) => void },
): Turns {
  let running: Promise<void> | null = null;
  let stopped = false;
  const run = (): Promise<void> => {
    running ??= by
      .work()
      .catch((error) => {
        if (!stopped) by.onError(error);
      })
      .finally(() => {
        running = null;
      });
    return running;
  };
  const timer = setInterval(() => void run(), ms);
  return {
    run,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
