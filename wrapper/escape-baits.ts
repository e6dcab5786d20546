import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type HostView, hostPlaces } from './host-places.ts';

export type BaitSettings = HostView & {
  /** Absolute, ours, closed to everybody else, and never seen inside. */
  readonly sessionFolder: string;
  /** Where a program outside might have its socket: name of the attempt's place → folder. One that cannot be written to has none. */
  readonly socketFolders: Readonly<Record<string, string>>;
};

export type EscapeBaits = {
  /** For wrapper/cage/probe.c. */
  readonly records: readonly string[];
  /** Takes them away; once is enough, twice does no harm. */
  close(): void;
};

type Bait = { readonly record: string; close(): void };

const FOLDER_PREFIX = 'duty-gate-bait-';

/**
 * Lays out what an escape from the cage could reach: servers of our own that answer with a random cookie, a hidden file
 * that holds it, and whatever the host has. They live until the attempts are done.
 *
 * What cannot be laid out on this machine (no IPv6, no address but loopback) is left out, and its attempt counts as absent.
 */
export async function openEscapeBaits(settings: BaitSettings): Promise<EscapeBaits> {
  const cookie = randomBytes(16).toString('hex');
  const { v4, v6 } = hostAddresses(networkInterfaces());
  const opened = await Promise.all([
    tcp('tcp-loopback', '127.0.0.1', cookie),
    tcp('tcp6-loopback', '::1', cookie),
    tcp('tcp-host-address', v4, cookie),
    tcp('tcp6-host-address', v6, cookie),
    udp('udp-loopback', '127.0.0.1', cookie),
    udp('udp6-loopback', '::1', cookie),
    udp('udp-host-address', v4, cookie),
    listen('abstract-socket', `\0duty-gate-${randomBytes(8).toString('hex')}`, cookie),
    ...Object.entries(settings.socketFolders).map(([place, folder]) => pathSocket(`path-socket-${place}`, folder, cookie)),
  ]);
  const baits = [...opened, hiddenFile(settings.sessionFolder, cookie)].filter((bait) => bait !== null);
  return {
    records: [`cookie=${cookie}`, ...baits.map(({ record }) => record), ...hostPlaces(settings)],
    close: () => {
      for (const bait of baits.splice(0)) bait.close();
    },
  };
}

/** The first of each family by which others reach this machine. */
export function hostAddresses(interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>): {
  readonly v4: string | null;
  readonly v6: string | null;
} {
  // A link-local address means nothing without its interface.
  const own = Object.values(interfaces).flatMap((addresses = []) =>
    addresses.filter(({ internal, address }) => !internal && !/^fe80:/i.test(address)),
  );
  const first = (family: string): string | null => own.find((each) => each.family === family)?.address ?? null;
  return { v4: first('IPv4'), v6: first('IPv6') };
}

function tcp(name: string, host: string | null, cookie: string): Promise<Bait | null> {
  return host === null ? Promise.resolve(null) : listen(name, { host, port: 0 }, cookie);
}

/** A server that says the cookie to whoever connects. */
function listen(name: string, where: string | { readonly host: string; readonly port: number }, cookie: string): Promise<Bait | null> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(cookie);
  });
  server.unref();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(where, () => {
      const address = server.address();
      const at = typeof address === 'object' && address !== null ? `${address.address} ${address.port}` : String(where).replace('\0', '@');
      resolve({ record: `${name}=${at}`, close: () => void server.close() });
    });
  });
}

function udp(name: string, host: string | null, cookie: string): Promise<Bait | null> {
  if (host === null) return Promise.resolve(null);
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (_message, from) => socket.send(cookie, from.port, from.address));
  socket.unref();
  return new Promise((resolve) => {
    socket.on('error', () => resolve(null));
    socket.bind({ address: host, port: 0 }, () => {
      const { address, port } = socket.address();
      resolve({ record: `${name}=${address} ${port}`, close: () => void socket.close() });
    });
  });
}

/** In a folder of its own: a cage hides a folder that holds nothing but sockets whole (R19). */
async function pathSocket(name: string, parent: string, cookie: string): Promise<Bait | null> {
  let folder: string;
  try {
    folder = mkdtempSync(join(parent, FOLDER_PREFIX));
  } catch {
    return null;
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const bait = await listen(name, join(folder, 'socket'), cookie);
  if (bait === null) remove();
  return (
    bait && {
      record: bait.record,
      close: () => {
        bait.close();
        remove();
      },
    }
  );
}

function hiddenFile(folder: string, cookie: string): Bait {
  const path = join(folder, 'bait');
  writeFileSync(path, cookie, { mode: 0o600 });
  return { record: `hidden-file-read=${path}`, close: () => rmSync(path, { force: true }) };
}
