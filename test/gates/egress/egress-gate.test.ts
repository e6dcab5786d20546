import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { hello, serverNames } from '#test/core/egress/hello.ts';
import { egressGate, upstream } from './egress-bench.ts';

test('EgressGate tunnels TLS for the name that was resolved, hello and all, and writes before it connects', async (t) => {
  const server = await upstream(t, (_bytes, socket) => void socket.end('answer'));
  const { dial, entries, gate } = egressGate(t, server.port);
  const { client, text, ended } = await dial();
  client.write(hello());
  await ended;
  assert.equal(text(), 'answer');
  assert.equal(server.text(), hello().toString('latin1'));
  client.end();
  await gate.close();
  const [opened, closed] = entries;
  assert.deepEqual([opened?.event, opened?.seen, opened?.address, opened?.protocol], ['opened', 'a.example', '127.0.0.1', 'tls']);
  assert.deepEqual([closed?.event, closed?.sent, closed?.received, closed?.attempt], ['closed', hello().length, 6, opened?.attempt]);
});

test('EgressGate reads a hello that comes byte by byte', async (t) => {
  const server = await upstream(t, (bytes, socket) => void (bytes.length > 0 && socket.end('answer')));
  const { dial } = egressGate(t, server.port);
  const { client, ended } = await dial();
  client.setNoDelay(true);
  for (const byte of hello()) client.write(Buffer.of(byte));
  await ended;
  assert.equal(server.text(), hello().toString('latin1'));
});

const OTHER = hello({ extensions: [serverNames([0, 'b.example'])] });
const HIDDEN = hello({ extensions: [serverNames([0, 'a.example']), [0xfe0d, Buffer.alloc(9)]] });
for (const [name, bytes, why] of [
  ['another name than was resolved', OTHER, /another server/],
  ['a name that may hide another', HIDDEN, /ECH/],
  ['no name', hello({ extensions: [] }), /no server/],
  ['SSH', Buffer.from('SSH-2.0-x\r\n'), /neither TLS nor HTTP/],
  ['HTTP/2 without TLS', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), /no one reading/],
] as const) {
  test(`EgressGate refuses ${name}, and connects nowhere`, async (t) => {
    const server = await upstream(t);
    const { dial, events } = egressGate(t, server.port);
    const { client, closed } = await dial();
    client.end(bytes);
    await closed;
    assert.match(events().join(), why);
    assert.match(events().join(), /^refused/);
    assert.deepEqual([events().length, server.sockets.length], [1, 0]);
  });
}

test('EgressGate lets TLS through in audit that it would refuse, and says why it would', async (t) => {
  const server = await upstream(t, (_bytes, socket) => void socket.end('answer'));
  const { dial, events } = egressGate(t, server.port, { mode: 'audit' });
  const { client, ended } = await dial();
  client.write(OTHER);
  await ended;
  assert.equal(server.text(), OTHER.toString('latin1'));
  assert.match(events()[0] ?? '', /^opened: it asks for another server/);
});

for (const [name, bytes] of [
  ['says nothing', Buffer.alloc(0)],
  ['begins a hello and never ends it', hello().subarray(0, 60)],
  ['begins a method and never ends it', Buffer.from('GET')],
] as const) {
  test(`EgressGate gives up a client that ${name}`, async (t) => {
    const server = await upstream(t);
    const { dial, events } = egressGate(t, server.port, { openingMsMax: 50 });
    const { client, closed } = await dial();
    if (bytes.length > 0) client.write(bytes);
    await closed;
    assert.deepEqual(events(), ['refused: it did not say in time whom it asks for']);
  });
}

test('EgressGate carries anything to an address that a rule names', async (t) => {
  const server = await upstream(t, (bytes, socket) => void socket.end(bytes));
  const { dial, entries } = egressGate(t, server.port);
  const { client, text, ended } = await dial({ kind: 'address', host: '127.0.0.1' });
  client.write('SSH-2.0-x');
  await ended;
  assert.equal(text(), 'SSH-2.0-x');
  assert.deepEqual([entries[0]?.protocol, entries[0]?.address, entries[0]?.host], ['raw', '127.0.0.1', '127.0.0.1']);
});

test('R24 EgressGate connects to what was checked, and not at all where the check refuses', async (t) => {
  const server = await upstream(t);
  const { dial, events } = egressGate(t, server.port, { addresses: async () => ({ kind: 'refused', why: 'it resolves to 10.0.0.5' }) });
  const { client, closed } = await dial();
  client.write(hello());
  await closed;
  assert.deepEqual([events(), server.sockets.length], [['refused: it resolves to 10.0.0.5'], 0]);
});

test('EgressGate says when nobody answers', async (t) => {
  const { dial, events } = egressGate(t, 1);
  const { client, closed } = await dial();
  client.write(hello());
  await closed;
  assert.deepEqual(events(), ['opened', 'closed: nobody answered there']);
});

test('P1 EgressGate connects nowhere when it cannot be recorded', async (t) => {
  const server = await upstream(t);
  const { dial } = egressGate(t, server.port, { record: () => Promise.reject(new Error('disk full')) });
  for (const bytes of [hello(), Buffer.from('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n')]) {
    const { client, closed } = await dial();
    client.write(bytes);
    await closed;
  }
  await delay(20);
  assert.equal(server.sockets.length, 0);
});

test('EgressGate passes on that the client has said all, and still the answer', async (t) => {
  const server = await upstream(t);
  const { dial } = egressGate(t, server.port);
  const { client, text, ended } = await dial({ kind: 'address', host: '127.0.0.1' });
  client.end('question');
  while (server.sockets.length === 0) await delay(5);
  const [socket] = server.sockets;
  assert.ok(socket);
  if (!socket.readableEnded) await once(socket, 'end');
  socket.end('late answer');
  await ended;
  assert.equal(text(), 'late answer');
});

test('EgressGate takes so many connections at once, counts those beyond, and ends all when it closes', async (t) => {
  const server = await upstream(t);
  const { dial, gate, entries } = egressGate(t, server.port);
  const open = await Promise.all(Array.from({ length: 257 }, () => dial({ kind: 'address', host: '127.0.0.1' })));
  await Promise.race(open.map(({ closed }) => closed));
  assert.equal(gate.turnedAway, 1);
  await gate.close();
  await Promise.all(open.map(({ closed }) => closed));
  const count = (event: string) => entries.filter((entry) => entry.event === event).length;
  assert.deepEqual([count('opened'), count('closed')], [256, 256]);
});
