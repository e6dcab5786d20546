import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { sha256Hex } from '#core/audit/sha256.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** A token of an issuer, until when it could be used again, in seconds since 1970. */
export type UsedToken = { readonly issuer: string; readonly jti: string; readonly untilSeconds: number };

/** Tokens that opened a session, remembered for as long as they could open another one. @throws UsedTokensError */
export type UsedTokens = {
  has(token: Pick<UsedToken, 'issuer' | 'jti'>): boolean;
  /** Whether this was the first use. It is on the disk when this returns true. */
  use(token: UsedToken): boolean;
  close(): void;
};

/** A token whose use cannot be remembered must not be used (P2). */
export class UsedTokensError extends Error {
  override readonly name = 'UsedTokensError';
  readonly code: 'not-ours' | 'full' | 'failed';

  constructor(code: UsedTokensError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export const USED_TOKENS_MAX = 10_000;
/** One that was cut off while it was written says nothing: as long as any token lives. */
const UNREADABLE_SECONDS_MAX = 24 * 60 * 60;
const ENTRY_BYTES_MAX = 16;

/**
 * One file for each token, named by the hash of issuer and `jti`, its content the second until which it counts. Making a file
 * that is not there yet is one step for the whole machine, so two gateways cannot both be first; and whatever a crash
 * leaves behind counts as used. The folder is made where it is missing.
 */
export function openUsedTokens(folder: string, nowMs: () => number): UsedTokens {
  const fd = attempt(() => openFolder(folder));
  const at = (name: string) => `/proc/self/fd/${fd}/${name}`;
  return {
    has: (token) => attempt(() => lstatSync(at(nameOf(token)), { throwIfNoEntry: false }) !== undefined),
    use: (token) =>
      attempt(() => {
        prune(at, Math.floor(nowMs() / 1000));
        return create(at(nameOf(token)), `${token.untilSeconds}\n`, fd);
      }),
    close: () => closeSync(fd),
  };
}

function openFolder(folder: string): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fd = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const { uid, mode } = fstatSync(fd);
  if (uid === process.geteuid?.() && (mode & 0o077) === 0) return fd;
  closeSync(fd);
  throw new UsedTokensError('not-ours', 'Cannot remember used tokens: another user can reach their folder, expected only us');
}

function nameOf({ issuer, jti }: Pick<UsedToken, 'issuer' | 'jti'>): string {
  return sha256Hex(JSON.stringify([issuer, jti]));
}

function create(path: string, content: string, folder: number): boolean {
  let fd: number;
  try {
    fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cause;
  }
  try {
    writeSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  fsyncSync(folder);
  return true;
}

function prune(at: (name: string) => string, now: number): void {
  let kept = 0;
  for (const name of readdirSync(at('.'))) {
    if (untilOf(at(name)) < now) unlinkSync(at(name));
    else kept += 1;
  }
  if (kept >= USED_TOKENS_MAX)
    throw new UsedTokensError('full', `Cannot remember used tokens: there are ${kept}, expected fewer than ${USED_TOKENS_MAX}`);
}

/** Another gateway may be writing it, or pruning it, at this moment. */
function untilOf(path: string): number {
  try {
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW);
    try {
      const { mtimeMs, size } = fstatSync(fd);
      const text = size <= ENTRY_BYTES_MAX ? readFileSync(fd, 'latin1') : '';
      return /^[0-9]{1,12}\n$/.test(text) ? Number(text) : mtimeMs / 1000 + UNREADABLE_SECONDS_MAX;
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return Number.POSITIVE_INFINITY;
    throw cause;
  }
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof UsedTokensError) throw cause;
    throw new UsedTokensError('failed', `Cannot remember used tokens: ${codeOf(cause)}, expected a folder that can be written`, { cause });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'failed';
}
