import * as z from 'zod';
import { POSTGRES_EFFECTS } from '#core/operation/operation.ts';
import { ADDRESS_FORM, isHostName, parseAddress } from './address.ts';
import { claimGlobFault, ISSUER } from './claim-glob.ts';
import { GLOB_CHARACTERS_MAX, GLOBS_PER_LIST_MAX, type GlobShape, parseGlob } from './glob-text.ts';
import { type ClaimName, DETECTORS, MASK_METHODS, TLS_MODES } from './policy.ts';
import { AgentsSchema } from './schema-agents.ts';
import { ConfinementSchema } from './schema-confinement.ts';
import { EgressSchema } from './schema-egress.ts';
import { LimitsSchema } from './schema-limits.ts';
import { OidcSchema } from './schema-oidc.ts';

/**
 * The shape of a policy, key by key (docs/policy.md is its reference; docs/policy.schema.json is generated from here).
 * Names across the text are checked in link.ts.
 */
const STATEMENT_BYTES_MIN = 1024;
const STATEMENT_BYTES_MAX = 16 * 1024 * 1024;
const STATEMENT_BYTES_DEFAULT = 1024 * 1024;
const HOST_NAMES_MAX = 32;
const RULES_MAX = 1000;
const REASON_CHARACTERS_MAX = 500;
/** PostgreSQL cuts longer names (NAMEDATALEN - 1); ours would then no longer be the server's. */
const POSTGRES_NAME_BYTES_MAX = 63;

export const TARGET_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
export const DUTY_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;

const SecretRef = z
  .strictObject(
    { secret: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is not the name of a secret, expected letters, digits and _') },
    { error: (issue) => (issue.code === 'invalid_type' ? 'is a value in the clear, expected { secret: NAME }' : undefined) },
  )
  .describe('The name of a secret that the gateway was handed.');

const PostgresName = z
  .string()
  .min(1)
  .refine((name) => !/\p{Cc}/u.test(name), 'has control characters')
  .refine(
    (name) => Buffer.byteLength(name) <= POSTGRES_NAME_BYTES_MAX,
    `is longer than ${POSTGRES_NAME_BYTES_MAX} bytes, as no name of PostgreSQL is`,
  );

export const TargetSchema = z
  .strictObject({
    protocol: z.literal('postgres').describe('The protocol of the target.'),
    address: z
      .string()
      .refine((address) => parseAddress(address) !== null, ADDRESS_FORM)
      .describe('host or host:port; an IPv6 address stands in brackets. The port is 5432 unless given.'),
    names: z
      .array(z.string().refine(isHostName, 'is not a host name in lower case'))
      .min(1)
      .max(HOST_NAMES_MAX)
      .optional()
      .describe('More host names that the target answers to inside a session.'),
    database: PostgresName.describe('The database that a session connects to.'),
    user: PostgresName.describe('The login that the gateway uses.'),
    password: SecretRef.optional(),
    tls: z.enum(TLS_MODES).default('verify-full').describe("libpq's sslmode words."),
    ca: SecretRef.optional().describe('Certificate authority of the server, PEM. Absent: the public ones.'),
    'statement-bytes-max': z
      .int()
      .min(STATEMENT_BYTES_MIN)
      .max(STATEMENT_BYTES_MAX)
      .default(STATEMENT_BYTES_DEFAULT)
      .describe('Larger statements are refused unread.'),
  })
  .describe('A PostgreSQL server.');

function globs(shape: GlobShape) {
  const glob = z
    .string()
    .min(1)
    .superRefine((text, context) => {
      const parsed = parseGlob(text, shape);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.message });
    });
  return oneOrMany(glob).superRefine(refuseOnlyNegatives);
}

function oneOrMany<T extends z.ZodType<string>>(item: T) {
  return z.union([item, z.array(item).min(1).max(GLOBS_PER_LIST_MAX)]);
}

function refuseOnlyNegatives(list: string | readonly string[], context: z.RefinementCtx): void {
  const texts = typeof list === 'string' ? [list] : list;
  if (texts.every((text) => text.startsWith('!'))) {
    context.addIssue({ code: 'custom', message: 'has only negatives, so it can never match: name what they are taken from, such as "*"' });
  }
}

const DENY_EFFECTS = ['*', ...POSTGRES_EFFECTS] as const;
const ALLOW_EFFECTS = DENY_EFFECTS.filter((effect) => effect !== 'unknown');
const UNKNOWN_ALLOWED = '"unknown" can never be allowed: it stands for what nobody could judge';

function ruleShape<T extends z.ZodType>(effect: T) {
  return z.strictObject({
    on: globs('whole').describe('Targets, by glob.'),
    effects: z.array(effect).min(1).optional().describe('What the rule covers. Absent or "*": every effect but unknown.'),
    relations: globs('relation').optional().describe('schema.relation globs.'),
    functions: globs('function').optional().describe('schema.function globs.'),
    databases: globs('whole').optional().describe('Database globs. Absent: every database of the target.'),
    reason: z
      .string()
      .min(1)
      .max(REASON_CHARACTERS_MAX)
      .refine((reason) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(reason), 'has control characters or line breaks')
      .optional()
      .describe('Shown to the client when this rule decides.'),
  });
}

export const AllowSchema = ruleShape(
  z.enum(ALLOW_EFFECTS, { error: (issue) => (issue.input === 'unknown' ? UNKNOWN_ALLOWED : undefined) }),
);
const DenySchema = ruleShape(z.enum(DENY_EFFECTS));

export const MaskSchema = z
  .strictObject({
    on: globs('whole').optional().describe('Targets, by glob. Absent: every target.'),
    columns: globs('column').optional().describe('schema.relation.column globs.'),
    detect: z.array(z.enum(DETECTORS)).min(1).optional().describe('Detectors to run over text.'),
    with: z
      .union([z.enum(MASK_METHODS), z.null().transform(() => 'null' as const)]) // YAML reads a bare null as no text
      .describe('What stands in place of the value.'),
  })
  .superRefine((mask, context) => {
    if ((mask.columns === undefined) === (mask.detect === undefined)) {
      context.addIssue({
        code: 'custom',
        message: `has ${mask.columns === undefined ? 'neither columns nor detect' : 'both columns and detect'}, expected one of them`,
      });
    }
  });

const OPERATIONS_MAX = 1_000_000_000;

export const DutyLimitsSchema = z
  .strictObject({
    operations: z.int().min(1).max(OPERATIONS_MAX).describe('How many operations the duty allows in one session, whoever asks.'),
  })
  .describe('How much the duty allows in one session.');

export const DutySchema = z
  .strictObject({
    allow: z.array(AllowSchema).min(1).max(RULES_MAX).optional(),
    deny: z.array(DenySchema).min(1).max(RULES_MAX).optional(),
    mask: z.array(MaskSchema).min(1).max(RULES_MAX).optional(),
    limits: DutyLimitsSchema.optional(),
  })
  .refine(
    (duty) => duty.allow !== undefined || duty.deny !== undefined || duty.mask !== undefined,
    'has no rules, expected allow, deny or mask',
  );

function claim(name: ClaimName) {
  const glob = z
    .string()
    .min(1)
    .max(GLOB_CHARACTERS_MAX)
    .superRefine((text, context) => {
      const message = claimGlobFault(name, text);
      if (message !== null) context.addIssue({ code: 'custom', message });
    });
  return oneOrMany(glob).superRefine(refuseOnlyNegatives).optional();
}

const Issuer = z
  .string()
  .regex(
    ISSUER,
    'is not an issuer, expected "local", an https:// address, or http://127.0.0.1 or http://localhost; it is compared exactly',
  );

export const ClaimsSchema = z
  .strictObject({
    issuer: oneOrMany(Issuer).optional().describe('Compared exactly. Absent: GitHub. "local" and issuers on this machine must be named.'),
    repository: claim('repository'),
    ref: claim('ref'),
    'ref-protected': z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
    environment: claim('environment'),
    event: claim('event'),
    'workflow-ref': claim('workflow-ref'),
    'job-workflow-ref': claim('job-workflow-ref'),
    'runner-environment': claim('runner-environment'),
    actor: claim('actor'),
    groups: claim('groups'),
  } satisfies Record<ClaimName, z.ZodType>)
  .describe('Every claim named here must match.');

export const BindingSchema = z.strictObject({
  duties: z.array(z.string().regex(DUTY_NAME)).min(1),
  when: ClaimsSchema,
});

const RECIPIENTS_MAX = 16;
/** An X25519 recipient, as `age-keygen` prints it: Bech32, whose checksum is looked at when the policy is used. */
const Recipient = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, 'is not an age recipient, expected age1… as age-keygen prints it');

export const EvidenceSchema = z
  .strictObject({
    recordings: z
      .enum(['full', 'none'])
      .optional()
      .describe('Whether terminals are recorded. Absent: full; on public repositories only where encrypt-to is given.'),
    responses: z
      .enum(['full', 'digest', 'none'])
      .optional()
      .describe('What is kept of what targets answer. Absent: digest; on public repositories none, unless encrypt-to is given.'),
    'encrypt-to': z
      .union([Recipient, z.array(Recipient).min(1).max(RECIPIENTS_MAX)])
      .optional()
      .describe('age recipients. Recordings and recorded responses are encrypted to them.'),
    token: z
      .enum(['at-once', 'after-expiry'])
      .optional()
      .describe("When the session token's signature goes into the evidence. Absent: at-once."),
  })
  .refine((evidence) => Object.keys(evidence).length > 0, 'is empty, expected recordings, responses, encrypt-to or token')
  .describe('What of a session is kept, and how.');

/** For the JSON Schema; the parser's check is in link.ts, since a bad name must not hide what is wrong under it. */
function namesLike(name: RegExp) {
  return { propertyNames: { type: 'string', pattern: name.source } };
}

const NOT_EMPTY = (table: object) => Object.keys(table).length > 0;

export const PolicySchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  targets: z.record(z.string(), TargetSchema).refine(NOT_EMPTY, 'is empty, expected a target').meta(namesLike(TARGET_NAME)),
  duties: z.record(z.string(), DutySchema).refine(NOT_EMPTY, 'is empty, expected a duty').meta(namesLike(DUTY_NAME)),
  bindings: z.array(BindingSchema).min(1),
  evidence: EvidenceSchema.optional(),
  confinement: ConfinementSchema.optional(),
  oidc: OidcSchema.optional(),
  agents: AgentsSchema.optional(),
  egress: EgressSchema.optional(),
  limits: LimitsSchema.optional(),
});

export type PolicyData = z.output<typeof PolicySchema>;
export type RuleData = z.output<typeof DenySchema>;
export type MaskData = z.output<typeof MaskSchema>;
export type TargetData = z.output<typeof TargetSchema>;
