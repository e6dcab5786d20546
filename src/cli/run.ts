import { runCommand, shellCommand } from '#wrapper/main.ts';

/** `duty-gate run`: the wrapper's own program (wrapper/main.ts). It talks to descriptors, not to a CommandIo. */
export function runInCage(args: readonly string[]): Promise<number> {
  return runCommand(args);
}

/** `duty-gate shell`: the same for a workflow's step. */
export function shellInCage(args: readonly string[]): Promise<number> {
  return shellCommand(args);
}
