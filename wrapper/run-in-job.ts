import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resumeSession } from '#control/client.ts';
import { readSavedSession } from '#control/saved-session.ts';
import { splitEnvironment } from './environment.ts';
import { EXIT_SESSION_LOST } from './exit-code.ts';
import { type FileCommandReport, prepareFileCommands } from './file-commands.ts';
import { filesInJob } from './files-plan.ts';
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
    throw new WrapError('usage', `Cannot run with duty "${duty}": this job's session has duty "${answer.duty}", expected the same or none`);
  }
  const folder = makeSessionFolder('/tmp', process.getuid?.() ?? 0);
  try {
    const entries = splitEnvironment(readFileSync('/proc/self/environ'));
    const fileCommands = prepareFileCommands(entries, folder.path, join(jobFolder, 'bin'));
    const files = filesInJob(process.env, jobFolder);
    try {
      const ran = await runLink(session, { argv, folder, files, binds: fileCommands.binds });
      if (ran.kind === 'lost') return EXIT_SESSION_LOST;
      const { counts } = ran;
      if (counts !== null) say(`${counts.allowed} allowed, ${counts.refused} refused, ${counts.masked} masked in this job so far`);
      return ran.exitCode;
    } finally {
      sayRefused(fileCommands.finish());
    }
  } finally {
    folder.remove();
  }
}

function sayRefused({ refused }: FileCommandReport): void {
  for (const { file, name, why } of refused) {
    say(`not passed on from ${file}${name === null ? '' : `: ${JSON.stringify(name)}`}: ${why}`);
  }
}
