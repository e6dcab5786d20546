import type { Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import type { NameAddresses, NameTable } from './addresses.ts';
import { answerQuery, askedName, QUERY_BYTES_MAX } from './resolver.ts';

const TCP_IDLE_MS_MAX = 5000;
/** Answers that a client may leave unread before its connection is dropped. */
const TCP_UNREAD_BYTES_MAX = 64 * 1024;

type OtherName = (name: string) => Promise<NameAddresses | null>;
/** Names that one socket may be waiting for. */
const WAITING_MAX = 64;

/** Answers on a bound UDP socket, from the address that was asked. */
export function serveUdp(socket: UdpSocket, table: NameTable, others?: OtherName): void {
  const answerTo = answerer(table, others);
  socket.on('message', (message, peer) => {
    // A client that is gone is no fault of ours, nor is a socket that was closed meanwhile.
    answerTo(message, (response) => {
      if (response === null) return;
      try {
        socket.send(response, peer.port, peer.address, () => undefined);
      } catch {}
    });
  });
  socket.on('error', () => undefined);
}

/** Answers on one TCP connection: each message has its length, two bytes, before it (RFC 1035, 4.2.2). */
export function serveTcp(socket: Socket, table: NameTable, others?: OtherName): void {
  const answerTo = answerer(table, others);
  let pending: Buffer = Buffer.alloc(0);
  socket.setTimeout(TCP_IDLE_MS_MAX, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const bytes = pending.readUInt16BE(0);
      if (bytes > QUERY_BYTES_MAX) return void socket.destroy();
      if (pending.length < 2 + bytes) return;
      const query = pending.subarray(2, 2 + bytes);
      pending = pending.subarray(2 + bytes);
      answerTo(query, (response) => {
        if (response === null || socket.writableLength > TCP_UNREAD_BYTES_MAX) return void socket.destroy();
        const length = Buffer.alloc(2);
        length.writeUInt16BE(response.length);
        socket.write(Buffer.concat([length, response]));
      });
      if (socket.destroyed) return;
    }
  });
}

/** Answers at once from the table; a name that is not there may take a while, and so many at a time. */
function answerer(table: NameTable, others: OtherName | undefined): (query: Uint8Array, answer: (response: Buffer | null) => void) => void {
  let waiting = 0;
  return (query, answer) => {
    const name = others === undefined ? null : askedName(query);
    if (others === undefined || name === null || table.has(name)) return answer(answerQuery(query, table));
    if (waiting >= WAITING_MAX) return answer(null);
    waiting += 1;
    void others(name)
      .catch(() => null)
      .then((addresses) => {
        waiting -= 1;
        answer(answerQuery(query, addresses === null ? table : new Map([[name, addresses]])));
      });
  };
}
