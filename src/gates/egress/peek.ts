import type { Socket } from 'node:net';
import { type Opening, readOpening } from '#core/egress/opening.ts';

type Known = Exclude<Opening, { readonly kind: 'more' }>;

const SILENT: Known = { kind: 'fault', why: 'it did not say in time whom it asks for', serverName: null };
const GONE: Known = { kind: 'fault', why: 'it went away before it said whom it asks for', serverName: null };

/** Reads as much as it takes to know what a client wants; the socket is left paused, with all its bytes still to be read. */
export function readOpeningOf(socket: Socket, msMax: number): Promise<Known> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    const settle = (opening: Known): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      socket.pause();
      if (bytes.length > 0 && !socket.readableEnded && !socket.destroyed) socket.unshift(bytes);
      resolve(opening);
    };
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const opening = readOpening(bytes);
      if (opening.kind !== 'more') settle(opening);
    };
    const onEnd = (): void => settle(GONE);
    const timer = setTimeout(() => settle(SILENT), msMax);
    socket.on('data', onData).once('end', onEnd).once('close', onEnd).resume();
  });
}
