/** `npm run -s croupier -- …`: what staff do from a terminal. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
import { CommanderError } from 'commander';
import { CliError } from './cli/context.ts';
import { buildProgram } from './cli/program.ts';

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  const shown =
    error instanceof CliError || process.env.LOG_LEVEL !== 'debug'
      ? error instanceof Error
        ? error.message
        : String(error)
      : (error as Error).stack;
  process.stderr.write(`croupier: ${shown}\n`);
  process.exit(error instanceof CliError ? error.exitCode : 1);
}
