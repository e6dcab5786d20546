import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { EgressEntry } from '#core/audit/entry.ts';
import { EgressGate, type EgressGateSetup } from '#gates/egress/egress-gate.ts';

export async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** An upstream that keeps what it is sent, and answers each piece with what `answer` makes of it. */
export async function upstream(t: TestContext, answer: (bytes: Buffer, socket: Socket) => void = () => undefined) {
  const received: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received.push(bytes);
      answer(bytes, socket);
    });
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { port: await listen(t, server), text: () => Buffer.concat(received).toString('latin1'), sockets };
}

/** A gate whose name `a.example` leads to this machine, and real connections into it. */
export function egressGate(t: TestContext, port: number, more: Partial<EgressGateSetup> = {}) {
  const entries: EgressEntry[] = [];
  let ids = 0;
  const gate = new EgressGate({
    link: '1',
    mode: 'block',
    record: async (entry) => void entries.push(entry),
    addresses: async () => ({ kind: 'allowed', addresses: ['127.0.0.1'] }),
    ids: { next: () => String(ids++) },
    clock: { nowMs: () => 0, monotonicMicros: () => Math.trunc(performance.now() * 1000) },
    ...more,
  });
  t.after(() => gate.close());
  const dial = async (to: { kind: 'name' | 'address'; host: string } = { kind: 'name', host: 'a.example' }) => {
    const server = createServer((socket) => gate.accept(socket, { ...to, port, rule: 'egress.allow[0]' }));
    const client = connect({ port: await listen(t, server), host: '127.0.0.1' });
    client.on('error', () => undefined);
    t.after(() => void client.destroy());
    let text = '';
    client.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
    });
    await once(client, 'connect');
    return { client, text: () => text, closed: once(client, 'close'), ended: once(client, 'end') };
  };
  return { gate, dial, entries, events: () => entries.map(({ event, why }) => (why === null ? event : `${event}: ${why}`)) };
}
