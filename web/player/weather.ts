/** The station's rain, read when somebody looks and kept for FRESH_MS. */
import { useEffect, useState } from 'react';
import type { WeatherView } from '../../src/kbook/player-wire.ts';
import { ask } from './keys.ts';
import { useAtHand, useBook } from './parts/at-hand.tsx';

const FRESH_MS = 10 * 60_000;
const AGAIN_MS = 15_000;

let kept: { readonly at: number; readonly view: WeatherView } | null = null;

export type WeatherNow =
  | { readonly kind: 'wait' }
  | { readonly kind: 'none' }
  | { readonly kind: 'here'; readonly view: WeatherView };

/** Reads it once it is wanted, and again when it is old. */
export function useWeather(): WeatherNow {
  const { engine } = useAtHand();
  const site = useBook(
    ({ sessions, player }) => sessions.values().next().value?.site ?? player.vendorType.split('_')[0] ?? '',
  );
  const [now, setNow] = useState<WeatherNow>(
    kept === null || kept.view.site !== site ? { kind: 'wait' } : { kind: 'here', view: kept.view },
  );
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const read = async () => {
      const answer = await ask<WeatherView>(engine.keys, {
        path: `weather?site=${encodeURIComponent(site)}`,
      });
      if (gone) return;
      if (answer.kind === 'ok') {
        kept = { at: Date.now(), view: answer.data };
        setNow({ kind: 'here', view: answer.data });
      } else setNow((was) => (was.kind === 'here' ? was : { kind: 'none' }));
      timer = setTimeout(read, answer.kind === 'ok' ? FRESH_MS : AGAIN_MS);
    };
    const age = kept?.view.site === site ? Date.now() - kept.at : FRESH_MS;
    timer = setTimeout(read, Math.max(0, FRESH_MS - age));
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [engine, site]);
  return now;
}
