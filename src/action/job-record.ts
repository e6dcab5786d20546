import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ActionError } from './action-error.ts';

/** What main leaves for post, in the job's folder. Post gets its inputs again, and the workflow's expressions may mean something else by then. */
const JobRecord = z.strictObject({
  version: z.literal(1),
  /** Absolute; holds this job's bundle and nothing else. */
  evidenceFolder: z.string().startsWith('/').max(4096),
  artifactName: z.string().nullable(),
  retentionDays: z.int().positive().nullable(),
  attest: z.boolean(),
});
export type JobRecord = Readonly<Omit<z.infer<typeof JobRecord>, 'version'>>;

const FILE_NAME = 'job.json';
const FILE_BYTES_MAX = 64 * 1024;

export function writeJobRecord(folder: string, record: JobRecord): void {
  writeFileSync(join(folder, FILE_NAME), JSON.stringify({ version: 1, ...record }), { mode: 0o600, flag: 'wx' });
}

/** Null when main ended before it was written. @throws ActionError `folder` */
export function readJobRecord(folder: string): JobRecord | null {
  let file: number;
  try {
    file = openSync(join(folder, FILE_NAME), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw changed(folder);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > FILE_BYTES_MAX) throw changed(folder);
    const { version: _, ...record } = JobRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
    return record;
  } catch {
    throw changed(folder);
  } finally {
    closeSync(file);
  }
}

function changed(folder: string): ActionError {
  return new ActionError('folder', `Cannot read ${join(folder, FILE_NAME)}: it is not what this action wrote, expected it unchanged`);
}
