import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { Whoami } from '#core/chain/whoami.ts';
import { InnerControl } from '#gateway/cage/inner-control.ts';

const WHOAMI = { v: 1, session: 's', link: '1', chain: [], duties: [], token: 't' } as Whoami;

async function start(
  t: TestContext,
  connectionMsMax?: number,
  nest: (socket: Socket) => void = () => assert.fail(),
): Promise<{ port: number; inner: InnerControl }> {
  const broker = { answer: async (query: string) => ({ status: 200, body: { query } }) };
  const inner = new InnerControl(() => WHOAMI, broker, nest, connectionMsMax);
  const server = createServer((socket) => inner.accept(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    inner.close();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, inner };
}

/** Everything that comes back until the connection ends. */
function say(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => void socket.write(text));
    socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
    socket.on('error', () => undefined).on('close', () => resolve(answer));
  });
}

const CLOSE = 'Connection: close\r\n';

describe('InnerControl', () => {
  it('tells who asks, by GET /whoami', async (t) => {
    const { port } = await start(t);
    const answer = await say(port, `GET /whoami HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.deepEqual(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')).replace(/^\s*[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, '')), WHOAMI);
  });

  it('hands requests for tokens on, with their query as it is', async (t) => {
    const { port } = await start(t);
    const answer = await say(port, `GET /oidc/token?api-version=2.0&audience=a%20b HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*"query":"api-version=2\.0&audience=a%20b"/);
  });

  it('knows no requests for tokens where there are none to be had', async (t) => {
    const inner = new InnerControl(
      () => WHOAMI,
      null,
      () => assert.fail(),
    );
    const server = createServer((socket) => inner.accept(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      inner.close();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    assert.match(await say(port, `GET /oidc/token?audience=a HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`), /^HTTP\/1\.1 404 /);
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['another path', `GET /whoami/../v1/sessions HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`, '404'],
    ['a token by another method', `POST /oidc/token?audience=a HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`, '405'],
    ['a token without a query', `GET /oidc/token HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`, '404'],
    ['a query', `GET /whoami?link=2 HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`, '404'],
    ['another method', `DELETE /whoami HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`, '405'],
    ['a body', 'GET /whoami HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc', '413'],
    ['a body in pieces', 'POST /whoami HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '413'],
  ];
  for (const [what, request, status] of refused) {
    it(`refuses ${what} with ${status}`, async (t) => {
      const { port } = await start(t);
      assert.match(await say(port, request), new RegExp(`^HTTP/1\\.1 ${status} `));
    });
  }

  it('hangs up on what is no HTTP, on headers without end, and on whoever takes too long', async (t) => {
    const { port } = await start(t, 300);
    for (const text of [
      '\u0016\u0003\u0001',
      'GET\r\n\r\n',
      `GET /whoami HTTP/1.1\r\nHost: ${'x'.repeat(100_000)}\r\n\r\n`,
      'GET /whoami HTTP/1.1\r\nHo',
      '',
    ])
      assert.doesNotMatch(await say(port, text), /200/, JSON.stringify(text.slice(0, 20)));
  });

  it('serves a few connections at once, and lets go of all when it closes', async (t) => {
    const { port, inner } = await start(t);
    const ended: Promise<void>[] = [];
    const open = (): Socket => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      ended.push(new Promise((resolve) => socket.once('close', () => resolve())));
      return socket.resume();
    };
    for (let count = 0; count < 40; count += 1) open();
    await Promise.any(ended);
    inner.close();
    await Promise.race([Promise.all(ended), new Promise((_, reject) => setTimeout(() => reject(new Error('still open')), 4_000).unref())]);
  });
});
