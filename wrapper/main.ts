import { existsSync } from 'node:fs';
import { CA_PATH_INSIDE } from './environment.ts';
import { EXIT_NOT_STARTED } from './exit-code.ts';
import { parseRunOptions, parseShellOptions, RUN_USAGE, SHELL_USAGE } from './options.ts';
import { runAlone } from './run-alone.ts';
import { runInJob } from './run-in-job.ts';
import { runInside } from './run-inside.ts';
import { say } from './say.ts';
import { messageOf } from './wrap-error.ts';

/** The folder of the job's open session: the job's own launcher names it, and nothing else can (src/action/launcher.ts). */
const JOB_FOLDER = 'DUTY_GATE_JOB';

/**
 * `duty-gate run ARGS…`: one command in a cage, under a session of its own (`--policy`) or the job's.
 *
 * @returns the exit code (DESIGN 2). Never throws.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const parsed = parseRunOptions(args, { cwd: process.cwd(), jobFolder: jobFolder(), isInside: existsSync(CA_PATH_INSIDE) });
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(RUN_USAGE);
      return 0;
    case 'error':
      return refuse(parsed.message);
    case 'alone':
      return attempt(() => runAlone(parsed.options));
    case 'in-job':
      return attempt(() => runInJob(parsed.options));
    case 'nested':
      return attempt(() => runInside(parsed.options));
  }
}

/** `duty-gate shell FILE`: what a workflow's `shell: duty-gate shell {0}` runs. */
export async function shellCommand(args: readonly string[]): Promise<number> {
  const parsed = parseShellOptions(args, jobFolder());
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(SHELL_USAGE);
      return 0;
    case 'error':
      return refuse(parsed.message);
    case 'in-job':
      return attempt(() => runInJob(parsed.options));
  }
}

function jobFolder(): string | null {
  const folder = process.env[JOB_FOLDER] ?? '';
  return folder === '' ? null : folder;
}

/** P2: whatever goes wrong before the command starts, it does not start. */
async function attempt(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    return refuse(messageOf(error));
  }
}

function refuse(why: string): number {
  say(why);
  return EXIT_NOT_STARTED;
}
