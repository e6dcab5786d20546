import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { PostgresTarget, TlsMode } from '#core/policy/policy.ts';
import { DialError, type DialSetup, dial, type Upstream } from '#gates/postgres/dial.ts';
import { type StartupPacket, StartupReader } from '#gates/postgres/startup.ts';
import { makeServerCertificate } from '#test/servers/certificates.ts';
import { message, ready, zeroTerminated } from '#test/simulate/wire.ts';
import { int32 } from './bytes.ts';
import { keep, listen, read } from './loopback.ts';

export const certificate = await makeServerCertificate(['127.0.0.1']);
export const misnamed = await makeServerCertificate(['elsewhere.internal']);
export const stranger = await makeServerCertificate(['127.0.0.1']);

export const OK = message('R', int32(0));
export const CLEARTEXT = message('R', int32(3));
export const WELCOME = Buffer.concat([
  OK,
  message('S', zeroTerminated('server_version', '18.1')),
  message('K', Buffer.alloc(8, 5)),
  ready('I'),
]);

export type Script = (socket: Socket) => Promise<unknown> | unknown;

/** A server that does as its script says, once for each connection; the first one's socket can be had. */
export async function serve(t: TestContext, script: Script): Promise<{ port: number; accepted: Promise<Socket> }> {
  const first = Promise.withResolvers<Socket>();
  const port = await listen(t, (socket) => {
    first.resolve(socket);
    void script(socket);
  });
  return { port, accepted: first.promise };
}

export async function readStartup(socket: Socket): Promise<StartupPacket | undefined> {
  const header = await read(socket, 4);
  if (header.length < 4) return undefined;
  return new StartupReader().push(Buffer.concat([header, await read(socket, header.readInt32BE(0) - 4)]))?.packet;
}

/** Accepts the TLS request and encrypts. */
export async function encrypt(t: TestContext, socket: Socket, { certificate: cert, key } = certificate): Promise<Socket> {
  await read(socket, 8);
  socket.write('S');
  return keep(t, new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert, key }) }));
}

export const target = (port: number, tls: TlsMode, host = '127.0.0.1'): PostgresTarget => ({
  kind: 'postgres',
  name: 'orders-db',
  host,
  port,
  names: [],
  database: 'orders',
  user: 'gate',
  password: { secret: 'P' },
  tls,
  ca: null,
  statementBytesMax: 1_000,
});

export async function dialAt(t: TestContext, port: number, tls: TlsMode = 'disable', some: Partial<DialSetup> = {}): Promise<Upstream> {
  const upstream = await dial({
    target: target(port, tls),
    password: 'secret-pw',
    ca: certificate.ca,
    parameters: new Map(),
    nonce: 'nonce',
    signal: new AbortController().signal,
    ...some,
  });
  keep(t, upstream.socket);
  return upstream;
}

/** The error, which must be a DialError of that kind that names no secret. */
export async function failure(dialled: Promise<unknown>, code: DialError['code']): Promise<string> {
  const cause = await dialled.then(
    () => assert.fail('the dial succeeded'),
    (error: unknown) => error,
  );
  assert.ok(cause instanceof DialError, String(cause));
  assert.equal(cause.code, code, cause.message);
  assert.doesNotMatch(cause.message, /secret-pw/);
  return cause.message;
}
