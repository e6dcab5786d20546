import { SESSION_LIMITS, type SessionLimits } from '#core/chain/delegation-limits.ts';
import { egressPolicy } from '#core/egress/rules.ts';
import type { PostgresEffect } from '#core/operation/operation.ts';
import { POSTGRES_EFFECTS } from '#core/operation/operation.ts';
import { parseAddress } from './address.ts';
import { GITHUB_ISSUER } from './claim-glob.ts';
import { parseDuration } from './duration.ts';
import { type GlobShape, globList } from './glob-text.ts';
import {
  type AgentRule,
  type Binding,
  CLAIMS,
  type Duty,
  type EvidencePolicy,
  type GlobList,
  type MaskEntry,
  type Policy,
  type PostgresTarget,
  type Rule,
} from './policy.ts';
import type { MaskData, PolicyData, RuleData, TargetData } from './schema.ts';
import type { AgentData } from './schema-agents.ts';

/** From a policy without faults to the one that decides. */
export function compilePolicy(data: PolicyData): Policy {
  const targets = Object.entries(data.targets).map(([name, target]) => [name, compileTarget(name, target)] as const);
  const duties = Object.entries(data.duties).map(([name, duty]) => [name, compileDuty(name, duty)] as const);
  return {
    version: 1,
    targets: new Map(targets),
    duties: new Map(duties),
    bindings: data.bindings.map(compileBinding),
    evidence: compileEvidence(data.evidence),
    audiences: data.oidc?.audiences ?? [],
    confinement: {
      hide: data.confinement?.hide ?? [],
      persist: data.confinement?.persist ?? [],
      passEnv: data.confinement?.['pass-env'] ?? [],
    },
    agents: (data.agents ?? []).map((rule, index) => compileAgent(rule, index, new Map(duties))),
    egress: data.egress === undefined ? null : egressPolicy(data.egress.allow ?? [], data.egress.policy ?? 'block'),
    limits: { ...SESSION_LIMITS, ...definedLimits(data.limits) },
  };
}

function definedLimits({ session, ...counts }: NonNullable<PolicyData['limits']> = {}): Partial<SessionLimits> {
  const defined = Object.entries(counts).filter(([, limit]) => limit !== undefined);
  return { ...Object.fromEntries(defined), ...(session === undefined ? {} : { sessionMs: parseDuration(session) }) };
}

function compileAgent(
  { match, duty: name, sticky = 'cage', workspace = 'write' }: AgentData,
  index: number,
  duties: Policy['duties'],
): AgentRule {
  const duty = duties.get(name);
  if (duty === undefined) throw new TypeError(`Cannot compile agents[${index}]: its duty was not checked`);
  return { id: `agents[${index}]`, match: typeof match === 'string' ? [match] : match, duty, sticky, workspace };
}

function compileEvidence(evidence: PolicyData['evidence']): EvidencePolicy {
  const { recordings = null, responses = null, 'encrypt-to': recipients = [], token = 'at-once' } = evidence ?? {};
  return { recordings, responses, encryptTo: typeof recipients === 'string' ? [recipients] : recipients, token };
}

function compileTarget(name: string, target: TargetData): PostgresTarget {
  const address = parseAddress(target.address);
  if (address === null) throw new TypeError(`Cannot compile target ${name}: its address was not checked`);
  return {
    kind: 'postgres',
    name,
    host: address.host,
    port: address.port,
    names: target.names ?? [],
    database: target.database,
    user: target.user,
    password: target.password ?? null,
    tls: target.tls,
    ca: target.ca ?? null,
    statementBytesMax: target['statement-bytes-max'],
  };
}

function compileDuty(name: string, duty: PolicyData['duties'][string]): Duty {
  return {
    name,
    allow: (duty.allow ?? []).map((rule, index) => compileRule(`${name}.allow[${index}]`, rule)),
    deny: (duty.deny ?? []).map((rule, index) => compileRule(`${name}.deny[${index}]`, rule)),
    mask: (duty.mask ?? []).map((entry, index) => compileMask(`${name}.mask[${index}]`, entry)),
    operationsMax: duty.limits?.operations ?? null,
  };
}

function compileRule(id: string, rule: RuleData): Rule {
  return {
    id,
    on: listOf(rule.on, 'whole'),
    effects: compileEffects(rule.effects),
    relations: rule.relations === undefined ? null : listOf(rule.relations, 'relation'),
    functions: rule.functions === undefined ? null : listOf(rule.functions, 'function'),
    databases: rule.databases === undefined ? null : listOf(rule.databases, 'whole'),
    reason: rule.reason ?? null,
  };
}

function compileEffects(effects: RuleData['effects']): ReadonlySet<PostgresEffect> | null {
  if (effects === undefined) return null;
  const named = effects.filter((effect) => effect !== '*');
  if (named.length === effects.length) return new Set(named);
  return named.includes('unknown') ? new Set(POSTGRES_EFFECTS) : null;
}

function compileMask(id: string, entry: MaskData): MaskEntry {
  return {
    id,
    on: listOf(entry.on ?? '*', 'whole'),
    with: entry.with,
    what:
      entry.columns === undefined
        ? { kind: 'detect', detectors: entry.detect ?? [] }
        : { kind: 'columns', columns: listOf(entry.columns, 'column') },
  };
}

function compileBinding(binding: PolicyData['bindings'][number], index: number): Binding {
  const claims = { issuer: GITHUB_ISSUER, ...binding.when };
  const when = CLAIMS.flatMap((claim) => {
    const wanted = claims[claim];
    return wanted === undefined ? [] : [{ claim, globs: (Array.isArray(wanted) ? wanted : [wanted]).map(String) }];
  });
  return { id: `bindings[${index}]`, duties: binding.duties, when };
}

function listOf(list: string | readonly string[], shape: GlobShape): GlobList {
  return globList(typeof list === 'string' ? [list] : list, shape);
}
