import { fstatSync } from 'node:fs';
import { resumeSession } from '#control/client.ts';
import type { EndAnswer } from '#control/messages.ts';
import { readSavedSession } from '#control/saved-session.ts';
import { EXIT_SESSION_LOST } from './exit-code.ts';
import { prepareJobFiles } from './job-files.ts';
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
  requireDuty(duty, answer.duty);
  // What stands in the step's log cannot be taken back by anything that runs later on this machine (R36).
  session.onCheckpoint(sayCheckpoint);
  const folder = makeSessionFolder('/tmp', process.getuid?.() ?? 0);
  try {
    const files = prepareJobFiles(jobFolder, answer);
    for (const note of files.notes) say(note);
    try {
      const guard = isLog() ? new LogGuard() : null;
      const ran = await runLink(session, { argv, folder, ...files.plan, filter: guard, isShared: true });
      if (guard !== null) sayWithheld(guard);
      if (ran.kind === 'lost') return EXIT_SESSION_LOST;
      if (ran.counts !== null) sayCounts(ran.counts);
      return ran.exitCode;
    } finally {
      for (const line of files.finish()) say(line);
    }
  } finally {
    folder.remove();
  }
}

/** @throws WrapError `usage` for another duty than the session's. */
function requireDuty(asked: string | null, duty: string): void {
  if (asked === null || asked === duty) return;
  const hint = `Inside a step, duty-gate run --duty ${asked} -- CMD holds CMD to both`;
  throw new WrapError(
    'usage',
    `Cannot run with duty "${asked}": this job's session has duty "${duty}", expected the same or none. ${hint}`,
  );
}

function sayCounts({ allowed, refused, masked, checkpoint }: EndAnswer): void {
  say(`${allowed} allowed, ${refused} refused, ${masked} masked in this job so far`);
  if (checkpoint !== null) sayCheckpoint(checkpoint);
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
