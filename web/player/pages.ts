/** Long lists, read page by page: `before` goes back to the hub as it came from it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Page as WirePage } from '../../src/kbook/player-wire.ts';
import { ask } from './keys.ts';
import { useAtHand } from './parts/at-hand.tsx';

export interface Listed<Row> {
  readonly rows: readonly Row[];
  readonly state: 'reading' | 'more' | 'all' | 'failed';
  readonly more: () => void;
}

const ROWS = 25;

/** Reads `path` (which may carry a query) from its beginning, and on when asked. */
export function useListed<Row>(path: string): Listed<Row> {
  const { engine } = useAtHand();
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [state, setState] = useState<Listed<Row>['state']>('reading');
  const next = useRef<string | null>(null);
  const turn = useRef(0);

  const read = useCallback(
    async (from: 'start' | 'on') => {
      turn.current += 1;
      const mine = turn.current;
      setState('reading');
      const before =
        from === 'on' && next.current !== null ? `&before=${encodeURIComponent(next.current)}` : '';
      const joint = path.includes('?') ? '&' : '?';
      const answer = await ask<WirePage<Row>>(engine.keys, {
        path: `${path}${joint}limit=${ROWS}${before}`,
      });
      if (mine !== turn.current) return;
      if (answer.kind !== 'ok') return setState('failed');
      next.current = answer.data.next;
      setRows((old) => (from === 'on' ? [...old, ...answer.data.rows] : answer.data.rows));
      setState(answer.data.next === null ? 'all' : 'more');
    },
    [engine, path],
  );
  useEffect(() => {
    next.current = null;
    void read('start');
    return () => {
      turn.current += 1;
    };
  }, [read]);
  const more = useCallback(() => void read(next.current === null ? 'start' : 'on'), [read]);
  return { rows, state, more };
}
