import * as z from 'zod';
import { NotCanonicalizable } from '#core/audit/canonical-json.ts';
import { describe } from '#core/audit/entry-schema.ts';
import { CLAIM_CHARACTERS_MAX } from '#core/policy/claim-glob.ts';
import type { Claims } from '#core/policy/policy.ts';
import { claimStrings } from './claims.ts';

/** What a token of GitHub Actions says, as far as anything is decided by it. */
export type GithubClaims = {
  readonly issuer: string;
  readonly audience: string;
  readonly jti: string;
  /** Seconds since 1970. */
  readonly issued: number;
  readonly expires: number;
  readonly notBefore: number | null;
  /** The person who started the run, and the job: `github:ann (acme/shop, run 4711.1)`. For people; nothing is decided by it. */
  readonly principal: string;
  /** What bindings are matched against. */
  readonly claims: Claims;
  /** All of them, for the record. */
  readonly record: Readonly<Record<string, string>>;
};

const CLAIMS_MAX = 256;
/** Custom properties of repositories become claims, so organisations choose some of the names. */
const CLAIM_NAME = /^(?!__proto__$)[\x21-\x7e]{1,256}$/;

const Text = z.string().max(CLAIM_CHARACTERS_MAX);
const Id = z.string().regex(/^[1-9][0-9]{0,19}$/);
const Seconds = z.int().min(0);

/**
 * GitHub's own claims: all of them strings, ids too; only times are numbers. `sub` is never taken apart: its form differs
 * between repositories, and organisations may replace it.
 */
const Shape = z.looseObject({
  iss: z.string(),
  sub: Text.min(1),
  aud: z.string({ error: ({ input }) => (Array.isArray(input) ? 'is a list, expected one audience' : undefined) }),
  jti: z.string().min(1).max(256),
  iat: Seconds,
  exp: Seconds,
  nbf: Seconds.optional(),
  repository: z
    .string()
    .max(256)
    .regex(/^[^/]+\/[^/]+$/),
  repository_id: Id,
  repository_owner: Text.min(1),
  repository_owner_id: Id,
  run_id: Id,
  run_attempt: Id,
  check_run_id: Id.optional(),
  actor: Text.min(1),
  actor_id: Id,
  event_name: Text.min(1),
  ref: Text.optional(),
  ref_protected: Text.optional(),
  environment: Text.optional(),
  workflow_ref: Text.optional(),
  job_workflow_ref: Text.optional(),
  runner_environment: Text.optional(),
});

/** Reads the claims of a token whose signature is good. A text in answer says what is wrong with them. */
export function parseGithubClaims(payload: Readonly<Record<string, unknown>>): GithubClaims | string {
  const parsed = Shape.safeParse(payload);
  if (!parsed.success) return `its claims are malformed: ${describe(parsed.error)}`;
  const { data } = parsed;
  if (!data.repository.toLowerCase().startsWith(`${data.repository_owner.toLowerCase()}/`))
    return 'its repository is not one of its repository_owner';
  const record = recordOf(payload);
  if (record === null) return 'its claims are malformed: some cannot be written down as they are';
  return {
    issuer: data.iss,
    audience: data.aud,
    jti: data.jti,
    issued: data.iat,
    expires: data.exp,
    notBefore: data.nbf ?? null,
    principal: `github:${data.actor} (${data.repository}, run ${data.run_id}.${data.run_attempt})`,
    claims: bindingClaims(data),
    record,
  };
}

function bindingClaims(data: z.infer<typeof Shape>): Claims {
  const claims = {
    issuer: data.iss,
    repository: data.repository,
    'repository-id': data.repository_id,
    'repository-owner-id': data.repository_owner_id,
    event: data.event_name,
    actor: data.actor,
  };
  const optional = {
    ref: data.ref,
    'ref-protected': data.ref_protected,
    environment: data.environment,
    'workflow-ref': data.workflow_ref,
    'job-workflow-ref': data.job_workflow_ref,
    'runner-environment': data.runner_environment,
  };
  // GitHub leaves some of these out, and sends others empty: both mean that there is none.
  return { ...claims, ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined && value !== '')) };
}

/** Null for what the evidence could not hold: names that mislead, lone surrogates, absurd depth. */
function recordOf(payload: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> | null {
  try {
    const record = claimStrings(payload);
    const entries = Object.entries(record);
    return entries.length <= CLAIMS_MAX && entries.every(([name, value]) => CLAIM_NAME.test(name) && value.isWellFormed()) ? record : null;
  } catch (cause) {
    if (cause instanceof NotCanonicalizable) return null;
    throw cause;
  }
}
