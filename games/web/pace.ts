/**
 * How long things are shown. Every wait of a show ends by the clock, or at once when the player presses. None waits
 * for a frame to be drawn or an animation to end: a page that is hidden, covered or slow may never draw one.
 */
export type Hold = {
  /** Resolves after the hold's time, or when it is ended. */
  done: Promise<void>;
  end: () => void;
};

export type Pace = {
  /** Holds for `ms`, or without it until the player presses. */
  hold(ms?: number): Hold;
  wait(ms: number): Promise<void>;
  /** The player presses: whatever is held now ends; what comes after takes its time again. */
  hurry(): void;
};

/** A wait that somebody may end before its time. */
export function newHold(ms?: number): Hold {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
  return {
    done: promise,
    end() {
      clearTimeout(timer);
      resolve();
    },
  };
}

/** The pace of one screen. */
export function newPace(): Pace {
  const held = new Set<Hold>();
  const hold = (ms?: number): Hold => {
    const each = newHold(ms);
    held.add(each);
    void each.done.then(() => held.delete(each));
    return each;
  };
  return {
    hold,
    wait: (ms) => hold(ms).done,
    hurry() {
      for (const each of held) each.end();
    },
  };
}
