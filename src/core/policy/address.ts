/** `host:port` of a PostgreSQL server. */
export type Address = { readonly host: string; readonly port: number };

export const ADDRESS_FORM = 'is not an address, expected "host", "host:port" or "[IPv6]:port" without wildcards';

const POSTGRES_PORT = 5432;

/** Host in lower case, without the brackets of IPv6; null when the text is no address. */
export function parseAddress(text: string): Address | null {
  const match = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([^:[\]]{1,253}))(?::([0-9]{1,5}))?$/.exec(text);
  if (match === null) return null;
  const port = match[3] === undefined ? POSTGRES_PORT : Number(match[3]);
  if (port < 1 || port > 65_535) return null;
  if (match[1] !== undefined) return URL.canParse(`http://[${match[1]}]/`) ? { host: match[1].toLowerCase(), port } : null;
  const host = (match[2] ?? '').toLowerCase();
  return isHostName(host) ? { host, port } : null;
}

/** RFC 1123, 2.1, in lower case; `_` besides, which container networks use. An all-digit last label must be a whole IPv4 address. */
export function isHostName(text: string): boolean {
  if (text.length > 253 || !/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/.test(text))
    return false;
  return !/(?:^|\.)[0-9]+$/.test(text) || /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text);
}
