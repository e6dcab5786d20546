import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { egressGate, listen, upstream } from './egress-bench.ts';

async function echo(t: Parameters<typeof listen>[0]) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${request.headers.host} ${body}`);
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end(`<${request.url}>`);
    });
  });
  return { port: await listen(t, server), seen };
}

const get = (path: string, host = 'a.example', more = '') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;

test('HttpRelay passes on each request of a connection, made anew', async (t) => {
  const { port, seen } = await echo(t);
  const { dial, entries, gate } = egressGate(t, port);
  const { client, text } = await dial();
  const host = `a.example:${port}`;
  client.write(get('/one', host));
  client.write(get(`http://${host}/two`, host, 'X-Hop: 1\r\nConnection: X-Hop\r\n'));
  client.write(`POST /three HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`);
  client.write(`PUT /four HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc`);
  while (!text().includes('</four>')) await delay(5);
  assert.deepEqual([...seen].sort(), [`GET /one ${host} `, `GET /two ${host} `, `POST /three ${host} abc`, `PUT /four ${host} abc`]);
  assert.match(text(), /<\/one>[\s\S]*<\/two>[\s\S]*<\/three>[\s\S]*<\/four>/);
  assert.match(text(), /set-cookie: a=1\r\nset-cookie: b=2/i);
  await gate.close();
  assert.deepEqual(
    entries
      .map(({ event, protocol, seen: at }) => [event, event === 'closed' || protocol, event === 'closed' || at])
      .filter(([e]) => e === 'opened'),
    [
      ['opened', 'http', host],
      ['opened', 'http', host],
      ['opened', 'http', host],
      ['opened', 'http', host],
    ],
  );
  assert.equal(entries.filter(({ event }) => event === 'closed').length, 4);
});

for (const [name, bytes, status] of [
  ['another Host', (host: string) => get('/', `x${host}`), 403],
  ['an absolute target elsewhere', (host: string) => get('http://b.example/', host), 403],
  ['CONNECT to another host', () => 'CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n', 405],
  ['CONNECT to this host', (host: string) => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 405],
  ['two Hosts', (host: string) => get('/', host, 'Host: b.example\r\n'), 400],
  ['no Host', () => 'GET / HTTP/1.1\r\n\r\n', 400],
  ['HTTP/1.0', (host: string) => `GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`, 505],
  [
    'both lengths',
    (host: string) => `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['two codings', (host: string) => `POST / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400],
  ['two lengths', (host: string) => `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc`, 400],
  [
    'a bare line feed in a chunk',
    (host: string) => `POST / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['a folded header', (host: string) => `GET / HTTP/1.1\r\nHost:\r\n ${host}\r\n\r\n`, 400],
  ['a head that is too large', (host: string) => get('/', host, `X: ${'x'.repeat(40_000)}\r\n`), 400],
] as const) {
  test(`HttpRelay refuses ${name} with an answer, and connects nowhere`, async (t) => {
    const server = await upstream(t);
    const { dial, entries } = egressGate(t, server.port);
    const { client, text, closed } = await dial();
    client.write(bytes(`a.example:${server.port}`));
    await closed;
    assert.match(text(), new RegExp(`^HTTP/1.1 ${status} `));
    assert.deepEqual([entries.map(({ event }) => event), server.sockets.length], [['refused'], 0]);
  });
}

test('HttpRelay judges a second request that came with the first', async (t) => {
  const { port, seen } = await echo(t);
  const { dial, events } = egressGate(t, port);
  const { client, text, closed } = await dial();
  client.write(get('/one', `a.example:${port}`) + get('/two', 'b.example') + get('/three', `a.example:${port}`));
  await closed;
  assert.match(text(), /200 OK[\s\S]*403 Forbidden/);
  assert.ok(seen.every((request) => !request.includes('/two')));
  assert.ok(events().some((event) => event.startsWith('refused: its Host is another')));
});

test('HttpRelay leaves an upgrade out', async (t) => {
  const { port, seen } = await echo(t);
  const { dial } = egressGate(t, port);
  const { client, text } = await dial();
  client.write(get('/', `a.example:${port}`, 'Connection: Upgrade\r\nUpgrade: websocket\r\n'));
  while (!text().includes('</>')) await delay(5);
  assert.equal(seen.length, 1);
  assert.match(text(), /^HTTP\/1.1 200 /);
});

test('HttpRelay answers when the host cannot be reached, or breaks off', async (t) => {
  const away = egressGate(t, 1);
  const first = await away.dial();
  first.client.write(get('/', 'a.example:1'));
  await first.closed;
  assert.match(first.text(), /^HTTP\/1.1 502 /);
  const broken = await upstream(t, (_bytes, socket) => void socket.destroy());
  const { dial } = egressGate(t, broken.port);
  const second = await dial();
  second.client.write(get('/', `a.example:${broken.port}`));
  await second.closed;
  assert.match(second.text(), /^HTTP\/1.1 502 /);
});

test('HttpRelay ends a request when its client goes away', async (t) => {
  const server = await upstream(t);
  const { dial, gate, entries } = egressGate(t, server.port);
  const { client } = await dial();
  client.write(get('/', `a.example:${server.port}`));
  while (server.text() === '') await delay(5);
  client.destroy();
  while (entries.length < 2) await delay(5);
  assert.deepEqual(
    entries.map(({ event }) => event),
    ['opened', 'closed'],
  );
  await gate.close();
});

for (const [name, answer] of [
  ['a status that is none', 'HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n'],
  ['control characters in its words', 'HTTP/1.1 200 \x01\x07\r\nContent-Length: 0\r\n\r\n'],
  ['control characters in a header', 'HTTP/1.1 200 OK\r\nX: \x01\r\nContent-Length: 0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello'],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
  ['nonsense', 'nonsense\r\n\r\n'],
  ['half of an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello'],
] as const) {
  test(`HttpRelay lives through a server that answers with ${name}`, async (t) => {
    const server = await upstream(t, (_bytes, socket) => void socket.end(Buffer.from(answer, 'latin1')));
    const { dial, gate, entries } = egressGate(t, server.port);
    const { client, text } = await dial();
    client.write(get('/', `a.example:${server.port}`));
    while (entries.length < 2) await delay(5);
    client.destroy();
    await gate.close();
    assert.ok(!text().includes('\x01'));
    assert.deepEqual(
      entries.map(({ event }) => event),
      ['opened', 'closed'],
    );
  });
}

test('HttpRelay writes down so many requests of a command, and refuses those beyond', async (t) => {
  const { port, seen } = await echo(t);
  const { dial, gate, entries } = egressGate(t, port, { attemptsMax: 2 });
  const { client, text, closed } = await dial();
  for (let n = 0; n < 3; n++) client.write(get(`/${n}`, `a.example:${port}`));
  await closed;
  assert.match(text(), /<\/0>[\s\S]*<\/1>[\s\S]*503 /);
  await gate.close();
  assert.deepEqual([seen.length, entries.length, gate.turnedAway], [2, 4, 1]);
});
