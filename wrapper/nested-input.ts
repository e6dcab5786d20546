import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { WrapError } from './wrap-error.ts';

/** A pipe: what is written to `writer` is read at `fd`, which is for a child. */
export type InputPipe = { readonly fd: number; readonly writer: Socket };

/**
 * A pipe of which both ends are ours: Node makes none but socket pairs, which programs take for something else (bash, for a remote
 * shell's daemon). It has a name in the folder for a moment.
 */
export function makeInputPipe(folder: string, mkfifo: string): InputPipe {
  const path = join(folder, 'input');
  const { status, stderr } = spawnSync(mkfifo, ['-m', '600', path], { cwd: '/', env: {}, encoding: 'utf8' });
  if (status !== 0) throw new WrapError('set-up', `Cannot make a pipe: ${stderr.trim()}, expected mkfifo to make one`);
  // Both ways: so that neither of the others waits for its counterpart.
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_RDONLY);
  const writer = new Socket({ fd: openSync(path, constants.O_WRONLY), readable: false, writable: true });
  closeSync(both);
  rmSync(path);
  writer.on('error', () => undefined);
  return { fd, writer };
}
