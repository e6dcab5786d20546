import { type RunningSha256, startSha256 } from '#core/audit/sha256.ts';
import { BUNDLE_FILES_MAX, type FileDigest } from './manifest.ts';

/** Folders a bundle of the most files can have, and its files. Readers stop listing there. */
export const BUNDLE_MEMBERS_MAX = 3 * BUNDLE_FILES_MAX;

/** What stands at a path below the bundle's folder. `bytes` is its size when it was listed. */
export type BundleMember = { readonly path: string; readonly kind: 'file' | 'folder' | 'other'; readonly bytes: number };

/**
 * All that a verifier needs of the world. An adapter reads a folder, tests read memory, a later one an archive. Its answers
 * are hostile input.
 */
export type BundleReader = {
  /** Every file, folder and other thing at any depth, links not followed; never more than BUNDLE_MEMBERS_MAX + 1. */
  members(): Promise<readonly BundleMember[]>;
  /** The first `bytes` bytes of that file, in pieces. */
  read(path: string, bytes: number): AsyncIterable<Uint8Array>;
};

/** Reads a file once: every piece goes to `take`, which may take its time, and into its digest. */
export async function readThrough(
  reader: BundleReader,
  { path, bytes }: BundleMember,
  take: (piece: Uint8Array) => void | Promise<void>,
): Promise<FileDigest> {
  const sha256: RunningSha256 = startSha256();
  let read = 0;
  for await (const piece of reader.read(path, bytes)) {
    sha256.update(piece);
    read += piece.length;
    const busy = take(piece);
    if (busy !== undefined) await busy;
  }
  return { path, bytes: read, sha256: sha256.hex() };
}

/** A small file whole. Its size was checked when the structure was. */
export async function readWhole(
  reader: BundleReader,
  member: BundleMember,
): Promise<{ readonly digest: FileDigest; readonly content: Buffer }> {
  const pieces: Uint8Array[] = [];
  const digest = await readThrough(reader, member, (piece) => void pieces.push(Uint8Array.from(piece)));
  return { digest, content: Buffer.concat(pieces) };
}
