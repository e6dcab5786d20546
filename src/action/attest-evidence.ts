import { createHash } from 'node:crypto';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import type { Verification } from '#core/verify/verification.ts';
import type { JobFacts } from './job-facts.ts';

/** What an attestation of a session says of it. A reader knows the members by it; other members are another version. */
export const PREDICATE_TYPE = 'https://duty-gate.dev/attestation/session/v1';

/** A file by its content: that is what people look attestations up by. The name helps them only. */
export type EvidenceSubject = { readonly name: string; readonly sha256: string };

export type EvidencePredicate = {
  readonly session: string;
  readonly gateway: string;
  /** RFC 7638. The key that sealed the bundle: the link from the attestation to `manifest.sig` and to the log's checkpoints. */
  readonly evidenceKey: string;
  readonly verdict: Verification['verdict'];
  readonly entries: number;
  /** Hash of the chain's last line. */
  readonly lastHash: string;
  readonly counts: {
    readonly allowed: number;
    readonly refused: number;
    readonly masked: number;
    readonly approved: number;
    readonly withoutOutcome: number;
    readonly incidents: number;
  };
  /** `source` null: it lay on the gateway's machine. */
  readonly policy: { readonly sha256: string; readonly source: PolicySource | null };
  readonly run: { readonly repository: string; readonly id: string; readonly attempt: string; readonly job: string };
};

type PolicySource = { readonly repository: string; readonly path: string; readonly ref: string; readonly commit: string };

export type EvidenceFacts = {
  readonly verification: Verification;
  /** Null: the bundle has no manifest; its session did not end well. */
  readonly manifestSha256: string | null;
  /** The archive that was uploaded; `digest` null: the service did not tell it. */
  readonly artifact: { readonly name: string; readonly digest: string | null } | null;
  readonly job: Pick<JobFacts, 'repository' | 'runId' | 'attempt' | 'job'>;
};

export type EvidenceStatement = { readonly subjects: readonly EvidenceSubject[]; readonly predicate: EvidencePredicate };

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * What is to be attested: the manifest, which names every other file, and the archive in which they left the runner. The verdict is
 * said as it is: that a bundle was broken when it left is worth knowing, too. Null: there is no session or no file to speak of.
 */
export function evidenceStatement({ verification, manifestSha256, artifact, job }: EvidenceFacts): EvidenceStatement | null {
  const { session, counts, verdict, last } = verification;
  if (session === null) return null;
  const files = [
    { name: 'manifest.json', sha256: manifestSha256 },
    { name: `${artifact?.name}.zip`, sha256: artifact?.digest ?? null },
  ];
  const subjects = files.flatMap(({ name, sha256 }) => (sha256 !== null && SHA256.test(sha256) ? [{ name, sha256 }] : []));
  if (subjects.length === 0) return null;
  const { allowed, refused, masked, approved, withoutOutcome, incidents } = counts;
  return {
    subjects,
    predicate: {
      session: session.session,
      gateway: session.gateway,
      evidenceKey: session.evidenceKey,
      verdict,
      entries: counts.entries,
      lastHash: last,
      counts: { allowed, refused, masked, approved, withoutOutcome, incidents },
      policy: { sha256: session.policySha256, source: sourceOf(session.policySource) },
      run: { repository: job.repository, id: job.runId, attempt: job.attempt, job: job.job },
    },
  };
}

function sourceOf(source: PolicySource | null): PolicySource | null {
  if (source === null) return null;
  const { repository, path, ref, commit } = source;
  return { repository, path, ref, commit };
}

/** docs/evidence.md, Files. */
const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;

/** Null: the bundle has none, or one that no bundle may have. */
export async function manifestSha256(bundle: string): Promise<string | null> {
  const folder = openBundleFolder(bundle);
  try {
    const manifest = (await folder.members()).find(({ path }) => path === 'manifest.json');
    if (manifest === undefined || manifest.kind !== 'file' || manifest.bytes > MANIFEST_BYTES_MAX) return null;
    const hash = createHash('sha256');
    for await (const piece of folder.read('manifest.json', manifest.bytes)) hash.update(piece);
    return hash.digest('hex');
  } finally {
    folder.close();
  }
}
