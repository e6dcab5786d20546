import type { Socket } from 'node:net';
import { encodeNested, encodeNumber, NestedDecoder, NestedFault } from '#core/nested/frames.ts';
import { type NestedRequest, readNestedRequest } from '#core/nested/request.ts';

/** From the upgrade to the request's last byte. */
const REQUEST_MS_MAX = 10_000;
const EXIT_NOT_STARTED = 125;

/** @returns once whoever runs the command has the connection; @throws Error whose message is for the asker. */
export type StartNested = (request: NestedRequest, socket: Socket) => Promise<void>;

/**
 * Takes one request of a connection from inside and has it started; the connection is then somebody else's. Whoever asks sends nothing
 * more before it is told to: what comes all the same is a fault.
 *
 * @returns a promise that resolves once the request has come, or will not: until then it takes memory.
 */
export function openNestedDoor(socket: Socket, start: StartNested, requestMsMax = REQUEST_MS_MAX): Promise<void> {
  const read = Promise.withResolvers<void>();
  const decoder = new NestedDecoder(['request']);
  const timer = setTimeout(() => socket.destroy(), requestMsMax).unref();
  const refuse = (error: unknown): void => {
    const why = error instanceof Error ? error.message : 'Cannot run it';
    if (!socket.writable) return void socket.destroy();
    socket.end(Buffer.concat([encodeNested('message', why.slice(0, MESSAGE_CHARACTERS_MAX)), encodeNumber('exit', EXIT_NOT_STARTED)]));
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER_MS_MAX).unref();
  };
  const over = (): void => {
    clearTimeout(timer);
    socket.off('data', onData);
    read.resolve();
  };
  const onData = (chunk: Buffer): void => {
    try {
      const [frame, ...more] = decoder.push(chunk);
      if (frame === undefined) return;
      over();
      socket.pause();
      if (more.length > 0 || decoder.pendingBytes > 0) throw new NestedFault('something follows the request at once');
      const request = readNestedRequest(frame.payload);
      if (request === null) throw new NestedFault('its request has another shape');
      start(request, socket).catch(refuse);
    } catch (error) {
      over();
      refuse(
        error instanceof NestedFault
          ? new Error(`Cannot read the request: ${error.message}, expected one of this version's client`)
          : error,
      );
    }
  };
  socket.on('error', () => undefined);
  socket.once('close', over);
  socket.on('data', onData);
  return read.promise;
}

const MESSAGE_CHARACTERS_MAX = 4000;
const LINGER_MS_MAX = 1000;
