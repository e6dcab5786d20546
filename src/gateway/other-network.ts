import { readlinkSync } from 'node:fs';
import { ControlError } from '#control/fault.ts';
import { errorCode } from './gateway-error.ts';

/**
 * Refuses a process that shares the gateway's own network: listeners made "inside" it would be the host's.
 *
 * @throws ControlError `conflict`, also when there is no such process. Root's processes cannot be looked at, and pass.
 */
export function requireOtherNetwork(pid: number): void {
  const own = readlinkSync('/proc/self/ns/net');
  let theirs: string;
  try {
    theirs = readlinkSync(`/proc/${pid}/ns/net`);
  } catch (cause) {
    if (errorCode(cause) === 'EACCES') return;
    throw new ControlError('conflict', `Cannot enter the cage: process ${pid} cannot be found (${errorCode(cause)}), expected it alive`, {
      cause,
    });
  }
  if (theirs === own)
    throw new ControlError('conflict', `Cannot enter the cage: process ${pid} is in the gateway's own network, expected another`);
}
