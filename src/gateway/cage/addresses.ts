import { isIP, isIPv4 } from 'node:net';
import { CAGE_IPV4, CAGE_IPV6 } from '#core/cage-networks.ts';
import { INNER_CONTROLS } from '#core/chain/whoami.ts';
import { canonicalAddress } from '#core/egress/address.ts';

/**
 * Which addresses each target has inside a cage, and what its names resolve to there (R20).
 *
 * Every target has an address of its own, IPv4 and IPv6 (core/cage-networks.ts). It also listens at the addresses that it is called by outside, so that programs which bring an address
 * along, or an /etc/hosts, work too; at a loopback address only if the policy itself names that one.
 */
export type CageTarget = {
  readonly name: string;
  /** Host name or address of the policy. */
  readonly host: string;
  readonly port: number;
  readonly names: readonly string[];
  /** What `host` resolves to on the gateway's machine; empty when it does not. */
  readonly hostAddresses: readonly string[];
};

export type Endpoint = { readonly address: string; readonly port: number };

export type PlacedTarget = { readonly target: string; readonly names: readonly string[]; readonly listen: readonly Endpoint[] };

/** Lower-case names without a final dot. */
export type NameTable = ReadonlyMap<string, NameAddresses>;
export type NameAddresses = { readonly ipv4: string | null; readonly ipv6: string | null };

export type CageAddresses = {
  readonly targets: readonly PlacedTarget[];
  readonly resolvers: readonly string[];
  readonly names: NameTable;
  /** Endpoints that several targets lay claim to: none of them gets it, connects there are refused. */
  readonly ambiguous: readonly (Endpoint & { readonly targets: readonly string[] })[];
};

export const CAGE_TARGETS_MAX = 1000;
const HOSTS_A_BLOCK = 250;
const POSTGRES_PORT = 5432;
const RESOLVERS = [`${CAGE_IPV4[0]}.0.2`, `${CAGE_IPV6}::2`] as const;

/** @throws RangeError beyond CAGE_TARGETS_MAX targets. */
export function placeTargets(targets: readonly CageTarget[]): CageAddresses {
  if (targets.length > CAGE_TARGETS_MAX) {
    throw new RangeError(`Cannot place ${targets.length} targets: a cage holds ${CAGE_TARGETS_MAX}, expected fewer`);
  }
  const names = nameTable(targets);
  const claims = new Map<string, { readonly endpoint: Endpoint; readonly targets: Set<string> }>();
  for (const target of targets) {
    for (const address of addressesOf(target, names)) {
      for (const port of portsAt(address, target.port)) {
        const key = `${address} ${port}`;
        const claim = claims.get(key) ?? { endpoint: { address, port }, targets: new Set() };
        claim.targets.add(target.name);
        claims.set(key, claim);
      }
    }
  }
  const all = [...claims.values()];
  return {
    targets: targets.map((target) => ({
      target: target.name,
      names: namesOf(target),
      listen: all.filter((claim) => claim.targets.size === 1 && claim.targets.has(target.name)).map(({ endpoint }) => endpoint),
    })),
    resolvers: RESOLVERS,
    names,
    ambiguous: all
      .filter((claim) => claim.targets.size > 1)
      .map(({ endpoint, targets: several }) => ({ ...endpoint, targets: [...several] })),
  };
}

/** A name that one target has leads to that target's own address; one that several share (ports differ) to an address of its own. */
function nameTable(targets: readonly CageTarget[]): NameTable {
  const table = new Map<string, NameAddresses>();
  const shared: string[] = [];
  targets.forEach((target, index) => {
    for (const name of namesOf(target)) {
      if (isLoopbackName(name)) table.set(name, { ipv4: '127.0.0.1', ipv6: '::1' });
      else if (!table.has(name)) table.set(name, ownAddresses(index));
      else if (!shared.includes(name)) shared.push(name);
    }
  });
  for (const [index, name] of shared.entries()) table.set(name, sharedAddresses(index));
  return table;
}

function namesOf(target: CageTarget): readonly string[] {
  const names = [target.host, ...target.names, `${target.name}.duty-gate`].map((name) => name.toLowerCase().replace(/\.$/, ''));
  return [...new Set(names.filter((name) => name !== '' && isIP(bare(name)) === 0))];
}

function addressesOf(target: CageTarget, names: NameTable): ReadonlySet<string> {
  const named = namesOf(target).flatMap((name) => {
    const { ipv4, ipv6 } = names.get(name) ?? { ipv4: null, ipv6: null };
    return [ipv4, ipv6];
  });
  const literal = [target.host, ...target.names].map((host) => canonicalAddress(bare(host)));
  const outside = target.hostAddresses.map(canonicalAddress).filter((address) => address !== null && !isLoopback(address));
  const all = [...named, ...literal, ...outside].filter((address) => address !== null);
  return new Set(all.filter(isConnectable));
}

/** Where the address is ours to give, clients that name no port find the target, too. */
function portsAt(address: string, port: number): ReadonlySet<number> {
  return new Set(address.startsWith(`${CAGE_IPV4[0]}.`) || address.startsWith(`${CAGE_IPV6}:1:`) ? [port, POSTGRES_PORT] : [port]);
}

function ownAddresses(index: number): NameAddresses {
  return { ipv4: `${CAGE_IPV4[0]}.${1 + Math.floor(index / HOSTS_A_BLOCK)}.${1 + (index % HOSTS_A_BLOCK)}`, ipv6: ipv6Of(1, index) };
}

function sharedAddresses(index: number): NameAddresses {
  return { ipv4: `${CAGE_IPV4[1]}.${Math.floor(index / HOSTS_A_BLOCK)}.${1 + (index % HOSTS_A_BLOCK)}`, ipv6: ipv6Of(2, index) };
}

function ipv6Of(block: number, index: number): string {
  return `${CAGE_IPV6}:${block}::${(index + 1).toString(16)}`;
}

function bare(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/** Unspecified and multicast addresses are nobody's own; those of resolvers and of the gateway are taken. */
function isConnectable(address: string): boolean {
  if ([...RESOLVERS, ...INNER_CONTROLS].some((taken) => taken === address)) return false;
  if (!isIPv4(address)) return address !== '::' && !address.startsWith('ff');
  const first = Number(address.split('.')[0]);
  return first > 0 && first < 224;
}
