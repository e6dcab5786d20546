import { AuditCheck } from './audit-check.ts';
import { type BundleMember, type BundleReader, readThrough, readWhole } from './bundle-reader.ts';
import { type KnownKeys, pinnedKeys } from './issuer-keys.ts';
import {
  AUDIT_FILE,
  type FileDigest,
  MANIFEST_FILE,
  POLICY_FILE,
  parseRecordingPath,
  recordingPath,
  SIGNATURE_FILE,
  TOKEN_FILE,
} from './manifest.ts';
import { checkManifest } from './manifest-check.ts';
import { RecordingCheck } from './recording-check.ts';
import { checkStructure, type Structure } from './structure.ts';
import { checkToken } from './token-check.ts';
import { type Counts, PROBLEMS_MAX, type Problem, type SessionFacts, type Verification } from './verification.ts';

/**
 * Verifies a bundle (docs/evidence.md, "Verifying"). Every byte is hostile input; each file is read once, in pieces. Rejects only
 * with what the reader rejects with. `keys`: of issuers, from outside the bundle (R1).
 */
export async function verifyBundle(reader: BundleReader, keys: KnownKeys = pinnedKeys()): Promise<Verification> {
  const structure = checkStructure(await reader.members());
  const work = startWork(reader, structure);
  if (structure.problems.length === 0) {
    await checkAudit(work);
    await checkPolicyAndToken(work, keys);
    await checkRecordings(work);
    await checkSealing(work);
  }
  return conclude(work);
}

type Work = {
  readonly reader: BundleReader;
  readonly files: Structure['files'];
  readonly sealed: boolean;
  readonly audit: AuditCheck;
  readonly digests: Map<string, FileDigest>;
  readonly problems: Problem[];
  readonly notes: string[];
  anchoring: Verification['anchoring'];
  recordings: number;
  recordedBytes: number;
};

function startWork(reader: BundleReader, { files, sealed, problems }: Structure): Work {
  const start = { anchoring: 'unanchored', recordings: 0, recordedBytes: 0 } as const;
  return { reader, files, sealed, audit: new AuditCheck(), digests: new Map(), problems: [...problems], notes: [], ...start };
}

async function checkAudit(work: Work): Promise<void> {
  const member = work.files.get(AUDIT_FILE);
  if (member === undefined) return;
  const { audit } = work;
  keep(work, member, await readThrough(work.reader, member, (piece) => audit.push(piece)));
  if (audit.problem !== null) work.problems.push(audit.problem);
  else if (work.sealed) work.problems.push(...checkEnd(audit));
  else if (audit.tornBytes > 0)
    work.notes.push(`The last line was cut off while it was written (${audit.tornBytes} bytes); it counts for nothing.`);
  if (audit.times.wentBack > 0)
    work.notes.push(`The gateway's clock went back ${audit.times.wentBack} times; the order of entries is that of the chain.`);
}

function checkEnd(audit: AuditCheck): readonly Problem[] {
  const problems: Problem[] = [];
  if (audit.tornBytes > 0) problems.push({ code: 'chain', where: AUDIT_FILE, what: 'its last line has no end' });
  if (!audit.rules.sealed) problems.push({ code: 'seal', where: AUDIT_FILE, what: 'its last entry is no seal: the end was cut off' });
  return problems;
}

/** Both were whole on the disk before the first entry was written, sealed or not. */
async function checkPolicyAndToken(work: Work, keys: KnownKeys): Promise<void> {
  const { session } = work.audit.rules;
  const { from } = work.audit.times;
  if (session === null || from === null) return;
  const policy = await small(work, POLICY_FILE);
  if (policy !== null && policy.digest.sha256 !== session.policySha256) {
    work.problems.push({ code: 'policy', where: POLICY_FILE, what: 'it is not the policy that the session entry names: its hash differs' });
  }
  const token = await small(work, TOKEN_FILE);
  if (token === null) return;
  const finding = checkToken(token.content, session, from, keys);
  work.anchoring = finding.anchoring;
  work.problems.push(...finding.problems);
  if (finding.unknownKey !== null)
    work.notes.push(`Key ${finding.unknownKey} of ${session.issuer} is not known from outside the bundle; --keys FILE can name it.`);
}

async function small(work: Work, path: string): Promise<{ readonly content: Buffer; readonly digest: FileDigest } | null> {
  const member = work.files.get(path);
  if (member === undefined) {
    work.problems.push({ code: 'structure', where: path, what: 'it is missing' });
    return null;
  }
  const whole = await readWhole(work.reader, member);
  keep(work, member, whole.digest);
  return whole;
}

async function checkRecordings(work: Work): Promise<void> {
  const named = new Set(work.audit.rules.chunks.keys());
  for (const [path, member] of work.files) {
    const recording = parseRecordingPath(path);
    if (recording === null) continue;
    if (recording.type === 'rec') {
      named.delete(path);
      await checkRecording(work, member, recording.link);
    } else if (work.sealed && !work.files.has(recordingPath(recording.link, 'rec'))) {
      work.problems.push({ code: 'recording', where: path, what: 'the recording it would be derived from is missing' });
    }
  }
  for (const path of named) work.problems.push({ code: 'recording', where: path, what: 'the chain names it, and it is missing' });
}

async function checkRecording(work: Work, member: BundleMember, link: string): Promise<void> {
  const check = new RecordingCheck(member.path, work.audit.rules.chunks.get(member.path) ?? []);
  keep(work, member, await readThrough(work.reader, member, (piece) => check.push(piece)));
  const { problem, cast } = check.end();
  if (problem !== null) work.problems.push(problem);
  work.recordings += 1;
  work.recordedBytes += check.coveredBytes;
  const uncovered = member.bytes - check.coveredBytes;
  if (work.sealed && problem === null && uncovered > 0) {
    work.problems.push({ code: 'recording', where: member.path, what: `no entry of the chain covers its last ${uncovered} bytes` });
  }
  if (!work.sealed && uncovered > 0) work.notes.push(`The last ${uncovered} bytes of ${member.path} are covered by no entry yet.`);
  if (work.sealed) await checkCast(work, recordingPath(link, 'cast'), cast);
}

async function checkCast(work: Work, path: string, derived: { readonly bytes: number; readonly sha256: string }): Promise<void> {
  const member = work.files.get(path);
  if (member === undefined) {
    work.problems.push({ code: 'recording', where: path, what: 'it is missing' });
    return;
  }
  const digest = await readThrough(work.reader, member, () => {});
  keep(work, member, digest);
  if (digest.sha256 !== derived.sha256) work.problems.push({ code: 'recording', where: path, what: 'it is not what the recording gives' });
}

async function checkSealing(work: Work): Promise<void> {
  const { session } = work.audit.rules;
  const [manifest, signature] = [work.files.get(MANIFEST_FILE), work.files.get(SIGNATURE_FILE)];
  if (manifest === undefined || signature === undefined || session === null) return;
  work.problems.push(
    ...checkManifest({
      manifest: (await readWhole(work.reader, manifest)).content,
      signature: (await readWhole(work.reader, signature)).content,
      session,
      chain: work.audit.chain,
      digests: work.digests,
    }),
  );
}

function keep(work: Work, member: BundleMember, digest: FileDigest): void {
  work.digests.set(member.path, digest);
  if (digest.bytes !== member.bytes)
    work.problems.push({ code: 'structure', where: member.path, what: 'its size changed while it was read' });
}

function conclude(work: Work): Verification {
  const { audit, problems, notes, sealed } = work;
  const session: SessionFacts | null = audit.rules.session;
  const counts: Counts = {
    ...audit.rules.counts,
    entries: audit.chain.entries,
    recordings: work.recordings,
    recordedBytes: work.recordedBytes,
  };
  if (problems.length === 0 && counts.withoutOutcome > 0) {
    notes.push(`${counts.withoutOutcome} allowed operations have no outcome: whether and how they ended is not in the evidence.`);
  }
  if (counts.incidents > 0) notes.push(`${counts.incidents} incidents are recorded: see the operations.`);
  if (counts.unknown > 0)
    notes.push(`${counts.unknown} entries are of kinds that this version does not know; they are in the chain all the same.`);
  if (!sealed && audit.rules.sealed)
    notes.push('The chain ends with a seal, and nobody signed the bundle: sealing was interrupted, or the signature was taken away.');
  return {
    verdict: problems.length > 0 ? 'broken' : sealed ? 'sealed' : 'unsealed',
    anchoring: problems.length > 0 ? 'unanchored' : work.anchoring,
    session,
    counts,
    last: audit.chain.last,
    from: audit.times.from,
    to: audit.times.to,
    problems: problems.slice(0, PROBLEMS_MAX),
    notes,
  };
}
