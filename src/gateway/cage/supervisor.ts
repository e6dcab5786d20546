import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { NestedRecord } from '#control/nested-record.ts';

/**
 * Starts the process that runs a command for one inside (wrapper/nested-main.ts): outside, with nothing in its environment. It gets the
 * connection itself, so that no byte of the command passes through here.
 *
 * @param onExit it has ended, however: what it had not told by then it never will.
 */
export function startSupervisor(record: NestedRecord, socket: Socket, onExit: () => void): Promise<void> {
  // What it complains of goes where ours goes; what is for the asker it says on the connection.
  const stdio = ['pipe', 'ignore', 'inherit', socket] as const;
  const child = spawn(process.execPath, ['--disable-sigusr1', supervisorPath(import.meta.url)], {
    ...{ cwd: '/', env: {}, detached: true, stdio: [...stdio] },
  });
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('exit', onExit);
    child.once('error', (cause) => reject(new Error(`Cannot run it: ${cause.message}, expected a process`, { cause })));
    child.stdin?.on('error', () => undefined);
    child.once('spawn', () => {
      child.stdin?.end(JSON.stringify(record));
      // Its own copy stays open.
      socket.destroy();
      resolve();
    });
  });
}

/** A source file where we are one, else the bundle in the same folder. */
function supervisorPath(here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../../../wrapper/nested-main.ts' : './nested.js', here));
}
