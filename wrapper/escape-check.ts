import { join } from 'node:path';
import { cageProgram, programFolder } from './cage-program.ts';
import { type EscapeBaits, openEscapeBaits } from './escape-baits.ts';
import { type EscapeReport, type EscapeResult, judgeEscapes } from './escape-report.ts';
import { surveyHost } from './escape-survey.ts';

/** Lays out the baits of a run; they answer until `close()`. */
export function layBaits(sessionFolder: string, uid: number): Promise<EscapeBaits> {
  const home = process.env['HOME'] ?? '';
  const socketFolders = {
    tmp: '/tmp',
    run: uid === 0 ? '/run' : `/run/user/${uid}`,
    session: sessionFolder,
    ...(home.startsWith('/') ? { home } : {}),
  };
  return openEscapeBaits({ uid, env: process.env, programFiles: [join(programFolder(), 'duty-gate.js')], sessionFolder, socketFolders });
}

/** What a run needs to know of the host; it takes no longer than making the mounts. */
export function surveyForRun(baits: EscapeBaits): Promise<readonly EscapeResult[]> {
  return surveyHost(cageProgram(), baits.records, 'kernel');
}

/** What of a cage the attempts need (cage.ts). */
export type ProbedCage = { readonly probed: Promise<readonly EscapeResult[]>; probe(): void };

/** Has the cage's init try every escape as the command would. */
export async function tryEscapes(cage: ProbedCage, outside: Promise<readonly EscapeResult[]>): Promise<EscapeReport> {
  cage.probe();
  return judgeEscapes(await cage.probed, await outside);
}
