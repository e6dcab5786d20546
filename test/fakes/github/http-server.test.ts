import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { bearerOf, type HttpServer, json, type Service, startHttpServer } from './http-server.ts';

const ECHO: Service = {
  prefix: '/echo/',
  answer: ({ method, url, body }) => json(200, { method, path: url.pathname, body: String(body) }),
};

async function start(t: TestContext, service: Service = ECHO): Promise<{ server: HttpServer; problems: string[] }> {
  const problems: string[] = [];
  const server = await startHttpServer(problems);
  t.after(() => server.stop());
  server.serve([service]);
  return { server, problems };
}

test('startHttpServer() hands a question to the service of its address, and keeps a list', async (t) => {
  const { server, problems } = await start(t);
  const answer = await fetch(`${server.base}/echo/a?b=c`, { method: 'POST', body: 'text' });
  assert.deepEqual(await answer.json(), { method: 'POST', path: '/echo/a', body: 'text' });
  assert.deepEqual(server.requests, [{ method: 'POST', path: '/echo/a?b=c', status: 200 }]);
  assert.deepEqual(problems, []);
});

test('startHttpServer() tells of what no service is for, and of a service that breaks', async (t) => {
  const broken = async () => {
    throw new Error('broken');
  };
  const { server, problems } = await start(t, { prefix: '/broken', answer: broken });
  assert.equal((await fetch(`${server.base}/nowhere?a=b`)).status, 404);
  assert.equal((await fetch(`${server.base}/broken`)).status, 500);
  assert.deepEqual(problems, ['GET /nowhere: an address that this simulator does not know', 'GET /broken: Error: broken']);
});

test('fault() fails as many requests as it says, of those that fit', async (t) => {
  const { server } = await start(t);
  server.fault(({ method, path }) => method === 'GET' && path.endsWith('?x'), { status: 503, headers: { 'retry-after': '1' } }, 2);
  const ask = async (path: string) => (await fetch(`${server.base}/echo/${path}`)).status;
  assert.deepEqual([await ask('a?x'), await ask('a'), await ask('b?x'), await ask('c?x')], [503, 200, 503, 200]);
  server.fault(() => true, { status: 403, body: { message: 'own' } });
  assert.deepEqual(await (await fetch(`${server.base}/echo/d`)).json(), { message: 'own' });
});

test('fault() drops a connection, or leaves it without an answer until stop()', async (t) => {
  const { server, problems } = await start(t);
  server.fault(() => true, 'drop');
  await assert.rejects(fetch(`${server.base}/echo/a`));
  server.fault(() => true, 'hang');
  const hanging = fetch(`${server.base}/echo/b`);
  const failed = assert.rejects(hanging);
  while (!server.requests.some(({ path }) => path === '/echo/b')) await new Promise(setImmediate);
  await server.stop();
  await failed;
  assert.deepEqual(
    server.requests.map(({ status }) => status),
    [0, 0],
  );
  assert.deepEqual(problems, []);
});

test('bearerOf() finds a token in both of its spellings', () => {
  const found = ['Bearer abc', 'token abc', 'bearer  abc', 'Basic abc', 'Bearer', undefined].map((authorization) =>
    bearerOf(authorization === undefined ? {} : { authorization }),
  );
  assert.deepEqual(found, ['abc', 'abc', 'abc', null, null, null]);
});
