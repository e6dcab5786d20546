import type { AuditCheck } from './audit-check.ts';
import type { BundleMember, BundleReader } from './bundle-reader.ts';
import type { FileDigest } from './manifest.ts';
import type { Problem, Verification } from './verification.ts';

/** One verification under way. */
export type Work = {
  readonly reader: BundleReader;
  readonly files: ReadonlyMap<string, BundleMember>;
  /** It has a signature, so it must be complete. */
  readonly sealed: boolean;
  readonly audit: AuditCheck;
  /** What was read of every file but manifest and signature. */
  readonly digests: Map<string, FileDigest>;
  readonly problems: Problem[];
  readonly notes: string[];
  anchoring: Verification['anchoring'];
  recordings: number;
  recordedBytes: number;
};

/** Remembers what was read of a file. */
export function keepDigest(work: Work, member: BundleMember, digest: FileDigest): void {
  work.digests.set(member.path, digest);
  if (digest.bytes !== member.bytes)
    work.problems.push({ code: 'structure', where: member.path, what: 'its size changed while it was read' });
}
