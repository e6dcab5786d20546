import { z } from 'zod';
import { CHAIN_VERSION } from './chain.ts';

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
  confinement: z.enum(['confined', 'unconfined']),
});

const Decision = z.object({
  kind: z.literal('decision'),
  decision: z.string().min(1).max(128),
  connection: z.string(),
  target: z.string(),
  duty: z.string(),
  outcome: z.enum(['allow', 'deny', 'unjudgeable', 'over-limit']),
  rules: Strings,
  // Effects and objects belong to protocols, of which later versions have more.
  pairs: z.array(z.object({ effect: z.string(), object: z.looseObject({ kind: z.string() }) })),
  reasons: Strings,
  statement: z.string(),
  parameters: z.array(z.string().nullable()),
});

const Outcome = z.object({
  kind: z.literal('outcome'),
  decision: z.string().min(1).max(128),
  status: z.enum(['ok', 'error', 'suspended', 'skipped', 'cut']),
  code: z.string().nullable(),
  rows: Count,
  bytes: Count,
  masked: Count,
  durationMicros: Count,
});

const Connection = z.object({
  kind: z.literal('connection'),
  connection: z.string(),
  link: LinkId,
  target: z.string(),
  event: z.enum(['opened', 'refused', 'closed']),
  why: z.string().nullable(),
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

const Seal = z.object({ kind: z.literal('seal'), entries: Count, allowed: Count, refused: Count, masked: Count });

const Incident = z.object({ kind: z.literal('incident'), incident: z.string(), clientKey: z.string() });

export const KnownEntrySchema = z.discriminatedUnion('kind', [Session, Decision, Outcome, Connection, Recording, Command, Incident, Seal]);
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

function isTimestamp(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString() === text;
}
