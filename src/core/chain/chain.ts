import { canonicalJson } from '#core/audit/canonical-json.ts';
import type { AgentEntry, DelegationEntry, Link } from '#core/audit/entry.ts';
import { sha256Hex } from '#core/audit/sha256.ts';

/**
 * Who acts for whom, the job first: each link was started by the one before it, or seen within its cage, and may do what it and
 * all before it may do. INVARIANT: the gateway alone makes chains; no process of a job brings one along.
 */
export type ChainLink = {
  /** `job`; the number of a command; or that of an agent, such as `1-2`: the second that was seen in the cage of command 1. */
  readonly link: string;
  readonly principal: string;
  readonly duty: string;
  /** Empty for the job. */
  readonly executable: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly started: string;
  /** RFC 7638 thumbprint; null where the link has no key of its own. */
  readonly keyThumbprint: string | null;
};

/** The beginning of every chain of a session, as its first entry has it. */
export function sessionChain(chain: readonly Link[]): readonly ChainLink[] {
  return chain.map((link, index) => ({ link: index === 0 ? 'job' : `job-${index + 1}`, ...chainMembers(link) }));
}

export function delegatedLink(entry: Omit<DelegationEntry, 'kind' | 'parent' | 'duties' | 'chainSha256'>): ChainLink {
  return { link: entry.link, ...chainMembers(entry) };
}

/** An agent acts in the name of whoever started it, and has no key. */
export function agentLink(entry: Pick<AgentEntry, 'agent' | 'principal' | 'duty' | 'executable' | 'started'>): ChainLink {
  return { link: entry.agent, ...chainMembers({ ...entry, executable: entry.executable ?? '', keyThumbprint: null }) };
}

/** These members and no others: they are what is hashed. */
function chainMembers({ principal, duty, executable, started, keyThumbprint }: Omit<ChainLink, 'link'>): Omit<ChainLink, 'link'> {
  return { principal, duty, executable, started, keyThumbprint };
}

/** Names of all duties along a chain, each once, in order: what its last link may do is what each of them allows (P3). */
export function dutiesAlong(chain: readonly ChainLink[]): readonly string[] {
  return [...new Set(chain.map(({ duty }) => duty))];
}

/** SHA-256 over canonical JSON, 64 lower-case hex digits. */
export function chainDigest(chain: readonly ChainLink[]): string {
  return sha256Hex(canonicalJson(chain));
}

/** RFC 8693, 4.1: the subject is the job, the actor the last link, and within it those it acts for, back to the job's first. */
export type ActClaims = { readonly sub: string; readonly act?: Actor };
export type Actor = { readonly sub: string; readonly act?: Actor };

/** For others to read; nothing here is ever decided by it. */
export function toActClaims(chain: readonly ChainLink[]): ActClaims {
  const [job, ...actors] = chain;
  const act = actors.reduce<Actor | undefined>((before, { link, executable }) => {
    const sub = executable === '' ? `link:${link}` : `link:${link} ${executable}`;
    return before === undefined ? { sub } : { sub, act: before };
  }, undefined);
  return { sub: job?.principal ?? '', ...(act === undefined ? {} : { act }) };
}
