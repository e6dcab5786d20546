/**
 * Judges the head of an HTTP/1.1 request to a host that a rule covers, and makes the head that goes on (RFC 9112, 3.2; 9110, 7.6.1).
 * What the server would have to make sense of by itself, because two readings exist, is refused.
 */
export type RequestHead = {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  /** Name and value by turns, as they came. */
  readonly rawHeaders: readonly string[];
};

export type HostAndPort = { readonly name: string; readonly port: number };

export type RequestJudgement =
  /** What is sent on instead of it: target in origin form, headers of this hop taken out. */
  | { readonly kind: 'allowed'; readonly host: string; readonly path: string; readonly headers: readonly string[] }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string; readonly host: string | null };

const HTTP_PORT = 80;
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'upgrade',
  'expect',
  'http2-settings',
]);

export function judgeRequest({ method, target, httpVersion, rawHeaders }: RequestHead, to: HostAndPort): RequestJudgement {
  const headers = pairsOf(rawHeaders);
  const [host = null, ...otherHosts] = valuesOf(headers, 'host');
  const refused = (status: number, why: string): RequestJudgement => ({ kind: 'refused', status, why, host });
  if (httpVersion !== '1.1') return refused(505, 'it is not HTTP/1.1');
  if (host === null || otherHosts.length > 0) return refused(400, 'it has not exactly one Host');
  if (!isSameHost(host, to)) return refused(403, 'its Host is another one than it was connected to');
  if (method === 'CONNECT') return refused(405, 'it asks for a tunnel, and this is no proxy');
  if (hasTwoLengths(headers)) return refused(400, 'its length has more than one reading');
  const path = originForm(target, to);
  if (path === null) return refused(403, 'its target is no path of this host');
  return { kind: 'allowed', host, path, headers: onward(headers) };
}

/** What goes on of a message's headers: not those that are about this connection. */
export function onwardHeaders(rawHeaders: readonly string[]): readonly string[] {
  return onward(pairsOf(rawHeaders));
}

type Header = readonly [name: string, value: string];

function pairsOf(rawHeaders: readonly string[]): readonly Header[] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
}

function valuesOf(headers: readonly Header[], wanted: string): readonly string[] {
  return headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value.trim()] : []));
}

function isSameHost(host: string, { name, port }: HostAndPort): boolean {
  const match = /^([^:@/\s]+?)\.?(?::(\d{1,5}))?$/.exec(host);
  return match !== null && match[1]?.toLowerCase() === name && Number(match[2] ?? HTTP_PORT) === port;
}

function hasTwoLengths(headers: readonly Header[]): boolean {
  const lengths = valuesOf(headers, 'content-length');
  const codings = valuesOf(headers, 'transfer-encoding');
  if (lengths.length + codings.length > 1) return true;
  return lengths.some((length) => !/^\d{1,15}$/.test(length)) || codings.some((coding) => coding.toLowerCase() !== 'chunked');
}

/** Of `http://host/path` the path, if it is the same host. */
function originForm(target: string, to: HostAndPort): string | null {
  if (target.startsWith('/') || target === '*') return target;
  const match = /^http:\/\/([^/?#]+)(\/[^#]*)?$/i.exec(target);
  return match !== null && isSameHost(match[1] ?? '', to) ? (match[2] ?? '/') : null;
}

function onward(headers: readonly Header[]): readonly string[] {
  const named = valuesOf(headers, 'connection').flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase()));
  const isOfHop = (name: string) => HOP_BY_HOP.has(name) || (named.includes(name) && !KEPT.has(name));
  return headers.filter(([name]) => !isOfHop(name.toLowerCase())).flat();
}

/** A client that declares these to be of this hop would change what was judged. */
const KEPT: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding']);
