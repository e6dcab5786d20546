import { POLICY_FILE, TOKEN_FILE } from '#core/verify/manifest.ts';
import type { Clock } from '#session/ports.ts';
import { AuditFile } from './audit-file.ts';
import { EvidenceFolder } from './evidence-folder.ts';

export type BundleStart = {
  /** The folder that holds the bundles. */
  readonly parent: string;
  readonly session: string;
  /** The policy's exact bytes; the session entry carries their SHA-256. */
  readonly policy: Uint8Array;
  /** The session token as it was opened with; null: it is kept back until the end (R5). */
  readonly token: string | null;
  readonly clock: Clock;
  readonly auditFileBytesMax?: number;
};

/**
 * Begins a bundle: `DIR/<session>/` with policy and token whole on the disk before the audit file exists, so that wherever
 * a crash comes, a bundle with a first entry has both. The caller appends the session entry first.
 */
export function openBundle({ parent, session, policy, token, clock, auditFileBytesMax }: BundleStart): {
  readonly folder: EvidenceFolder;
  readonly audit: AuditFile;
} {
  const folder = EvidenceFolder.create(parent, session);
  try {
    folder.writeWhole(POLICY_FILE, policy);
    if (token !== null) folder.writeWhole(TOKEN_FILE, Buffer.from(token, 'utf8'));
    const audit = AuditFile.create(folder, clock, auditFileBytesMax);
    try {
      folder.sync();
    } catch (cause) {
      audit.close();
      throw cause;
    }
    return { folder, audit };
  } catch (cause) {
    folder.close();
    throw cause;
  }
}
