/** Commands about studios and the catalogue. */
import { record } from '../db/audit.ts';
import { listVendors, setVendor } from '../db/game.ts';
import { listStudios } from '../db/studio.ts';
import { createStudioWithSecret, rotateStudioSecret } from '../office.ts';
import { actor, CliError, type Json, onOff, print, table, withOffice } from './context.ts';

export async function create(
  options: Json & { readonly name: string; readonly vendors: string },
): Promise<void> {
  const vendors = options.vendors
    .split(',')
    .map((vendor) => vendor.trim())
    .filter((vendor) => vendor !== '');
  if (vendors.length === 0) throw new CliError('--vendors: one or more, by comma', 2);
  const made = await withOffice((office) =>
    createStudioWithSecret(office, { name: options.name, vendors, actor: actor() }),
  );
  const { studio, key, secret, id } = made;
  print(
    options,
    { studio, key, secret, id },
    () => `studio ${studio}\nkey     ${key}\nsecret, shown once: ${secret}`,
  );
}

export async function rotate(options: Json & { readonly name: string }): Promise<void> {
  const made = await withOffice((office) =>
    rotateStudioSecret(office, { name: options.name, actor: actor() }),
  );
  print(
    options,
    made,
    ({ key, secret }) =>
      `key     ${key}\nsecret, shown once: ${secret}\nThe secret before it stays live until the next rotation.`,
  );
}

export async function list(options: Json): Promise<void> {
  const studios = await withOffice(async (office) => {
    const vendors = await listVendors(office.sql);
    return (await listStudios(office.sql)).map((studio) => ({
      ...studio,
      vendors: vendors.filter((vendor) => vendor.studioId === studio.id).map((vendor) => vendor.name),
    }));
  });
  print(options, studios, (rows) =>
    table(
      rows.map((row) => ({
        ...row,
        vendors: row.vendors.length > 5 ? `${row.vendors.length} vendors` : row.vendors.join(', '),
      })),
    ),
  );
}

interface VendorOptions extends Json {
  readonly name: string;
  readonly enabled?: string;
  readonly zeroWins?: string;
  readonly multiBet?: string;
  readonly cancelPauseMs?: string;
  readonly bettingMs?: string;
  readonly roundLimitMs?: string;
}

export async function vendor(options: VendorOptions): Promise<void> {
  const { json: _json, name, ...changes } = options;
  const settings = {
    enabled: onOff(options.enabled, '--enabled') ?? null,
    zeroWins: onOff(options.zeroWins, '--zero-wins') ?? null,
    multiBet: onOff(options.multiBet, '--multi-bet') ?? null,
    cancelPauseMs: ms(options.cancelPauseMs, '--cancel-pause-ms'),
    bettingMs: ms(options.bettingMs, '--betting-ms'),
    roundLimitMs: ms(options.roundLimitMs, '--round-limit-ms'),
  };
  const shown = await withOffice(async (office) => {
    if (!(await setVendor(office.sql, name, settings))) throw new CliError(`no such vendor: ${name}`);
    if (Object.keys(changes).length > 0)
      await record(office.sql, { actor: actor(), action: 'vendor.set', subject: name, detail: changes });
    const found = (await listVendors(office.sql)).find((each) => each.name === name);
    return { name, enabled: found?.enabled, ...found?.rules, roundLimitMs: found?.roundLimitMs };
  });
  print(options, shown, (row) => table([row]));
}

function ms(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new CliError(`${name} must be milliseconds`, 2);
  return Number(text);
}
