import * as z from 'zod';
import { decodeBase64url } from '#core/identity/base64url.ts';
import { Ed25519Jwk } from '#core/identity/ed25519.ts';
import { CHAIN_VERSION } from './chain.ts';
import { isTimestamp } from './timestamp.ts';

/**
 * What readers make of a line of `audit.jsonl`. Known kinds must have the members they are known for; members that a
 * later version added are passed over, and so are whole kinds that are not known (they arrive as `{kind}`).
 */
const Count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Thumbprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Timestamp = z.string().refine(isTimestamp, 'expected RFC 3339 in UTC with milliseconds');
const Strings = z.array(z.string());

const Link = z.object({ principal: z.string(), duty: z.string(), executable: z.string(), started: Timestamp, keyThumbprint: z.string() });

const PolicySource = z.object({ repository: z.string(), repositoryId: z.string(), path: z.string(), ref: z.string(), commit: z.string() });

const LinkId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const Session = z.object({
  kind: z.literal('session'),
  session: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  gateway: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  issuer: z.string(),
  claims: z.record(z.string(), z.string()),
  chain: z.array(Link),
  policySha256: Sha256,
  policySource: PolicySource.nullable(),
  clientKey: Thumbprint,
  evidenceKey: Thumbprint,
  nonce: z.string(),
  keeps: z.object({
    recordings: z.enum(['full', 'encrypted', 'none']),
    responses: z.enum(['full', 'encrypted', 'digest', 'none']),
    token: z.enum(['at-once', 'after-expiry']),
    recipients: Strings.readonly(),
  }),
  confinement: z.enum(['confined', 'unconfined']),
});

const Id = z.string().min(1).max(128);

const Decision = z.object({
  kind: z.literal('decision'),
  decision: Id,
  connection: z.string(),
  link: LinkId,
  target: z.string(),
  duty: z.string(),
  outcome: z.enum(['allow', 'hold', 'deny', 'unjudgeable', 'over-limit']),
  rules: Strings,
  // Effects and objects belong to protocols, of which later versions have more.
  pairs: z.array(z.object({ effect: z.string(), object: z.looseObject({ kind: z.string() }) })),
  reasons: Strings,
  statement: z.string(),
  parameters: z.array(z.string().nullable()),
});

const Hold = z.object({
  kind: z.literal('hold'),
  hold: Id,
  decision: Id,
  operation: Sha256,
  environment: z.string(),
  expires: Timestamp,
});

const Approval = z.object({
  kind: z.literal('approval'),
  hold: Id,
  verdict: z.enum(['approved', 'rejected', 'expired', 'withdrawn']),
  approver: z.object({ id: z.string().regex(/^[1-9][0-9]{0,19}$/), login: z.string() }).nullable(),
  run: z.string().nullable(),
  receipt: z.string().nullable(),
  why: z.string().nullable(),
});

const Release = z.object({ kind: z.literal('release'), decision: Id, outcome: z.enum(['allow', 'deny']), reasons: Strings });

const Outcome = z.object({
  kind: z.literal('outcome'),
  decision: Id,
  status: z.enum(['ok', 'error', 'suspended', 'skipped', 'cut']),
  code: z.string().nullable(),
  rows: Count,
  bytes: Count,
  masked: Count,
  durationMicros: Count,
  responseSha256: Sha256.nullable(),
});

const Connection = z.object({
  kind: z.literal('connection'),
  connection: z.string(),
  link: LinkId,
  target: z.string(),
  event: z.enum(['opened', 'refused', 'closed']),
  why: z.string().nullable(),
});

const Cage = z.object({
  kind: z.literal('cage'),
  cage: LinkId,
  event: z.enum(['made', 'entered', 'ended']),
  command: LinkId.nullable(),
});

const Confinement = z.object({
  kind: z.literal('confinement'),
  link: LinkId,
  entrance: z.string(),
  proved: Strings,
  escapes: z.object({ held: Strings, absent: Strings, open: Strings }).optional(),
});

const Recording = z.object({ kind: z.literal('recording'), file: z.string(), offset: Count, bytes: Count.min(1), sha256: Sha256 });

const Command = z.object({
  kind: z.literal('command'),
  link: LinkId,
  event: z.enum(['started', 'ended']),
  argv: Strings,
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
});

const Delegation = z.object({
  kind: z.literal('delegation'),
  link: LinkId,
  parent: LinkId,
  principal: z.string(),
  duty: z.string(),
  executable: z.string(),
  started: Timestamp,
  keyThumbprint: Thumbprint.nullable(),
  duties: Strings,
  chainSha256: Sha256,
});

const Mint = z.object({ kind: z.literal('mint'), link: LinkId, audience: z.string(), outcome: z.enum(['granted', 'refused']) });

const Egress = z.object({
  kind: z.literal('egress'),
  link: LinkId,
  attempt: z.string(),
  event: z.enum(['asked', 'opened', 'refused', 'closed']),
  host: z.string(),
  port: Count.nullable(),
  rule: z.string().nullable(),
  protocol: z.enum(['tls', 'http', 'raw']).nullable(),
  seen: z.string().nullable(),
  address: z.string().nullable(),
  why: z.string().nullable(),
  sent: Count,
  received: Count,
  durationMicros: Count,
  times: Count.min(1),
});

const Agent = z.object({
  kind: z.literal('agent'),
  link: LinkId,
  agent: LinkId,
  principal: z.string(),
  duty: z.string(),
  executable: z.string().nullable(),
  pid: z.int().min(1).nullable(),
  started: Timestamp,
  match: z.string().nullable(),
  proof: z.enum(['executable', 'script', 'name', 'unproved']),
  why: z.string().nullable(),
  duties: Strings,
});

const Checkpoint = z.object({
  kind: z.literal('checkpoint'),
  key: Ed25519Jwk,
  sig: z.string().refine((sig) => decodeBase64url(sig)?.length === 64, 'expected 64 bytes in strict base64url'),
});

const Seal = z.object({ kind: z.literal('seal'), entries: Count, allowed: Count, refused: Count, masked: Count });

const Incident = z.object({ kind: z.literal('incident'), incident: z.string(), clientKey: z.string() });

export const KnownEntrySchema = z.discriminatedUnion('kind', [
  Session,
  Decision,
  Hold,
  Approval,
  Release,
  Outcome,
  Connection,
  Cage,
  Confinement,
  Recording,
  Command,
  Delegation,
  Agent,
  Mint,
  Egress,
  Checkpoint,
  Incident,
  Seal,
]);
export type KnownEntry = z.infer<typeof KnownEntrySchema>;
const KINDS: ReadonlySet<string> = new Set(KnownEntrySchema.options.map((option) => option.shape.kind.value));

export type ReadEntry =
  | { readonly known: true; readonly entry: KnownEntry }
  | { readonly known: false; readonly entry: { readonly kind: string } };

export const LineEnvelope = z.strictObject({
  at: Timestamp,
  entry: z.looseObject({ kind: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/) }),
  n: Count,
  prev: Sha256,
  v: z.literal(CHAIN_VERSION),
});
export type LineEnvelope = z.infer<typeof LineEnvelope>;

/** The entry of a line, or in words what is wrong with it. */
export function readEntry(raw: LineEnvelope['entry']): ReadEntry | { readonly problem: string } {
  if (!KINDS.has(raw.kind)) return { known: false, entry: { kind: raw.kind } };
  const parsed = KnownEntrySchema.safeParse(raw);
  return parsed.success ? { known: true, entry: parsed.data } : { problem: describe(parsed.error) };
}

export function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`)
    .join('; ');
}
