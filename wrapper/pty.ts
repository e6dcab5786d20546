import { closeSync, constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import * as nodePty from 'node-pty';
import { WrapError } from './wrap-error.ts';

/** A pseudoterminal of which we hold both ends, until the slave has been given away. */
export type Terminal = {
  /** What the command prints; ends when nobody holds the slave any more. */
  readonly output: ReadStream;
  readonly masterFd: number;
  /** Path of the slave. */
  readonly path: string;
  resize(columns: number, rows: number): void;
  /** Closes our slave, after the command's init has its own. */
  closeSlave(): void;
  close(): void;
};

/** The part of node-pty's native module that is used: plain descriptors, without its streams, which would read the slave too. */
type NativePty = {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
  resize(fd: number, columns: number, rows: number, widthPixels: number, heightPixels: number): void;
};

/** @throws WrapError `set-up` when the machine gives no terminal. */
export function openTerminal(columns: number, rows: number): Terminal {
  const native = nativePty();
  let pair: ReturnType<NativePty['open']>;
  try {
    pair = native.open(columns, rows);
  } catch (cause) {
    throw new WrapError('set-up', 'Cannot open a terminal: the system gives none, expected /dev/ptmx to work', { cause });
  }
  // The one given is non-blocking, so that a program which prints much would fail by EAGAIN, and open to every child.
  const slaveFd = openSync(pair.pty, constants.O_RDWR | constants.O_NOCTTY);
  closeSync(pair.slave);
  const output = new ReadStream(pair.master);
  let slaveOpen = true;
  const closeSlave = (): void => {
    if (slaveOpen) closeSync(slaveFd);
    slaveOpen = false;
  };
  return {
    output,
    masterFd: pair.master,
    path: pair.pty,
    resize: (wide, high) => native.resize(pair.master, Math.max(1, wide), Math.max(1, high), 0, 0),
    closeSlave,
    close() {
      closeSlave();
      output.destroy();
    },
  };
}

function nativePty(): NativePty {
  const native: unknown = 'native' in nodePty ? nodePty.native : null;
  if (!isNativePty(native)) throw new WrapError('set-up', 'Cannot open a terminal: the terminal module is missing, expected node-pty');
  return native;
}

function isNativePty(value: unknown): value is NativePty {
  return typeof value === 'object' && value !== null && 'open' in value && 'resize' in value;
}
