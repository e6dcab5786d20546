import { chmodSync, lstatSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { errorCode, GatewayError } from './gateway-error.ts';

/** `sun_path` of unix(7), less its final NUL. */
const SOCKET_PATH_BYTES_MAX = 107;

export function controlSocketPath(folder: string): string {
  return join(folder, 'control.sock');
}

/**
 * Listens on `control.sock` (0600) in a folder that only this user can reach (0700). INVARIANT (P5): Node cannot ask the
 * kernel who connects (SO_PEERCRED), so the modes are what keeps others out; a folder that is not private is refused.
 *
 * @returns the socket's path, once it listens. @throws GatewayError `folder`
 */
export async function listenPrivately(server: Server, folder: string): Promise<string> {
  requirePrivate(folder);
  const path = controlSocketPath(folder);
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new GatewayError('folder', `Cannot listen at ${path}: the path is too long, expected at most ${SOCKET_PATH_BYTES_MAX} bytes`);
  }
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // The socket is made before listen() returns: nothing else is made under this umask.
      const umask = process.umask(0o177);
      server.listen(path, resolve);
      process.umask(umask);
    });
  } catch (cause) {
    throw new GatewayError('folder', `Cannot listen at ${path}: ${errorCode(cause)}, expected to make a socket there`, { cause });
  }
  chmodSync(path, 0o600);
  return path;
}

function requirePrivate(folder: string): void {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) throw new GatewayError('folder', `Cannot listen in ${folder}: it is no folder, expected one`);
  const mode = stat.mode & 0o777;
  if (stat.uid !== process.getuid?.() || (mode & 0o077) !== 0) {
    const state = `it is ${mode.toString(8).padStart(4, '0')} of user ${stat.uid}`;
    throw new GatewayError('folder', `Cannot listen in ${folder}: ${state}, expected 0700 of ours`);
  }
}
