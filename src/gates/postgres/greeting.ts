import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { errorResponse } from './encode.ts';
import { ProtocolViolation } from './frames.ts';
import { type StartupPacket, StartupReader } from './startup.ts';

/** What a client wants, once encryption is settled. */
export type Greeting =
  | { readonly kind: 'session'; readonly socket: Socket; readonly packet: StartupPacket & { kind: 'startup' } }
  | { readonly kind: 'cancel'; readonly socket: Socket; readonly packet: StartupPacket & { kind: 'cancel' } };

/** A client that says nothing holds one socket for so long, and nobody else up (W-sql-9). */
const GREETING_TIMEOUT_MS = 30_000;
/** GSSAPI offer, TLS offer, and the packet itself. */
const PACKETS_MAX = 3;

/** Reads up to the start-up or cancel packet; encrypts when the client asks, in either of its two ways (PostgreSQL 17: direct). */
export async function greet(client: Socket, secureContext: SecureContext): Promise<Greeting> {
  let socket = client;
  for (let packets = 0; packets < PACKETS_MAX; packets++) {
    const packet = await readPacket(socket);
    switch (packet.kind) {
      case 'gss':
        socket.write(REFUSED);
        break;
      case 'ssl':
        if (socket !== client) throw new ProtocolViolation('second TLS request');
        client.write(ACCEPTED);
        socket = encrypt(client, secureContext, false);
        break;
      case 'direct-tls':
        if (socket !== client) throw new ProtocolViolation('TLS inside TLS');
        socket = encrypt(client, secureContext, true);
        break;
      case 'startup':
        return { kind: 'session', socket, packet };
      case 'cancel':
        return { kind: 'cancel', socket, packet };
    }
  }
  throw new ProtocolViolation('too many requests before start-up');
}

const REFUSED = Buffer.from('N');
const ACCEPTED = Buffer.from('S');

/** Direct TLS is only told apart from other protocols by its ALPN name, so there it is required (protocol-flow, "SSL Session Encryption"). */
function encrypt(client: Socket, secureContext: SecureContext, direct: boolean): Socket {
  const secure = new TLSSocket(client, { isServer: true, secureContext, ...(direct ? { ALPNProtocols: ['postgresql'] } : {}) });
  secure.on('error', () => client.destroy());
  if (direct) {
    secure.once('secure', () => {
      if (secure.alpnProtocol !== 'postgresql') secure.destroy();
    });
  }
  return secure;
}

/** One packet; what came behind it is put back for the next reader. */
function readPacket(socket: Socket): Promise<StartupPacket> {
  const reader = new StartupReader();
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('close', onClose);
      socket.pause();
      settle();
    };
    const onData = (chunk: Buffer) => {
      try {
        const read = reader.push(chunk);
        if (read === null) return;
        finish(() => {
          if (read.rest.length > 0) socket.unshift(read.rest);
          resolve(read.packet);
        });
      } catch (cause) {
        if (cause instanceof ProtocolViolation) socket.end(farewell(cause));
        finish(() => reject(cause));
      }
    };
    const onClose = () => finish(() => reject(new ProtocolViolation('the client hung up before start-up')));
    const timer = setTimeout(() => finish(() => reject(new ProtocolViolation('the client said nothing'))), GREETING_TIMEOUT_MS);
    socket.on('data', onData);
    socket.on('close', onClose);
    socket.resume();
  });
}

function farewell({ code, message }: ProtocolViolation): Buffer {
  return errorResponse({ severity: 'FATAL', code, message, detail: null, hint: null });
}
