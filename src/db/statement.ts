/**
 * Several pieces of SQL sent as one statement. A statement costs the driver and the server about the same whatever it
 * does: of the three milliseconds of a ledger batch of one, two thirds went into the number of its statements.
 */
import type { Connection } from './connect.ts';

export type Parameter = string | number | boolean | null;

/** SQL with its parameters, not yet numbered. */
export interface Piece {
  readonly strings: readonly string[];
  readonly values: readonly Parameter[];
}

/** Tagged text: what stands in braces becomes a parameter. */
export function piece(strings: TemplateStringsArray, ...values: readonly Parameter[]): Piece {
  return { strings, values };
}

/** A piece with plain text before and behind it. */
export function around(before: string, { strings, values }: Piece, behind: string): Piece {
  const all = [...strings];
  all[0] = `${before}${all[0]}`;
  all[all.length - 1] += behind;
  return { strings: all, values };
}

/** Runs pieces as one prepared statement; `before`, `between` and `after` are the plain text around them. */
export function run(
  db: Connection,
  pieces: readonly { readonly as: string; readonly sql: Piece }[],
  write: (texts: readonly { readonly as: string; readonly sql: string }[]) => string,
) {
  const values: Parameter[] = [];
  const texts = pieces.map(({ as, sql: { strings, values: own } }) => {
    let sql = strings[0] ?? '';
    for (const [index, value] of own.entries()) {
      values.push(value);
      sql += `$${values.length}${strings[index + 1]}`;
    }
    return { as, sql };
  });
  return db.unsafe(write(texts), values, { prepare: true });
}
