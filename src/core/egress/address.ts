import { CAGE_IPV4, CAGE_IPV6 } from '#core/cage-networks.ts';

/**
 * Addresses as numbers, and which of them anybody may be connected to because a name says so.
 *
 * A name's answers come from whoever owns its zone: an answer that leads to this machine, its neighbours or a cloud's metadata
 * service must never be followed on a name's word alone.
 */

/** IPv4 addresses that are not public: IANA's special-purpose registry, multicast, and one that only clouds know. */
const SPECIAL_IPV4: readonly (readonly [address: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Azure's machine agent and metadata, at an address out of the public space.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Within 2000::/3, which is all that is given out. 6to4 and Teredo lead to an IPv4 address of the sender's choice. */
const SPECIAL_IPV6: readonly (readonly [group0: number, group1: number, bits: number])[] = [
  [0x2001, 0x0000, 23],
  [0x2001, 0x0db8, 32],
  [0x2002, 0x0000, 16],
  [0x3fff, 0x0000, 20],
];

/** Whether it belongs to the internet at large. What is no address is not public. */
export function isPublicAddress(text: string): boolean {
  const address = canonicalAddress(text);
  if (address === null) return false;
  const four = ipv4Number(address);
  return four === null ? isPublicIpv6(ipv6Groups(address)) : isPublicIpv4(four);
}

/** One spelling an address, IPv4-mapped ones as the IPv4 that a connect to them is; null for what is no address, or has a zone. */
export function canonicalAddress(text: string): string | null {
  if (ipv4Number(text) !== null) return text;
  if (!/^[0-9A-Fa-f:.]{2,45}$/.test(text) || !text.includes(':') || !URL.canParse(`http://[${text}]/`)) return null;
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const groups = ipv6Groups(canonical);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? ipv4Text(embedded(groups)) : canonical;
}

/** Addresses that nobody can be connected to as such: all at once, this host, a link that is not said; and those that cages are made of. */
export function isNobodysAddress(canonical: string): boolean {
  if ([...CAGE_IPV4.map((range) => `${range}.`), `${CAGE_IPV6}:`].some((own) => canonical.startsWith(own))) return true;
  const four = ipv4Number(canonical);
  if (four !== null) return four < 2 ** 24 || four >= 224 * 2 ** 24;
  const [zero = 0] = ipv6Groups(canonical);
  return canonical === '::' || zero >>> 8 === 0xff || (zero & 0xffc0) === 0xfe80;
}

function ipv4Number(text: string): number | null {
  const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text);
  const bytes = match?.slice(1).map(Number);
  if (bytes === undefined || bytes.some((byte) => byte > 255)) return null;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

/** Of the spelling that URLs have. */
function ipv6Groups(canonical: string): readonly number[] {
  const [head = '', tail] = canonical.split('::');
  const numbers = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [numbers(head), numbers(tail ?? '')];
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function isPublicIpv4(number: number): boolean {
  return !SPECIAL_IPV4.some(
    ([address, bits]) => Math.floor(number / 2 ** (32 - bits)) === Math.floor((ipv4Number(address) ?? 0) / 2 ** (32 - bits)),
  );
}

function isPublicIpv6(groups: readonly number[]): boolean {
  const [zero = 0, one = 0] = groups;
  // NAT64 (RFC 6052): a network without IPv4 reaches the IPv4 address in the last 32 bits.
  if (zero === 0x64 && one === 0xff9b && groups.slice(2, 6).every((group) => group === 0)) return isPublicIpv4(embedded(groups));
  if (zero >>> 13 !== 1) return false;
  const high = zero * 65_536 + one;
  return !SPECIAL_IPV6.some(
    ([group0, group1, bits]) => Math.floor(high / 2 ** (32 - bits)) === Math.floor((group0 * 65_536 + group1) / 2 ** (32 - bits)),
  );
}

function embedded(groups: readonly number[]): number {
  return (groups[6] ?? 0) * 65_536 + (groups[7] ?? 0);
}
