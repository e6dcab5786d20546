import type { Path } from './problems.ts';
import {
  AllowSchema,
  BindingSchema,
  ClaimsSchema,
  DutyLimitsSchema,
  DutySchema,
  EvidenceSchema,
  MaskSchema,
  PolicySchema,
  TargetSchema,
} from './schema.ts';
import { AgentSchema } from './schema-agents.ts';
import { ConfinementSchema } from './schema-confinement.ts';
import { EgressSchema } from './schema-egress.ts';
import { LimitsSchema } from './schema-limits.ts';
import { OidcSchema } from './schema-oidc.ts';

/** Keys by level: those read by this version, and those reserved for later ones, which are never passed over in silence. */
export type Level = { readonly known: readonly string[]; readonly later: readonly string[] };

/** The level of a path, or null where no keys are expected. */
export function levelOf(path: Path): Level | null {
  const [first, , third] = path;
  if (path.length === 0) return LEVELS.top;
  if (first === 'targets' && path.length === 2) return LEVELS.target;
  if (first === 'duties' && path.length === 2) return LEVELS.duty;
  if (first === 'duties' && path.length === 3 && third === 'limits') return LEVELS.dutyLimits;
  if (first === 'duties' && path.length === 4) return third === 'mask' ? LEVELS.mask : LEVELS.rule;
  if (first === 'evidence' && path.length === 1) return LEVELS.evidence;
  if (first === 'confinement' && path.length === 1) return LEVELS.confinement;
  if (first === 'oidc' && path.length === 1) return LEVELS.oidc;
  if (first === 'egress' && path.length === 1) return LEVELS.egress;
  if (first === 'limits' && path.length === 1) return LEVELS.limits;
  if (first === 'agents' && path.length === 2) return LEVELS.agent;
  if (first === 'bindings' && path.length === 2) return LEVELS.binding;
  if (first === 'bindings' && path.length === 3) return LEVELS.claims;
  return null;
}

/** Values reserved for later versions, by the last key of their path. */
export const LATER_VALUES: Readonly<Record<string, readonly string[]>> = {
  protocol: ['ssh', 'kubernetes'],
  with: ['token'],
};

const LEVELS = {
  top: {
    known: Object.keys(PolicySchema.shape),
    later: ['include', 'separation', 'approvals'],
  },
  target: {
    known: Object.keys(TargetSchema.shape),
    later: [
      'key',
      'certificate-authority',
      'host-keys',
      'host-ca',
      'shell',
      'algorithms',
      'token',
      'client-certificate',
      'client-key',
      'impersonate',
    ],
  },
  duty: { known: Object.keys(DutySchema.shape), later: ['extends', 'as', 'approve', 'timeouts', 'hours'] },
  dutyLimits: { known: Object.keys(DutyLimitsSchema.shape), later: ['rows-read', 'rows-written', 'bytes'] },
  rule: {
    known: Object.keys(AllowSchema.shape),
    later: [
      'hours',
      'columns',
      'where-required',
      'max-rows',
      'commands',
      'paths',
      'forward',
      'channels',
      'verbs',
      'groups',
      'resources',
      'namespaces',
      'names',
      'environment',
      'within',
      'approvals',
      'scope',
      'via',
      'disclose',
    ],
  },
  mask: { known: Object.keys(MaskSchema.shape), later: ['keys', 'paths', 'pattern', 'allow-use'] },
  evidence: { known: Object.keys(EvidenceSchema.shape), later: ['stdin', 'required'] },
  confinement: { known: Object.keys(ConfinementSchema.shape), later: ['outside-after'] },
  oidc: { known: Object.keys(OidcSchema.shape), later: [] },
  egress: { known: Object.keys(EgressSchema.shape), later: [] },
  limits: { known: Object.keys(LimitsSchema.shape), later: [] },
  agent: { known: Object.keys(AgentSchema.shape), later: [] },
  binding: { known: Object.keys(BindingSchema.shape), later: [] },
  claims: { known: Object.keys(ClaimsSchema.shape), later: [] },
} as const satisfies Record<string, Level>;
