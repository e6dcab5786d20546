import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { whoamiCommand } from '#cli/whoami.ts';
import { capturedIo } from '#test/fixtures/captured-io.ts';

const LINK = { link: 'job', principal: 'someone', duty: 'reader', executable: '', started: '', keyThumbprint: null };
const TOLD = {
  v: 1,
  session: 's',
  link: '1',
  chain: [LINK],
  duties: [{ duty: 'reader', allow: [], deny: [], mask: [], operationsMax: null }],
  token: 'a.b.c',
};

async function run(t: TestContext, args: readonly string[], listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  const io = capturedIo();
  const code = await whoamiCommand(args, io, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  return { code, stdout: io.out(), stderr: io.err() };
}

test('whoamiCommand() prints what the gateway tells, for people or as JSON', async (t) => {
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end(JSON.stringify(TOLD));
  };
  const page = await run(t, [], listener);
  assert.deepEqual([page.code, page.stderr], [0, '']);
  assert.match(page.stdout, /someone as reader/);
  const json = await run(t, ['--json'], listener);
  assert.deepEqual(JSON.parse(json.stdout), TOLD);
  assert.deepEqual(asked, ['GET /whoami', 'GET /whoami']);
});

const OTHERS: readonly (readonly [string, RequestListener])[] = [
  ['is no JSON', (_, response) => void response.end('<html>')],
  ['is of another shape', (_, response) => void response.end('{"v":1}')],
  ['is a refusal', (_, response) => void response.writeHead(404).end(JSON.stringify(TOLD))],
  ['has no end', (_, response) => void response.write(Buffer.alloc(8 * 1024 * 1024))],
  ['breaks off', (_, response) => void response.destroy()],
];
for (const [what, listener] of OTHERS) {
  test(`whoamiCommand() fails when the answer ${what}`, async (t) => {
    const { code, stdout, stderr } = await run(t, [], listener);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /no gateway answers/);
  });
}

test('whoamiCommand() explains itself', async (t) => {
  assert.equal((await run(t, ['--help'], () => {})).code, 0);
  assert.equal((await run(t, ['--what'], () => {})).code, 2);
  assert.equal((await run(t, ['me'], () => {})).code, 2);
});
