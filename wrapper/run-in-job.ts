import { fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resumeSession } from '#control/client.ts';
import { readSavedSession } from '#control/saved-session.ts';
import { splitEnvironment } from './environment.ts';
import { EXIT_SESSION_LOST } from './exit-code.ts';
import { type FileCommandReport, prepareFileCommands } from './file-commands.ts';
import { filesInJob } from './files-plan.ts';
import { LogGuard } from './log-guard.ts';
import type { JobRunOptions } from './options.ts';
import { runLink } from './run-link.ts';
import { say } from './say.ts';
import { makeSessionFolder } from './session-folder.ts';
import { WrapError } from './wrap-error.ts';

/** One command of a job, under the session that the job's action opened. Answers the exit code. */
export async function runInJob({ jobFolder, duty, argv }: JobRunOptions): Promise<number> {
  const session = await resumeSession(readSavedSession(jobFolder));
  const { answer } = session;
  if (duty !== null && duty !== answer.duty) {
    const hint = `Inside a step, duty-gate run --duty ${duty} -- CMD holds CMD to both`;
    throw new WrapError(
      'usage',
      `Cannot run with duty "${duty}": this job's session has duty "${answer.duty}", expected the same or none. ${hint}`,
    );
  }
  // What stands in the step's log cannot be taken back by anything that runs later on this machine (R36).
  session.onCheckpoint(sayCheckpoint);
  const folder = makeSessionFolder('/tmp', process.getuid?.() ?? 0);
  try {
    const entries = splitEnvironment(readFileSync('/proc/self/environ'));
    const fileCommands = prepareFileCommands(entries, jobFolder, new Set(answer.passEnv), join(jobFolder, 'bin'));
    const files = filesInJob(process.env, jobFolder);
    try {
      const guard = isLog() ? new LogGuard() : null;
      const ran = await runLink(session, { argv, folder, files, binds: fileCommands.binds, filter: guard, isShared: true });
      if (guard !== null) sayWithheld(guard);
      if (ran.kind === 'lost') return EXIT_SESSION_LOST;
      const { counts } = ran;
      if (counts !== null) {
        say(`${counts.allowed} allowed, ${counts.refused} refused, ${counts.masked} masked in this job so far`);
        if (counts.checkpoint !== null) sayCheckpoint(counts.checkpoint);
      }
      return ran.exitCode;
    } finally {
      sayRefused(fileCommands.finish());
    }
  } finally {
    folder.remove();
  }
}

/** Whether our output may be a step's log. What goes into a file is the command's own, byte for byte. */
function isLog(): boolean {
  try {
    return !fstatSync(1).isFile();
  } catch {
    return true;
  }
}

function sayWithheld({ withheld }: LogGuard): void {
  for (const [name, count] of withheld) say(`not passed on to the log: ${name}, ${count} times`);
}

function sayCheckpoint(text: string): void {
  say(`checkpoint ${text}`);
}

function sayRefused({ refused }: FileCommandReport): void {
  for (const { file, name, why } of refused) {
    say(`not passed on from ${file}${name === null ? '' : `: ${JSON.stringify(name)}`}: ${why}`);
  }
}
