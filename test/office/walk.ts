/** Walking a list of the back office to its end, and back: what every list must give whole and in order. */
import assert from 'node:assert/strict';
import type { OfficeClient } from './rig.ts';

type Query = Readonly<Record<string, string | number>>;
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
type Row = any;

export interface Walk {
  readonly path: string;
  readonly query?: Query;
  readonly limit: number;
}

/** All rows of a list, page after page; then back again, which must give the same. */
export async function walk(client: OfficeClient, { path, query = {}, limit }: Walk): Promise<Row[]> {
  const there: Row[][] = [];
  let cursor: string | null = null;
  let back: string | null = null;
  do {
    const page: Row = await read(client, path, {
      ...query,
      limit,
      ...(cursor === null ? {} : { after: cursor }),
    });
    assert.ok(page.rows.length <= limit);
    if (page.rows.length > 0) there.push(page.rows);
    cursor = page.next;
    back = page.previous;
  } while (cursor !== null);
  const pages = there.slice(0, -1);
  while (back !== null) {
    const page: Row = await read(client, path, { ...query, limit, before: back });
    if (page.rows.length > 0)
      assert.deepEqual(page.rows, pages.pop(), `${path}: another page on the way back`);
    back = page.previous;
  }
  assert.equal(pages.length, 0, `${path}: the way back ended early`);
  return there.flat();
}

async function read(client: OfficeClient, path: string, query: Query): Promise<Row> {
  const answer = await client.get(path, query);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}
