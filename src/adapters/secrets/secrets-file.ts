import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { SecretStore } from '#session/ports.ts';

export const SECRETS_BYTES_MAX = 1024 * 1024;
const OTHERS_MODE_BITS = 0o077;

export type SecretsFileErrorCode = 'unreadable' | 'not-private' | 'malformed';

/** Messages name files, keys and lines, never a value (P5); the parser's own words quote the text, and are dropped. */
export class SecretsFileError extends Error {
  readonly code: SecretsFileErrorCode;

  constructor(code: SecretsFileErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SecretsFileError';
    this.code = code;
  }
}

/**
 * The secrets of `--secrets FILE`: a YAML map of names to strings, in a regular file that nobody but its owner may read.
 *
 * What is checked is what is read: the file is opened once, no link is followed, and mode and content come from that handle.
 *
 * @throws SecretsFileError
 */
export async function readSecretsFile(path: string): Promise<SecretStore> {
  const file = await openFile(path);
  try {
    return parseSecrets(await readPrivate(file, path), path);
  } finally {
    await file.close();
  }
}

/** The store of a gateway that was handed none. */
export const NO_SECRETS: SecretStore = { get: () => undefined, names: [] };

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Non-blocking: opening a named pipe would wait for a writer.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const state = code === 'ELOOP' ? 'it is a symbolic link' : code;
    throw new SecretsFileError('unreadable', `Cannot open the secrets file ${path}: ${state}, expected a regular file`, { cause });
  }
}

async function readPrivate(file: FileHandle, path: string): Promise<string> {
  const stat = await file.stat();
  if (!stat.isFile()) throw new SecretsFileError('unreadable', `Cannot read the secrets file ${path}: it is no regular file, expected one`);
  const mode = stat.mode & 0o777;
  if ((mode & OTHERS_MODE_BITS) !== 0) {
    const state = `its mode is ${mode.toString(8).padStart(4, '0')}`;
    throw new SecretsFileError('not-private', `Cannot use the secrets file ${path}: ${state}, expected 0600: nobody else may read it`);
  }
  if (stat.nlink > 1) {
    const state = `it has ${stat.nlink} names (hard links)`;
    throw new SecretsFileError(
      'not-private',
      `Cannot use the secrets file ${path}: ${state}, expected one: the others could not be hidden`,
    );
  }
  const buffer = Buffer.alloc(SECRETS_BYTES_MAX + 1);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, bytes, buffer.length - bytes, bytes);
    bytes += bytesRead;
    if (bytes > SECRETS_BYTES_MAX) {
      throw new SecretsFileError(
        'malformed',
        `Cannot read the secrets file ${path}: it is too large, expected at most ${SECRETS_BYTES_MAX} bytes`,
      );
    }
    if (bytesRead === 0) return decodeUtf8(buffer.subarray(0, bytes), path);
  }
}

function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed(path, 'it is not UTF-8');
  }
}

function parseSecrets(text: string, path: string): SecretStore {
  const lines = new LineCounter();
  // `failsafe`: every scalar is the string that stands there; a password of digits stays what it is.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, uniqueKeys: true, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) throw malformed(path, `line ${lines.linePos(error.pos[0]).line} is no YAML (${error.code})`);
  const content: unknown = toPlain(() => document.toJS({ maxAliasCount: 0, mapAsMap: true }), path);
  if (!(content instanceof Map)) throw malformed(path, 'it is no map');
  const secrets = new Map<string, string>();
  for (const [name, value] of content) {
    if (typeof name !== 'string' || name === '') throw malformed(path, 'a name is no string');
    if (typeof value !== 'string' || value === '') throw malformed(path, `the value of ${JSON.stringify(name)} is empty or no string`);
    secrets.set(name, value);
  }
  return { get: (name) => secrets.get(name), names: [...secrets.keys()] };
}

function toPlain(convert: () => unknown, path: string): unknown {
  try {
    return convert();
  } catch {
    throw malformed(path, 'it has aliases');
  }
}

function malformed(path: string, state: string): SecretsFileError {
  return new SecretsFileError('malformed', `Cannot read the secrets file ${path}: ${state}, expected a YAML map of names to strings`);
}
