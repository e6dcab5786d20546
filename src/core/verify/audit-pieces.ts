import type { BundleMember, BundleReader } from './bundle-reader.ts';
import { auditFileNumber } from './manifest.ts';

/** The audit's files, in their order. */
export function auditFiles(members: Iterable<BundleMember>): readonly BundleMember[] {
  return [...members]
    .filter(({ kind, path }) => kind === 'file' && auditFileNumber(path) !== null)
    .sort((a, b) => (auditFileNumber(a.path) ?? 0) - (auditFileNumber(b.path) ?? 0));
}

/** The lines of the whole chain, in pieces that are cut anywhere. Each is only good until the next is asked for. */
export async function* auditPieces(reader: BundleReader, members: Iterable<BundleMember>): AsyncGenerator<Uint8Array> {
  for (const { path, bytes } of auditFiles(members)) yield* reader.read(path, bytes);
}
