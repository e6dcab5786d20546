import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { AgeKeyError, createDecrypt, identitiesIn } from '#adapters/encryption/age.ts';
import { pinnedKeys } from '#core/verify/issuer-keys.ts';
import { LOG_CHECKPOINTS_MAX, LogScan } from '#core/verify/log-check.ts';
import type { Outside } from '#core/verify/verify-bundle.ts';
import { readKeysFile } from './keys-file.ts';

/** Files that a person names besides the bundle; null: not named. */
export type OutsideFiles = { readonly keys: string | null; readonly log: string | null; readonly identity: string | null };

/** For `parseArgs`, and for help. */
export const OUTSIDE_OPTIONS = { keys: { type: 'string' }, log: { type: 'string' }, identity: { type: 'string' } } as const;
export const OUTSIDE_HELP = `  --keys FILE      more keys of issuers, from where you trust:
                   {"issuers":[{"issuer":"https://…","keys":[the keys of its key set]}]}
  --log FILE       the job's log, as downloaded: checkpoints that left the runner are held against the bundle
  --identity FILE  age identities: what is encrypted is read with them, too`;

const LOG_BYTES_MAX = 1024 * 1024 * 1024;
const IDENTITY_BYTES_MAX = 64 * 1024;
const PIECE_BYTES = 1024 * 1024;

/** Reads them; or, in words, why one cannot be used. */
export function readOutside({ keys, log, identity }: OutsideFiles): Outside | { readonly why: string } {
  const known = keys === null ? pinnedKeys() : readKeysFile(keys);
  if ('why' in known) return known;
  try {
    return {
      keys: known,
      ...(log === null ? {} : { log: readLog(log) }),
      ...(identity === null ? {} : { decrypt: readIdentities(identity) }),
    };
  } catch (cause) {
    return { why: cause instanceof Error ? cause.message : 'Cannot read the files' };
  }
}

function readLog(path: string): NonNullable<Outside['log']> {
  const scan = new LogScan();
  readPieces(path, LOG_BYTES_MAX, (piece) => scan.push(piece));
  const found = scan.end();
  // Whoever floods a log with look-alikes is not to hide the real ones behind them.
  if (scan.isTooMuch)
    throw new Error(`Cannot use ${path}: it shows more than ${LOG_CHECKPOINTS_MAX} checkpoints, expected the log of one job`);
  return found;
}

function readIdentities(path: string): NonNullable<Outside['decrypt']> {
  const pieces: Buffer[] = [];
  readPieces(path, IDENTITY_BYTES_MAX, (piece) => pieces.push(Buffer.from(piece)));
  const identities = identitiesIn(Buffer.concat(pieces).toString('utf8'));
  if (identities.length === 0) throw new AgeKeyError(`Cannot use the identities ${path}: there are none, expected AGE-SECRET-KEY-1…`);
  return createDecrypt(identities);
}

/** Non-blocking: a named pipe would wait for a writer. */
function readPieces(path: string, bytesMax: number, take: (piece: Buffer) => void): void {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (cause) {
    throw new Error(`Cannot read ${path}: ${cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed'}, expected a file`, {
      cause,
    });
  }
  try {
    const { size } = fstatSync(fd);
    if (!fstatSync(fd).isFile()) throw new Error(`Cannot read ${path}: it is no file, expected one`);
    if (size > bytesMax) throw new Error(`Cannot read ${path}: it has ${size} bytes, expected at most ${bytesMax}`);
    const piece = Buffer.alloc(PIECE_BYTES);
    let left = bytesMax;
    for (let read = readSync(fd, piece); read > 0 && left > 0; read = readSync(fd, piece)) {
      take(piece.subarray(0, Math.min(read, left)));
      left -= read;
    }
  } finally {
    closeSync(fd);
  }
}
