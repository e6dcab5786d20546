import type { Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import type { NameTable } from './addresses.ts';
import { answerQuery, QUERY_BYTES_MAX } from './resolver.ts';

const TCP_IDLE_MS_MAX = 5000;
/** Answers that a client may leave unread before its connection is dropped. */
const TCP_UNREAD_BYTES_MAX = 64 * 1024;

/** Answers on a bound UDP socket, from the address that was asked. */
export function serveUdp(socket: UdpSocket, table: NameTable): void {
  socket.on('message', (message, peer) => {
    const response = answerQuery(message, table);
    // A client that is gone is no fault of ours.
    if (response !== null) socket.send(response, peer.port, peer.address, () => undefined);
  });
  socket.on('error', () => undefined);
}

/** Answers on one TCP connection: each message has its length, two bytes, before it (RFC 1035, 4.2.2). */
export function serveTcp(socket: Socket, table: NameTable): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.setTimeout(TCP_IDLE_MS_MAX, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const bytes = pending.readUInt16BE(0);
      if (bytes > QUERY_BYTES_MAX) return void socket.destroy();
      if (pending.length < 2 + bytes) return;
      const response = answerQuery(pending.subarray(2, 2 + bytes), table);
      pending = pending.subarray(2 + bytes);
      if (response === null || socket.writableLength > TCP_UNREAD_BYTES_MAX) return void socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(response.length);
      socket.write(Buffer.concat([length, response]));
    }
  });
}
