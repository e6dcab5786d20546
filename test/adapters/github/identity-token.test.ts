import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { requestIdentityToken } from '#adapters/github/identity-token.ts';

const TOKEN = 'e30.e30.c2ln';

async function serve(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/job?api-version=2.0&audience=another`, token: 'of-the-job' };
}

test('requestIdentityToken() asks for exactly one audience, as the job', async (t) => {
  const asked: (string | undefined)[] = [];
  const identity = await serve(t, ({ url, headers, method }, response) => {
    asked.push(method, url, headers.authorization);
    response.end(JSON.stringify({ count: 1, value: TOKEN }));
  });
  assert.equal(await requestIdentityToken(identity, 'a&audience=b c'), TOKEN);
  assert.deepEqual(asked, ['GET', '/job?api-version=2.0&audience=a%26audience%3Db+c', 'Bearer of-the-job']);
});

for (const [name, answer] of [
  ['a refusal', (response: ServerResponse) => void response.writeHead(403).end('{"value":"e30.e30.c2ln"}')],
  ['a redirect', (response: ServerResponse) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['what is no JSON', (response: ServerResponse) => void response.end('<html>')],
  ['what is no token', (response: ServerResponse) => void response.end('{"value":"a token"}')],
  ['no value', (response: ServerResponse) => void response.end('{"count":0}')],
  ['too much', (response: ServerResponse) => void response.end(`{"value":"${TOKEN}","x":"${'x'.repeat(70_000)}"}`)],
] as const) {
  test(`requestIdentityToken() takes ${name} for no token, and tells no secret`, async (t) => {
    const identity = await serve(t, (_request, response) => answer(response));
    await assert.rejects(requestIdentityToken(identity, 'a'), (error: Error & { code: string }) => {
      assert.equal(error.code, 'malformed');
      assert.doesNotMatch(String(error.stack), /of-the-job|c2ln/);
      return true;
    });
  });
}

test('requestIdentityToken() says so when nobody answers', async () => {
  await assert.rejects(requestIdentityToken({ url: 'http://127.0.0.1:1/x?y=z', token: 'of-the-job' }, 'a'), { code: 'unreachable' });
});
