/** What the command is asked for. */
import { parseArgs } from 'node:util';

export const SECTIONS = ['start', 'feed', 'reconcile', 'settle', 'live', 'book', 'office'] as const;

export interface Options {
  readonly quick: boolean;
  /** False: missed targets are shown but do not fail the command. */
  readonly gate: boolean;
  /** Rows or sections to run; null = all. */
  readonly only: ReadonlySet<string> | null;
  readonly profile: string | null;
}

export const HELP = `Usage: npm run bench -- [--quick] [--no-gate] [--only name,name] [--profile folder]

Measures the hub beside its limit and its rival, on a database of its own.
  --quick     a short run (under 90 s; the long feed has 1,000,000 rows instead of 10,000,000)
  --no-gate   exit 0 even when a target is missed
  --only      rows to measure, by name: `;

/** Throws an Error that says what is wrong. */
export function readOptions(args: readonly string[], known: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      'no-gate': { type: 'boolean', default: false },
      only: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const only = values.only?.split(',').map((name) => name.trim());
  const strange = only?.find((name) => !known.includes(name));
  if (strange !== undefined) throw new Error(`no such row: ${strange}; there are ${known.join(', ')}`);
  return {
    quick: values.quick,
    gate: !values['no-gate'],
    only: only === undefined ? null : new Set(only),
    profile: values.profile ?? null,
  };
}
