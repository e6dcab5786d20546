import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { sha256Hex } from '#core/audit/sha256.ts';
import type { FileDigest } from '#core/verify/manifest.ts';

const { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

const SESSION_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const PATH_PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;
const DEPTH_MAX = 4;
/** Besides the bundle's own and those right below it. */
const FOLDERS_OPEN_MAX = 16;

/** Bytes of one session's files, together: a disk that a job filled would end more than this session. */
const BUNDLE_BYTES_MAX = 32 * 1024 * 1024 * 1024;

export type EvidenceFaultCode = 'misnamed' | 'exists' | 'not-ours' | 'write-failed' | 'closed' | 'over-limit';

export class EvidenceFault extends Error {
  override readonly name = 'EvidenceFault';
  readonly code: EvidenceFaultCode;
  constructor(code: EvidenceFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Where the bytes of one evidence file go: a file descriptor, or a fake that fails. */
export type FileWriter = {
  /** Bytes taken, at least one; throws what write(2) failed with. */
  write(bytes: Buffer, offset: number): number;
  /** Returns once the bytes would survive a power cut. */
  sync(): void;
  close(): void;
};

/**
 * The folder of one bundle, `DIR/<session>/`, mode 0700, made new. It is held open, and everything in it is opened by way of
 * that descriptor (`/proc/self/fd/N/name`) without following links and only if it is new: whoever renames or replaces
 * the folders above it cannot send evidence elsewhere.
 */
export class EvidenceFolder {
  /** Where it was made, for people; nothing is opened by it. */
  readonly path: string;
  /** Open ones, by path with a slash at its end; the oldest first. */
  readonly #folders = new Map<string, number>();
  readonly #made = new Set<string>();
  readonly #files = new Map<string, FileDigest>();
  readonly #room: Room;

  private constructor(path: string, fd: number, bytesMax: number) {
    this.path = path;
    this.#room = { bytes: bytesMax };
    this.#folders.set('', fd);
  }

  /** Makes `parent` where it is missing, and the session's folder in it, which must not exist yet. */
  static create(parent: string, session: string, bytesMax = BUNDLE_BYTES_MAX): EvidenceFolder {
    if (!SESSION_NAME.test(session)) throw new EvidenceFault('misnamed', 'Cannot make the evidence folder: the session id is malformed');
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    const parentFd = openSync(parent, O_RDONLY | O_DIRECTORY);
    try {
      makeFolder(parentFd, session);
      return new EvidenceFolder(`${parent}/${session}`, openOwnFolder(parentFd, session), bytesMax);
    } finally {
      closeSync(parentFd);
    }
  }

  /** A new file of the bundle, with the folders it needs. */
  createFile(path: string): FileWriter {
    const { folder, name } = this.#place(path);
    const flags = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW;
    return fileWriter(
      opening(path, () => openSync(`/proc/self/fd/${folder}/${name}`, flags, 0o600)),
      this.#room,
    );
  }

  /** Writes a small file whole, syncs it, and remembers its digest for the manifest. */
  writeWhole(path: string, content: Uint8Array): void {
    const bytes = Buffer.from(content);
    const writer = this.createFile(path);
    try {
      writeAll(writer, bytes);
      writer.sync();
    } catch (cause) {
      throw new EvidenceFault('write-failed', `Cannot write ${path}: ${errorCode(cause)}`, cause);
    } finally {
      writer.close();
    }
    this.remember({ path, bytes: bytes.length, sha256: sha256Hex(bytes) });
  }

  /** A file's descriptor for reading; the caller closes it. */
  openForReading(path: string): number {
    const { folder, name } = this.#place(path);
    return opening(path, () => openSync(`/proc/self/fd/${folder}/${name}`, O_RDONLY | O_NOFOLLOW));
  }

  /** What was written, by whoever wrote it: the manifest lists these digests, not what the disk holds later. */
  remember(digest: FileDigest): void {
    this.#files.set(digest.path, digest);
  }

  get files(): readonly FileDigest[] {
    return [...this.#files.values()];
  }

  /** Within the top folder. Atomic: the new name appears with the whole content, or not at all. */
  rename(from: string, to: string): void {
    const { folder } = this.#place(from);
    this.#place(to);
    renameSync(`/proc/self/fd/${folder}/${from}`, `/proc/self/fd/${folder}/${to}`);
  }

  /** Makes names durable. */
  sync(): void {
    for (const fd of this.#folders.values()) fsyncSync(fd);
  }

  close(): void {
    for (const fd of this.#folders.values()) closeSync(fd);
    this.#folders.clear();
  }

  #place(path: string): { readonly folder: number; readonly name: string } {
    const parts = path.split('/');
    const name = parts.pop();
    if (name === undefined || parts.length >= DEPTH_MAX || ![...parts, name].every((part) => PATH_PART.test(part))) {
      throw new EvidenceFault('misnamed', 'Cannot open a file of the bundle: its path is malformed');
    }
    let folder = this.#folders.get('');
    if (folder === undefined) throw new EvidenceFault('closed', 'Cannot open a file of the bundle: the folder is closed, expected open');
    let reached = '';
    for (const part of parts) {
      reached = `${reached}${part}/`;
      folder = this.#folders.get(reached) ?? this.#enter(folder, part, reached);
    }
    return { folder, name };
  }

  /** A session may have thousands of commands, each with a folder of its own: those not used of late are closed, durable. */
  #enter(parentFd: number, name: string, path: string): number {
    if (!this.#made.has(path)) {
      makeFolder(parentFd, name);
      this.#made.add(path);
    }
    const fd = openOwnFolder(parentFd, name);
    this.#folders.set(path, fd);
    const [oldest] = [...this.#folders.keys()].filter((each) => each !== path && each.split('/').length > 2);
    if (this.#folders.size > FOLDERS_OPEN_MAX && oldest !== undefined) this.#leave(oldest);
    return fd;
  }

  #leave(path: string): void {
    const fd = this.#folders.get(path);
    this.#folders.delete(path);
    if (fd === undefined) return;
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }
}

/** Hands all of `bytes` to the writer, however it cuts them. */
export function writeAll(writer: FileWriter, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) {
    const taken = writer.write(bytes, offset);
    if (taken <= 0) throw new EvidenceFault('write-failed', 'Cannot write: the file took no bytes');
    offset += taken;
  }
}

/** `ENOSPC` and the like, the commonest in words too; never a path or content. */
export function errorCode(cause: unknown): string {
  if (cause instanceof EvidenceFault && cause.code === 'write-failed' && cause.cause !== undefined) return errorCode(cause.cause);
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'failed';
  const words = CODE_WORDS.get(code);
  return words === undefined ? code : `${words} (${code})`;
}

const CODE_WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', "the disk's quota is used up"],
  ['over-limit', 'the evidence of this session has grown to its limit'],
]);

function makeFolder(parentFd: number, name: string): void {
  opening(name, () => mkdirSync(`/proc/self/fd/${parentFd}/${name}`, { mode: 0o700 }));
}

/** Opens a folder that we made under an open one. What was put in its place meanwhile is noticed by type, owner and mode. */
function openOwnFolder(parentFd: number, name: string): number {
  const path = `/proc/self/fd/${parentFd}/${name}`;
  const fd = opening(name, () => openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  const { uid, mode } = fstatSync(fd);
  if (uid === process.geteuid?.() && (mode & 0o077) === 0) return fd;
  closeSync(fd);
  throw new EvidenceFault('not-ours', `Cannot use the folder ${name}: another user can reach it, expected only us`);
}

function opening<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    const code = errorCode(cause);
    throw new EvidenceFault(code === 'EEXIST' ? 'exists' : 'write-failed', `Cannot open ${path} of the bundle: ${code}`, cause);
  }
}

/** What is left of the bundle's bytes. */
type Room = { bytes: number };

function fileWriter(fd: number, room: Room): FileWriter {
  let isOpen = true;
  return {
    write(bytes, offset) {
      if (bytes.length - offset > room.bytes) throw new EvidenceFault('over-limit', 'Cannot write: the bundle is at its limit');
      const written = writeSync(fd, bytes, offset, bytes.length - offset);
      room.bytes -= written;
      return written;
    },
    sync: () => fsyncSync(fd),
    // Once: by then the number may be another file's.
    close() {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}
