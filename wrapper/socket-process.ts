import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { WrapError } from './wrap-error.ts';

export type SocketProcess = {
  readonly child: ChildProcess;
  /** Its standard error: a socket pair, so that sudo passes it on, and both ways are used. */
  readonly orders: Socket;
};

/**
 * Starts a program of ours that is spoken with on its standard error.
 *
 * A session of its own, without a controlling terminal: sudo then passes our descriptors on, and nothing inside can type
 * into the caller's terminal (R22).
 *
 * @param ownFd a descriptor of ours that every child would inherit, the terminal's master: this one does not.
 */
export function startSocketProcess(
  command: readonly string[],
  stdin: number | 'ignore',
  stdout: 'pipe' | 'ignore' | Socket,
  ownFd: number,
): SocketProcess {
  const [file = '', ...args] = command;
  const nothing = openSync('/dev/null', 'r');
  const others = Array.from({ length: ownFd - 2 }, (_, index) => (index + 3 === ownFd ? nothing : 'ignore'));
  const child = spawn(file, args, { cwd: '/', env: {}, detached: true, stdio: [stdin, stdout, 'pipe', ...others] });
  closeSync(nothing);
  return { child, orders: asSocket(child.stderr) };
}

/** Node types a piped stream of a child as one-way; underneath it is a socket pair, and both its ends are used here. */
export function asSocket(stream: unknown): Socket {
  if (typeof stream !== 'object' || stream === null || !('write' in stream) || !('setNoDelay' in stream)) {
    throw new WrapError('set-up', 'Cannot talk to the cage: its channel is one-way, expected a socket');
  }
  return stream as unknown as Socket;
}
