import { matchesGlobs } from '#core/policy/glob.ts';
import type { GlobList } from '#core/policy/policy.ts';
import { canonicalAddress, isNobodysAddress, isPublicAddress } from './address.ts';
import { egressHostName } from './host-name.ts';

/** What commands may connect to besides targets (policy: `egress`). */
export type EgressPolicy = {
  /** `audit`: names that no rule covers are let through, too, and the evidence says so. */
  readonly mode: 'block' | 'audit';
  readonly names: readonly NameRule[];
  readonly addresses: readonly AddressRule[];
};

export type NameRule = {
  /** `egress.allow[0]`. */
  readonly id: string;
  /** It takes away from what others allow. */
  readonly isNegative: boolean;
  /** The labels that the name ends with; its first ones stand for themselves only where `anyDepth` is false. */
  readonly labels: GlobList;
  readonly labelCount: number;
  /** `**.` at the beginning: one label or more come before. */
  readonly anyDepth: boolean;
  readonly port: number;
};

export type AddressRule = { readonly id: string; readonly address: string; readonly port: number };

export type EgressRule = ({ readonly kind: 'name' } & NameRule) | ({ readonly kind: 'address' } & AddressRule);

export const EGRESS_FORM = 'is not "host:port", expected a host name in lower case, "*" in it as a label or part of one, or an address';
const EGRESS_CHARACTERS_MAX = 300;

const LABEL_GLOB = /^[a-z0-9_*?](?:[a-z0-9_*?-]{0,61}[a-z0-9_*?])?$/;
/** Ports at which names that no rule covers are let through in `audit`. */
const AUDIT_PORTS = [80, 443] as const;
/** GitHub's hosts of identity tokens, artifacts and caches: the job's own word comes and goes there (R24). */
const NEVER = 'actions.githubusercontent.com';

/** One text of `egress.allow`; null when it is none. */
export function parseEgressRule(text: string, id: string): EgressRule | null {
  const match = /^(!?)(?:\[([^\]]+)\]|([^:[\]]+)):([1-9]\d{0,4})$/.exec(text);
  const port = Number(match?.[4]);
  if (match === null || text.length > EGRESS_CHARACTERS_MAX || port > 65_535) return null;
  const [, negation = '', bracketed, plain = ''] = match;
  const address = canonicalAddress(bracketed ?? plain);
  if (address !== null) {
    const isWritten = bracketed !== undefined || !plain.includes(':');
    return negation === '' && isWritten && !isNobodysAddress(address) ? { kind: 'address', id, address, port } : null;
  }
  if (bracketed !== undefined) return null;
  const all = plain.split('.');
  const anyDepth = all[0] === '**';
  const labels = anyDepth ? all.slice(1) : all;
  // It would be a name if its wildcards stood for a letter, and is no range of addresses.
  if (!labels.every((label) => LABEL_GLOB.test(label) && !label.includes('**'))) return null;
  if (labels.length > 0 && egressHostName(plainest(labels)) === null) return null;
  if (/\d/.test(plain) && /^[\d.*?]+$/.test(plain)) return null;
  return {
    ...{ kind: 'name', id, isNegative: negation !== '', anyDepth, port },
    ...{ labels: { include: [labels], exclude: [] }, labelCount: labels.length },
  };
}

/** @param allow texts that parseEgressRule takes. */
export function egressPolicy(allow: readonly string[], mode: EgressPolicy['mode'] = 'block'): EgressPolicy {
  const rules = allow.map((text, index) => parseEgressRule(text, `egress.allow[${index}]`));
  return {
    mode,
    names: rules.flatMap((rule) => (rule?.kind === 'name' ? [rule] : [])),
    addresses: rules.flatMap((rule) => (rule?.kind === 'address' ? [rule] : [])),
  };
}

function plainest(labels: readonly string[]): string {
  return labels.join('.').replace(/[*?]/g, 'x');
}

/** At which ports a name may be connected to, each with the rule that says so; null: none, `audit` lets it through. */
export type NameDecision =
  | { readonly kind: 'allowed'; readonly name: string; readonly ports: ReadonlyMap<number, string | null> }
  | { readonly kind: 'refused'; readonly why: string };

export function decideName(policy: EgressPolicy, asked: string): NameDecision {
  const name = egressHostName(asked);
  if (name === null) return { kind: 'refused', why: 'it is no host name' };
  if (name === NEVER || name.endsWith(`.${NEVER}`))
    return { kind: 'refused', why: "it is GitHub's host for the job's own tokens and artifacts" };
  const path = name.split('.');
  const matching = policy.names.filter((rule) => matches(rule, path));
  const without = new Set(matching.flatMap(({ isNegative, port }) => (isNegative ? [port] : [])));
  const ports = new Map<number, string | null>();
  for (const { isNegative, port, id } of matching) if (!isNegative && !without.has(port) && !ports.has(port)) ports.set(port, id);
  if (policy.mode === 'audit') for (const port of AUDIT_PORTS) if (!ports.has(port)) ports.set(port, null);
  return ports.size === 0 ? { kind: 'refused', why: 'no rule of egress covers it' } : { kind: 'allowed', name, ports };
}

function matches({ labels, labelCount, anyDepth }: NameRule, path: readonly string[]): boolean {
  if (anyDepth) return path.length > labelCount && (labelCount === 0 || matchesGlobs(labels, path.slice(-labelCount)));
  return matchesGlobs(labels, path);
}

export type AddressesDecision =
  | { readonly kind: 'allowed'; readonly addresses: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Whether a name's answers may be connected to at a port: each is public, or an address rule names just that one. One that is
 * neither refuses all: who can put a private address beside a public one decides which of them is tried.
 */
export function decideAddresses({ addresses: rules }: EgressPolicy, answers: readonly string[], port: number): AddressesDecision {
  const addresses = [...new Set(answers.map(canonicalAddress))];
  if (addresses.length === 0) return { kind: 'refused', why: 'it has no address' };
  for (const [place, address] of addresses.entries()) {
    const isNamed = rules.some((rule) => rule.address === address && rule.port === port);
    if (address === null || !(isNamed || isPublicAddress(address)))
      return { kind: 'refused', why: `it resolves to ${address ?? answers[place]}, which is not public and which no rule names` };
  }
  return { kind: 'allowed', addresses: addresses.filter((address) => address !== null) };
}
