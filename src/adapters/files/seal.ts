import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startSha256 } from '#core/audit/sha256.ts';
import { Ed25519Jwk } from '#core/identity/ed25519.ts';
import { AsciicastWriter } from '#core/recording/asciicast.ts';
import { FrameDecoder } from '#core/recording/frames.ts';
import {
  encodeManifest,
  encodeSignature,
  MANIFEST_FILE,
  manifestSigningInput,
  parseRecordingPath,
  recordingPath,
  SIGNATURE_DRAFT_FILE,
  SIGNATURE_FILE,
} from '#core/verify/manifest.ts';
import type { AuditEnd, AuditFile } from './audit-file.ts';
import { EvidenceFault, type EvidenceFolder, writeAll } from './evidence-folder.ts';

const READ_BYTES = 256 * 1024;

export type SealSetup = {
  readonly folder: EvidenceFolder;
  /** Open; its recordings are closed. It is closed here, whatever happens. */
  readonly audit: AuditFile;
  readonly session: string;
  readonly gateway: string;
  /** Ed25519, private; its public half is the session entry's `evidenceKey`. */
  readonly evidenceKey: KeyObject;
};

/**
 * Ends a bundle well: the seal entry, the derived casts, the manifest of all that was written, and its signature last, under a draft
 * name until it is whole. A crash anywhere before that leaves a bundle that verifies as unsealed, never as broken and
 * never as sealed. Throws EvidenceFault; the bundle then stays unsealed for good.
 */
export async function sealBundle(setup: SealSetup): Promise<void> {
  const { folder } = setup;
  const end = endAudit(setup);
  for (const { path } of folder.files) {
    const recording = parseRecordingPath(path);
    if (recording !== null) await deriveCast(folder, recording.link);
  }
  folder.remember(end.digest);
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
async function deriveCast(folder: EvidenceFolder, link: string): Promise<void> {
  const path = recordingPath(link, 'cast');
  const source = folder.openForReading(recordingPath(link, 'rec'));
  const target = folder.createFile(path);
  const decoder = new FrameDecoder();
  const cast = new AsciicastWriter();
  const sha256 = startSha256();
  let bytes = 0;
  const put = (text: string): void => {
    const piece = Buffer.from(text, 'utf8');
    writeAll(target, piece);
    sha256.update(piece);
    bytes += piece.length;
  };
  try {
    const piece = Buffer.alloc(READ_BYTES);
    for (let read = readSync(source, piece); read > 0; read = readSync(source, piece)) {
      put(
        decoder
          .push(piece.subarray(0, read))
          .map((frame) => cast.frame(frame))
          .join(''),
      );
      await nextTurn();
    }
    decoder.end();
    put(cast.end());
    target.sync();
  } catch (cause) {
    throw new EvidenceFault('write-failed', `Cannot derive ${path} from its recording`, cause);
  } finally {
    closeSync(source);
    target.close();
  }
  folder.remember({ path, bytes, sha256: sha256.hex() });
}
