/** Commands about the master key. */
import { record } from '../db/audit.ts';
import { resealAll } from '../db/sealed.ts';
import { openVault, type Vault } from '../engine/seal.ts';
import { actor, CliError, type Json, print, table, withOffice } from './context.ts';

const LEFT_BEHIND =
  'Restart all nodes with the new SECRET_KEY now. Launch tokens and session handles signed by the old key have ended: ' +
  'players open their games anew.';

/** Seals everything anew with SECRET_KEY that OLD_SECRET_KEY has sealed. What is sealed with it already stays. */
export async function reseal(options: Json): Promise<void> {
  const oldKey = process.env.OLD_SECRET_KEY?.trim() ?? '';
  if (oldKey === '')
    throw new CliError('OLD_SECRET_KEY must be set to the key before, SECRET_KEY to the new one', 2);
  const former = openVault(oldKey);
  const resealed = await withOffice(async (office) => {
    const counts = await resealAll(office.sql, (sealed, where) => {
      const plain = opened(former, sealed);
      if (plain !== null) return office.vault.seal(plain);
      if (opened(office.vault, sealed) !== null) return sealed;
      throw new CliError(`neither key opens the ${where}: nothing was changed`);
    });
    await record(office.sql, { actor: actor(), action: 'secret.reseal', subject: 'master key' });
    return counts;
  });
  print(options, { resealed, note: LEFT_BEHIND }, () => `${table(resealed)}\n${LEFT_BEHIND}`);
}

function opened(vault: Vault, sealed: string): string | null {
  try {
    return vault.unseal(sealed);
  } catch {
    return null;
  }
}
