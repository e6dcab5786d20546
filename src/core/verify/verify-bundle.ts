import type { Checkpoint } from '#core/audit/checkpoint.ts';
import { AuditCheck } from './audit-check.ts';
import { auditFiles } from './audit-pieces.ts';
import { type BundleReader, readThrough, readWhole } from './bundle-reader.ts';
import { type KnownKeys, pinnedKeys } from './issuer-keys.ts';
import { AUDIT_FILE, type FileDigest, MANIFEST_FILE, POLICY_FILE, SIGNATURE_FILE, TOKEN_FILE } from './manifest.ts';
import { checkManifest } from './manifest-check.ts';
import type { Decrypt } from './recording-content.ts';
import { checkRecordings } from './recordings-check.ts';
import { checkStructure } from './structure.ts';
import { checkToken } from './token-check.ts';
import { type Counts, PROBLEMS_MAX, type SessionFacts, type Verification } from './verification.ts';
import { keepDigest, type Work } from './work.ts';

/** What a verifier has besides the bundle. */
export type Outside = {
  /** Keys of issuers (R1). Absent: those that this version came with. */
  readonly keys?: KnownKeys;
  /** Checkpoints that a log shows, whoever wrote them (R36). */
  readonly log?: readonly Checkpoint[];
  /** Opens what is encrypted. */
  readonly decrypt?: Decrypt;
};

/**
 * Verifies a bundle (docs/evidence.md, "Verifying"). Every byte is hostile input; each file is read once, in pieces. Rejects only
 * with what the reader rejects with.
 */
export async function verifyBundle(reader: BundleReader, { keys = pinnedKeys(), log, decrypt }: Outside = {}): Promise<Verification> {
  const structure = checkStructure(await reader.members());
  const work: Work = {
    ...{ reader, files: structure.files, sealed: structure.sealed, audit: new AuditCheck(keys, log), digests: new Map() },
    ...{ problems: [...structure.problems], notes: [], anchoring: 'unanchored', recordings: 0, recordedBytes: 0 },
  };
  if (structure.problems.length === 0) {
    await checkAudit(work);
    await checkPolicyAndToken(work, keys);
    await checkRecordings(work, decrypt ?? null);
    await checkSealing(work);
    checkLog(work, log !== undefined);
  }
  return conclude(work);
}

async function checkAudit(work: Work): Promise<void> {
  const { audit } = work;
  const members = auditFiles(work.files.values());
  for (const [index, member] of members.entries()) {
    keepDigest(work, member, await readThrough(work.reader, member, (piece) => audit.push(piece)));
    const isLast = index === members.length - 1;
    if (audit.problem === null && !isLast && (member.bytes === 0 || audit.tornBytes > 0))
      work.problems.push({ code: 'chain', where: member.path, what: 'it does not end with a whole line, and is continued' });
  }
  if (audit.problem !== null) work.problems.push(audit.problem);
  else if (audit.rules.sealed && audit.tornBytes > 0)
    work.problems.push({ code: 'seal', where: AUDIT_FILE, what: 'bytes come after the seal' });
  else if (work.sealed) checkEnd(work, members.at(-1)?.bytes ?? 0);
  else if (audit.tornBytes > 0)
    work.notes.push(`The last line was cut off while it was written (${audit.tornBytes} bytes); it counts for nothing.`);
  if (audit.times.wentBack > 0)
    work.notes.push(`The gateway's clock went back ${audit.times.wentBack} times; the order of entries is that of the chain.`);
}

function checkEnd({ audit, problems }: Work, lastBytes: number): void {
  if (audit.tornBytes > 0) problems.push({ code: 'chain', where: AUDIT_FILE, what: 'its last line has no end' });
  if (lastBytes === 0) problems.push({ code: 'chain', where: AUDIT_FILE, what: 'its last file is empty' });
  if (!audit.rules.sealed) problems.push({ code: 'seal', where: AUDIT_FILE, what: 'its last entry is no seal: the end was cut off' });
}

/** Both were whole on the disk before the first entry was written, sealed or not; but for a token that is kept back (R5). */
async function checkPolicyAndToken(work: Work, keys: KnownKeys): Promise<void> {
  const { session } = work.audit.rules;
  const { from } = work.audit.times;
  if (session === null || from === null) return;
  const policy = await small(work, POLICY_FILE);
  if (policy !== null && policy.digest.sha256 !== session.policySha256) {
    work.problems.push({ code: 'policy', where: POLICY_FILE, what: 'it is not the policy that the session entry names: its hash differs' });
  }
  if (!work.sealed && session.keeps.token === 'after-expiry' && !work.files.has(TOKEN_FILE)) {
    work.notes.push('The token was to go in after its expiry, and the session ended before: nobody vouches for its keys.');
    return;
  }
  const token = await small(work, TOKEN_FILE);
  if (token === null) return;
  const finding = checkToken(token.content, session, from, keys);
  work.anchoring = finding.anchoring;
  work.problems.push(...finding.problems);
  const unknown = new Set(work.audit.rules.approvals.unknownKeys);
  if (unknown.size > 0) work.anchoring = 'unanchored';
  if (finding.unknownKey !== null) unknown.add(finding.unknownKey);
  for (const kid of unknown)
    work.notes.push(`Key ${kid} of ${session.issuer} is not known from outside the bundle; --keys FILE can name it.`);
}

async function small(work: Work, path: string): Promise<{ readonly content: Buffer; readonly digest: FileDigest } | null> {
  const member = work.files.get(path);
  if (member === undefined) {
    work.problems.push({ code: 'structure', where: path, what: 'it is missing' });
    return null;
  }
  const whole = await readWhole(work.reader, member);
  keepDigest(work, member, whole.digest);
  return whole;
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

function checkLog({ audit, problems, notes }: Work, given: boolean): void {
  if (!given || problems.length > 0) return;
  const { genuine, missing } = audit.log;
  if (missing !== null) {
    const what = `the log shows ${missing} entries, signed, and ${audit.chain.entries} are here: the end was taken away`;
    problems.push({ code: 'checkpoint', where: AUDIT_FILE, what });
  } else if (genuine === 0) notes.push('The log shows no checkpoint of this session.');
  else notes.push(`The log shows ${genuine} checkpoints of this session, and the chain is the one they sign.`);
}

function conclude(work: Work): Verification {
  const { audit, problems, notes, sealed } = work;
  const session: SessionFacts | null = audit.rules.session;
  const { recordings, recordedBytes } = work;
  const counts: Counts = { ...audit.rules.counts, entries: audit.chain.entries, recordings, recordedBytes };
  if (problems.length === 0) notes.push(...openEnds(counts));
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
    signed: sealed ? counts.entries : audit.rules.signed,
    last: audit.chain.last,
    from: audit.times.from,
    to: audit.times.to,
    problems: problems.slice(0, PROBLEMS_MAX),
    notes,
  };
}

function openEnds({ withoutOutcome, waiting }: Counts): readonly string[] {
  return [
    ...(withoutOutcome > 0
      ? [`${withoutOutcome} allowed operations have no outcome: whether and how they ended is not in the evidence.`]
      : []),
    ...(waiting > 0 ? [`${waiting} operations waited for approval and were never let go on.`] : []),
  ];
}
