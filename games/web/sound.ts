/** Sounds, synthesised; silent until the player turns them on. */

export type Sound = {
  toggle(): boolean;
  spin(): void;
  stop(reel: number): void;
  tick(): void;
  win(strength: number): void;
  fanfare(): void;
};

type Note = { at: number; frequency: number; length: number; volume: number; shape: OscillatorType };

const SCALE = [523.25, 587.33, 659.25, 783.99, 880, 1046.5, 1174.66, 1318.51, 1567.98] as const;

function playNote(context: AudioContext, note: Note): void {
  const start = context.currentTime + note.at;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = note.shape;
  oscillator.frequency.value = note.frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(note.volume, start + 0.012);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + note.length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + note.length + 0.02);
}

/** The sounds of a page. */
export function newSound(): Sound {
  let context: AudioContext | null = null;
  let on = false;
  const play = (...notes: Note[]): void => {
    if (!on || context === null) return;
    for (const note of notes) playNote(context, note);
  };
  return {
    toggle() {
      on = !on;
      if (on) {
        context ??= new AudioContext();
        void context.resume();
      }
      return on;
    },
    spin: () =>
      play(
        ...[0, 1, 2].map(
          (n): Note => ({
            at: n * 0.05,
            frequency: 180 + n * 60,
            length: 0.12,
            volume: 0.05,
            shape: 'triangle',
          }),
        ),
      ),
    stop: (reel) => play({ at: 0, frequency: 120 + reel * 12, length: 0.14, volume: 0.12, shape: 'sine' }),
    tick: () => play({ at: 0, frequency: 1_200, length: 0.04, volume: 0.02, shape: 'square' }),
    win: (strength) =>
      play(
        ...SCALE.slice(0, Math.min(SCALE.length, 3 + strength)).map(
          (frequency, n): Note => ({
            at: n * 0.08,
            frequency,
            length: 0.32,
            volume: 0.07,
            shape: 'triangle',
          }),
        ),
      ),
    fanfare: () =>
      play(
        ...[0, 2, 4, 5, 4, 5, 7, 8].map(
          (step, n): Note => ({
            at: n * 0.11,
            frequency: SCALE[step]!,
            length: 0.4,
            volume: 0.08,
            shape: 'sawtooth',
          }),
        ),
      ),
  };
}
