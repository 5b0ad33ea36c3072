/** Findings as CSV for a spreadsheet: all of them, however many. The file appears under its name only when whole. */
import { open, rename, rm } from 'node:fs/promises';
import { type Currency, toDecimal } from '../core/money.ts';
import { type Finding, noteText } from '../core/reconcile.ts';

export interface FindingsFile {
  write(findings: readonly Finding[]): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

const HEADER = ['kind', 'id', 'line', 'time', 'type', 'username', 'round', 'here', 'there', 'note'];

export async function openFindingsFile(file: string, currency: Currency): Promise<FindingsFile> {
  const partial = `${file}.part`;
  // Names of users and what they played: for the owner's eyes.
  const handle = await open(partial, 'w', 0o600);
  await handle.write(`${HEADER.join(',')}\n`);
  return {
    async write(findings) {
      await handle.write(findings.map((finding) => `${lineOf(finding, currency)}\n`).join(''));
    },
    async finish() {
      await handle.sync();
      await handle.close();
      await rename(partial, file);
    },
    async discard() {
      await handle.close();
      await rm(partial, { force: true });
    },
  };
}

function lineOf(finding: Finding, currency: Currency): string {
  const { kind, id, line, time, type, username, round, here, there, note } = finding;
  const money = (amount: bigint | null) => (amount === null ? '' : toDecimal(amount, currency));
  const words = [username, round].map((text) => (text === null ? '' : harmless(text)));
  const cells = [kind, id, line ?? '', time ?? '', type ?? '', ...words, money(here), money(there)];
  return [...cells, note === null ? '' : noteText(note)].map((cell) => quote(String(cell))).join(',');
}

/** Names are strangers' choice: a spreadsheet must not take one for a formula. */
const harmless = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
