/** Commands about the database as a whole. */
import { audit as runAudit } from '../db/audit.ts';
import { RestoreError, backup as runBackup, restore as runRestore } from '../db/dump.ts';
import { migrate as runMigrate } from '../db/migrate.ts';
import { CliError, type Json, print, withDatabase, withProgress } from './context.ts';

export async function audit(options: Json): Promise<void> {
  const report = await withDatabase((sql) =>
    withProgress(options, (onProgress) => runAudit(sql, onProgress)),
  );
  print(options, report, ({ checks, transfers, accounts }) => {
    const lines = checks.map(
      ({ name, ok, findings }) =>
        `${ok ? 'ok  ' : 'FAIL'} ${name}${findings.map((finding) => `\n       ${finding}`).join('')}`,
    );
    return [...lines, `${transfers} transfers, ${accounts} accounts`].join('\n');
  });
  if (!report.ok) process.exitCode = 1;
}

export async function migrate(options: Json): Promise<void> {
  const applied = await withDatabase((sql) => runMigrate(sql));
  print(options, { applied }, () => (applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`));
}

export async function backup(file: string, options: Json): Promise<void> {
  const result = await withDatabase(async (sql) => {
    await runMigrate(sql);
    return withProgress(options, (onProgress) => runBackup(sql, file, onProgress));
  });
  print(options, { file, ...result }, ({ tables, rows }) => `${file}: ${rows} rows of ${tables} tables`);
}

export async function restore(file: string, options: Json): Promise<void> {
  try {
    const result = await withDatabase((sql) =>
      withProgress(options, (onProgress) => runRestore(sql, file, onProgress)),
    );
    print(
      options,
      { file, ...result },
      ({ tables, rows }) => `restored ${rows} rows of ${tables} tables; now run: croupier audit`,
    );
  } catch (error) {
    if (error instanceof RestoreError) throw new CliError(error.message);
    throw error;
  }
}
