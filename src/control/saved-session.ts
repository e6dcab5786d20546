import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { exportKey, importKey, type SigningKey } from './keys.ts';
import { OpenAnswer } from './messages.ts';

/**
 * What a later process of the same user needs to go on with a session: a job's steps are processes of their own. The file
 * lies in a folder that only this user can reach and that no cage shows; whoever can read it is the session's client.
 */
export const SavedFile = z.strictObject({
  version: z.literal(1),
  socketPath: z.string().startsWith('/'),
  gateway: z.string(),
  /** The session's key, PKCS #8. */
  key: z.string(),
  answer: OpenAnswer,
});

export type SavedSession = {
  readonly socketPath: string;
  readonly gateway: string;
  readonly key: SigningKey;
  readonly answer: OpenAnswer;
};

const FILE_NAME = 'session.json';
const FILE_BYTES_MAX = 4 * 1024 * 1024;

export class SavedSessionError extends Error {
  readonly code: 'missing' | 'not-private' | 'malformed';

  constructor(code: SavedSessionError['code'], state: string, expected: string, options?: ErrorOptions) {
    super(`Cannot go on with the session: ${state}, expected ${expected}`, options);
    this.name = 'SavedSessionError';
    this.code = code;
  }
}

/** As JSON. */
export function savedFile({ socketPath, gateway, key, answer }: SavedSession): z.infer<typeof SavedFile> {
  return { version: 1, socketPath, gateway, key: exportKey(key), answer };
}

/** The other way about. @throws when its key is none */
export function sessionOf({ key, version: _, ...saved }: z.infer<typeof SavedFile>): SavedSession {
  return { ...saved, key: importKey(key) };
}

/** Writes it once: a session that is there already is not written over. */
export function writeSavedSession(folder: string, saved: SavedSession): void {
  writeFileSync(join(folder, FILE_NAME), JSON.stringify(savedFile(saved)), { mode: 0o600, flag: 'wx' });
}

/** @throws SavedSessionError */
export function readSavedSession(folder: string): SavedSession {
  const text = readPrivate(join(folder, FILE_NAME));
  try {
    return sessionOf(SavedFile.parse(JSON.parse(text)));
  } catch {
    // Not its cause: it may quote what it read.
    throw new SavedSessionError('malformed', 'its file is not understood', 'the one that this version wrote');
  }
}

function readPrivate(path: string): string {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw new SavedSessionError('missing', `${path} cannot be opened`, 'a session of this job that is open', { cause });
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0 || stat.size > FILE_BYTES_MAX) {
      throw new SavedSessionError('not-private', `${path} is not a file that only this user can read`, '0600 of ours');
    }
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
