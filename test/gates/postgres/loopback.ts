import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Listens on a loopback port of the system's choice; all sockets are gone when the test is. */
export async function listen(t: TestContext, accept: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    keep(t, socket);
    accept(socket);
  });
  t.after(() => void server.close());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('Cannot listen on loopback'));
      else resolve(address.port);
    });
  });
}

export function dialLoopback(t: TestContext, port: number): Socket {
  return keep(t, connect({ host: '127.0.0.1', port }));
}

/** Errors of a socket show as its close; nobody must crash of them. */
export function keep<S extends Socket>(t: TestContext, socket: S): S {
  socket.on('error', () => {});
  t.after(() => void socket.destroy());
  return socket;
}

/** Two ends of one connection. */
export async function socketPair(t: TestContext): Promise<readonly [near: Socket, far: Socket]> {
  return new Promise((resolve, reject) => {
    const port = listen(t, (far) => resolve([near(), far]));
    let made: Socket | null = null;
    const near = (): Socket => {
      if (made === null) throw new Error('Cannot pair sockets: accepted before dialled');
      return made;
    };
    port.then((number) => {
      made = dialLoopback(t, number);
    }, reject);
  });
}

/** So many bytes, or fewer where the connection ends first; bytes behind them are put back. */
export async function read(socket: Socket, bytes: number): Promise<Buffer> {
  let held = Buffer.alloc(0);
  return new Promise((resolve) => {
    const finish = () => {
      socket.off('data', take);
      socket.off('close', finish);
      socket.pause();
      if (held.length > bytes) socket.unshift(held.subarray(bytes));
      resolve(held.subarray(0, bytes));
    };
    const take = (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      if (held.length >= bytes) finish();
    };
    if (socket.closed) return resolve(held);
    socket.on('data', take);
    socket.on('close', finish);
    socket.resume();
  });
}

/** All that comes until the other side is done. */
export function readAll(socket: Socket): Promise<Buffer> {
  return read(socket, Number.POSITIVE_INFINITY);
}

export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}
