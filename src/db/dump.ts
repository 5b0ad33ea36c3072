/**
 * Backup and restore, portable and without pg_dump: every table by COPY in one snapshot, as gzipped text.
 *
 *   line 1      header: format, migrations, partition days
 *   per table   `@table {name, columns}`, its COPY lines, `\.`
 *   last line   `@end` rows and SHA-256 of each table, values of the sequences
 *
 * Unlogged tables (pacing, nonces) are worth nothing later and are left out. A restore goes into an empty database, in
 * one transaction, and is only kept when every checksum fits.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Sql } from './connect.ts';
import { appliedMigrations, migrate } from './migrate.ts';
import { createPartition, partitionDays } from './partition.ts';

type Tx = Parameters<Parameters<Sql['begin']>[1]>[0];
type Progress = (done: number, all: number) => void;

interface Header {
  readonly format: 'croupier-backup';
  readonly version: 1;
  readonly createdAt: string;
  readonly migrations: readonly string[];
  readonly days: Readonly<Record<string, readonly string[]>>;
  readonly rows: number;
}
interface TableMark {
  readonly name: string;
  readonly columns: readonly string[];
}
interface Manifest {
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly sha256: string }>>;
  readonly sequences: Readonly<Record<string, { readonly value: string; readonly called: boolean }>>;
}

export interface DumpResult {
  readonly tables: number;
  readonly rows: number;
}

export class RestoreError extends Error {}

const PARTITIONED = ['transfer', 'transfer_detail'];

/** Writes a backup. The file appears under its name only when it is whole. */
export async function backup(sql: Sql, file: string, onProgress: Progress = () => {}): Promise<DumpResult> {
  const partial = `${file}.part`;
  const gzip = createGzip({ level: 6 });
  const written = pipeline(gzip, createWriteStream(partial, { mode: 0o600, flush: true }));
  written.catch(() => {});
  try {
    const result = await sql.begin('isolation level repeatable read read only', (tx) =>
      dumpAll(tx, gzip, onProgress),
    );
    gzip.end();
    await written;
    await rename(partial, file);
    return result;
  } catch (error) {
    gzip.destroy();
    await written.catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
}

async function dumpAll(tx: Tx, out: NodeJS.WritableStream, onProgress: Progress): Promise<DumpResult> {
  const names = await tablesOf(tx);
  const all = await countRows(tx, names);
  const header: Header = {
    format: 'croupier-backup',
    version: 1,
    createdAt: new Date().toISOString(),
    migrations: await appliedMigrations(tx),
    days: Object.fromEntries(
      await Promise.all(PARTITIONED.map(async (table) => [table, await partitionDays(tx, table)])),
    ),
    rows: all,
  };
  await write(out, `${JSON.stringify(header)}\n`);
  const tables: Record<string, { rows: number; sha256: string }> = {};
  let done = 0;
  for (const name of names) {
    const columns = await columnsOf(tx, name);
    await write(out, `@table ${JSON.stringify({ name, columns } satisfies TableMark)}\n`);
    tables[name] = await dumpTable(
      tx,
      { name, columns },
      { out, onRows: (rows) => onProgress(done + rows, all) },
    );
    done += tables[name].rows;
  }
  await write(
    out,
    `@end ${JSON.stringify({ tables, sequences: await sequencesOf(tx) } satisfies Manifest)}\n`,
  );
  return { tables: names.length, rows: done };
}

async function dumpTable(
  tx: Tx,
  { name, columns }: TableMark,
  sink: { out: NodeJS.WritableStream; onRows: (rows: number) => void },
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  let rows = 0;
  const stream = await tx.unsafe(`copy (select ${list(columns)} from ${quoted(name)}) to stdout`).readable();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    for (const byte of chunk) if (byte === 10) rows++;
    await write(sink.out, chunk);
    sink.onRows(rows);
  }
  await write(sink.out, '\\.\n');
  return { rows, sha256: hash.digest('hex') };
}

async function write(out: NodeJS.WritableStream, chunk: string | Buffer): Promise<void> {
  if (!out.write(chunk)) await once(out, 'drain');
}

/** Loads a backup into a database without agents or transfers, and brings it up to the newest migration. */
export async function restore(sql: Sql, file: string, onProgress: Progress = () => {}): Promise<DumpResult> {
  const lines = linesOf(file);
  const header = parseHeader(await nextLine(lines));
  await prepareEmpty(sql, header);
  const result = await sql.begin(async (tx) => {
    await tx.unsafe(`truncate ${(await tablesOf(tx)).map(quoted).join(', ')}`);
    const loaded = await loadTables(tx, lines, (rows) => onProgress(rows, header.rows));
    for (const [name, { value, called }] of Object.entries(loaded.manifest.sequences))
      await tx`select setval(${name}::regclass, ${value}::bigint, ${called})`;
    return { tables: Object.keys(loaded.manifest.tables).length, rows: loaded.rows };
  });
  await migrate(sql);
  return result;
}

type Lines = AsyncIterator<string>;

/** Lines end with a newline byte and nothing else: other line breaks are data. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const text = source.pipe(createGunzip());
  source.on('error', (error) => text.destroy(error));
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of text as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      yield bytes.toString('utf8', from, end);
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
}

async function nextLine(lines: Lines): Promise<string> {
  const { value, done } = await lines
    .next()
    .catch((error: Error) =>
      Promise.reject(new RestoreError(`the file could not be read: ${error.message}`)),
    );
  if (done) throw new RestoreError('the file ends before it is whole');
  return value;
}

function parseHeader(line: string): Header {
  const header = ((): Partial<Header> => {
    try {
      return JSON.parse(line);
    } catch {
      return {};
    }
  })();
  if (header.format !== 'croupier-backup' || header.version !== 1)
    throw new RestoreError('this is not a backup of Croupier');
  return header as Header;
}

async function prepareEmpty(sql: Sql, header: Header): Promise<void> {
  await migrate(sql, header.migrations.at(-1));
  const mine = await appliedMigrations(sql);
  if (mine.join() !== header.migrations.join())
    throw new RestoreError(
      'the database has other migrations than the backup: restore into an empty database with a version at least as new',
    );
  const [held] = await sql`select exists (select from agent) or exists (select from transfer) as held`;
  if (held?.held) throw new RestoreError('the database is not empty: a restore never overwrites');
  for (const [table, days] of Object.entries(header.days))
    for (const day of days) await createPartition(sql, table, day);
}

async function loadTables(
  tx: Tx,
  lines: Lines,
  onRows: (rows: number) => void,
): Promise<{ manifest: Manifest; rows: number }> {
  const sums: Record<string, { rows: number; sha256: string }> = {};
  let rows = 0;
  for (;;) {
    const line = await nextLine(lines);
    if (line.startsWith('@end ')) {
      const manifest = JSON.parse(line.slice(5)) as Manifest;
      checkSums(manifest, sums);
      return { manifest, rows };
    }
    if (!line.startsWith('@table ')) throw new RestoreError('the file is damaged: a table was expected');
    const table = JSON.parse(line.slice(7)) as TableMark;
    sums[table.name] = await loadTable(tx, table, { lines, onRow: () => onRows(++rows) });
  }
}

function checkSums(manifest: Manifest, sums: Manifest['tables']): void {
  for (const [name, { rows, sha256 }] of Object.entries(manifest.tables)) {
    const loaded = sums[name];
    if (loaded === undefined || loaded.rows !== rows || loaded.sha256 !== sha256)
      throw new RestoreError(`the file is damaged: table ${name} does not fit its checksum`);
  }
}

const CHUNK_CHARS = 1 << 16;

async function loadTable(
  tx: Tx,
  { name, columns }: TableMark,
  source: { lines: Lines; onRow: () => void },
): Promise<{ rows: number; sha256: string }> {
  // A day that was detached for archive is a table of its own.
  if (/^transfer_\d{8}$/.test(name))
    await tx.unsafe(`create table if not exists ${quoted(name)} (like transfer including all)`);
  const sink = await tx.unsafe(`copy ${quoted(name)} (${list(columns)}) from stdin`).writable();
  sink.on('error', () => {}); // told by the query as well
  try {
    const loaded = await pour(sink, source);
    sink.end();
    await once(sink, 'finish');
    return loaded;
  } catch (error) {
    // An unfinished COPY would keep the connection, and so the rollback, waiting for ever.
    const closed = once(sink, 'close');
    sink.destroy(error instanceof Error ? error : undefined);
    await closed.catch(() => {});
    throw error;
  }
}

async function pour(
  sink: NodeJS.WritableStream,
  source: { lines: Lines; onRow: () => void },
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  let rows = 0;
  let chunk = '';
  const flush = async () => {
    hash.update(chunk);
    await write(sink, chunk);
    chunk = '';
  };
  for (let line = await nextLine(source.lines); line !== '\\.'; line = await nextLine(source.lines)) {
    chunk += `${line}\n`;
    rows++;
    source.onRow();
    if (chunk.length > CHUNK_CHARS) await flush();
  }
  await flush();
  return { rows, sha256: hash.digest('hex') };
}

// ---- the catalogue of the database ----------------------------------------------------------------------------

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const list = (columns: readonly string[]) => columns.map(quoted).join(', ');

/** Logged tables that are no partitions, those others refer to first. */
async function tablesOf(tx: Tx): Promise<string[]> {
  const rows =
    await tx`select c.relname as name, coalesce(json_agg(distinct r.relname) filter (where r.relname is not null and r.oid <> c.oid), '[]') as needs
    from pg_class c left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' left join pg_class r on r.oid = k.confrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and c.relname <> 'schema_migration'
    group by c.relname order by c.relname`;
  const ordered: string[] = [];
  let left = rows.map((row) => ({ name: row.name as string, needs: row.needs as string[] }));
  while (left.length > 0) {
    const free = left.filter((table) => table.needs.every((need) => ordered.includes(need)));
    if (free.length === 0) throw new Error('tables refer to each other in a circle');
    ordered.push(...free.map((table) => table.name));
    left = left.filter((table) => !ordered.includes(table.name));
  }
  return ordered;
}

async function columnsOf(tx: Tx, table: string): Promise<string[]> {
  return (
    await tx`select attname from pg_attribute where attrelid = ${`public.${quoted(table)}`}::regclass and attnum > 0 and not attisdropped order by attnum`
  ).map((row) => row.attname);
}

async function countRows(tx: Tx, names: readonly string[]): Promise<number> {
  let all = 0;
  for (const name of names)
    all += Number((await tx.unsafe(`select count(*)::text as rows from ${quoted(name)}`))[0]?.rows ?? 0);
  return all;
}

async function sequencesOf(tx: Tx): Promise<Manifest['sequences']> {
  const names = (
    await tx`select sequencename as name from pg_sequences where schemaname = 'public' order by 1`
  ).map((row) => row.name as string);
  const entries: [string, { value: string; called: boolean }][] = [];
  for (const name of names) {
    const [row] = await tx.unsafe(
      `select last_value::text as value, is_called as called from ${quoted(name)}`,
    );
    entries.push([name, { value: row?.value, called: row?.called }]);
  }
  return Object.fromEntries(entries);
}
