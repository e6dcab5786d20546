import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RunningSha256, startSha256 } from '#core/audit/sha256.ts';
import { Ed25519Jwk } from '#core/identity/ed25519.ts';
import { AsciicastWriter, type CastLines } from '#core/recording/asciicast.ts';
import { FrameDecoder } from '#core/recording/frames.ts';
import {
  encodeManifest,
  encodeSignature,
  MANIFEST_FILE,
  manifestSigningInput,
  parseRecordingPath,
  type RecordingPath,
  recordingPath,
  SIGNATURE_DRAFT_FILE,
  SIGNATURE_FILE,
  TOKEN_FILE,
} from '#core/verify/manifest.ts';
import type { AuditEnd, AuditFile } from './audit-file.ts';
import { EvidenceFault, type EvidenceFolder, errorCode, type FileWriter, writeAll } from './evidence-folder.ts';

const READ_BYTES = 256 * 1024;

export type SealSetup = {
  readonly folder: EvidenceFolder;
  /** Open; its recordings are closed. It is closed here, whatever happens. */
  readonly audit: AuditFile;
  readonly session: string;
  readonly gateway: string;
  /** Ed25519, private; its public half is the session entry's `evidenceKey`. */
  readonly evidenceKey: KeyObject;
  /** The token as it goes in now, where it was kept back until here (R5); null: it is there. */
  readonly token: string | null;
};

/**
 * Ends a bundle well: the seal entry, the derived casts, the manifest of all that was written, and its signature last, under a draft
 * name until it is whole. A crash anywhere before that leaves a bundle that verifies as unsealed, never as broken and
 * never as sealed. Throws EvidenceFault; the bundle then stays unsealed for good.
 */
export async function sealBundle(setup: SealSetup): Promise<void> {
  const { folder } = setup;
  const end = endAudit(setup);
  if (setup.token !== null) folder.writeWhole(TOKEN_FILE, Buffer.from(setup.token, 'utf8'));
  for (const { path } of folder.files) {
    const recording = parseRecordingPath(path);
    if (recording?.of === 'terminal' && recording.type === 'rec') await deriveCasts(folder, recording);
  }
  for (const digest of end.digests) folder.remember(digest);
  const manifest = encodeManifest({
    v: 1,
    session: setup.session,
    gateway: setup.gateway,
    files: [...folder.files],
    entries: end.entries,
    first: end.first,
    last: end.last,
  });
  folder.writeWhole(MANIFEST_FILE, manifest);
  folder.writeWhole(
    SIGNATURE_DRAFT_FILE,
    encodeSignature(publicJwk(setup.evidenceKey), sign(null, manifestSigningInput(manifest), setup.evidenceKey)),
  );
  folder.sync();
  folder.rename(SIGNATURE_DRAFT_FILE, SIGNATURE_FILE);
  folder.sync();
}

/** The public half of an Ed25519 key, and nothing else of it. */
export function publicJwk(key: KeyObject): Ed25519Jwk {
  const { crv, kty, x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return Ed25519Jwk.parse({ crv, kty, x });
}

function endAudit({ audit }: SealSetup): AuditEnd {
  const { entries, ...decided } = audit.counts;
  audit.append({ kind: 'seal', entries: entries + 1, ...decided });
  const end = audit.close();
  if (end.failure !== null) throw new EvidenceFault('write-failed', `Cannot seal the bundle: ${end.failure}`);
  return end;
}

/** Reads the recording back in pieces, and lets the gateway do other work between them. */
async function deriveCasts(folder: EvidenceFolder, { link, name }: RecordingPath): Promise<void> {
  const path = recordingPath(link, name, 'rec');
  const source = folder.openForReading(path);
  const files: CastFile[] = [];
  try {
    const v2 = new CastFile(folder, recordingPath(link, name, 'cast'));
    files.push(v2);
    const v3 = new CastFile(folder, recordingPath(link, name, 'v3.cast'));
    files.push(v3);
    const put = (lines: CastLines): void => {
      v2.put(lines.v2);
      v3.put(lines.v3);
    };
    await readFrames(source, put, () => {
      for (const file of files) file.write();
    });
    for (const file of files) file.end();
  } catch (cause) {
    throw new EvidenceFault('write-failed', `Cannot derive the casts of ${path}: ${errorCode(cause)}`, cause);
  } finally {
    closeSync(source);
    for (const file of files) file.close();
  }
}

async function readFrames(source: number, put: (lines: CastLines) => void, pieceDone: () => void): Promise<void> {
  const decoder = new FrameDecoder();
  const writer = new AsciicastWriter();
  const piece = Buffer.alloc(READ_BYTES);
  for (let read = readSync(source, piece); read > 0; read = readSync(source, piece)) {
    for (const frame of decoder.push(piece.subarray(0, read))) put(writer.frame(frame));
    pieceDone();
    await nextTurn();
  }
  decoder.end();
  put(writer.end());
}

/** A file that is written in large pieces, and its digest. */
class CastFile {
  readonly #folder: EvidenceFolder;
  readonly #path: string;
  readonly #writer: FileWriter;
  readonly #sha256: RunningSha256 = startSha256();
  #waiting = '';
  #bytes = 0;

  constructor(folder: EvidenceFolder, path: string) {
    this.#folder = folder;
    this.#path = path;
    this.#writer = folder.createFile(path);
  }

  put(text: string): void {
    this.#waiting += text;
  }

  write(): void {
    const piece = Buffer.from(this.#waiting, 'utf8');
    this.#waiting = '';
    writeAll(this.#writer, piece);
    this.#sha256.update(piece);
    this.#bytes += piece.length;
  }

  end(): void {
    this.write();
    this.#writer.sync();
    this.#folder.remember({ path: this.#path, bytes: this.#bytes, sha256: this.#sha256.hex() });
  }

  close(): void {
    this.#writer.close();
  }
}
