import { createHmac, randomBytes } from 'node:crypto';

/** Addresses that carry the right to use them, as Azure's shared access signatures do. */
export type SignedUrls = {
  sign(path: string, right: 'r' | 'w'): string;
  /** Why it may not; null: it may. */
  fault(url: URL, right: 'r' | 'w'): string | null;
};

const MINUTES = 10;

export function createSignedUrls(base: string, nowMs: () => number): SignedUrls {
  const secret = randomBytes(32);
  const signature = (path: string, right: string, until: string) =>
    createHmac('sha256', secret).update([path, right, until].join('\n')).digest('base64');
  return {
    sign(path, right) {
      const until = new Date(nowMs() + MINUTES * 60_000).toISOString();
      const query = new URLSearchParams({ sv: '2025-11-05', se: until, sr: 'b', sp: right, sig: signature(path, right, until) });
      return `${base}${path}?${query}`;
    },
    fault({ pathname, searchParams }, right) {
      const until = searchParams.get('se') ?? '';
      const given = searchParams.get('sp') ?? '';
      if (searchParams.get('sig') !== signature(pathname, given, until)) return 'Signature did not match';
      if (given !== right) return 'The signature gives another right';
      return Date.parse(until) <= nowMs() ? 'Signature not valid in the specified time frame' : null;
    },
  };
}
