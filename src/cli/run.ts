import { runCommand } from '#wrapper/main.ts';

/** The one way from the command line into the wrapper; nothing else under src/ knows that there is one. */
export function runInCage(args: readonly string[]): Promise<number> {
  return runCommand(args);
}
