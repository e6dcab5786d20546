import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { createSessionCa } from '#adapters/certificates/session-ca.ts';
import { createGate } from '#gates/registry.ts';
import { createGuard } from '#session/guard.ts';
import { Narrowing } from '#session/narrowing.ts';
import { OperationCounts } from '#session/operation-counts.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';

test('createGate() makes a gate that takes connections of its protocol', async (t) => {
  const ca = await createSessionCa(Date.now());
  const right = Narrowing.ofSession(dutyNamed('reader'));
  const audit = { append: (_entry: unknown, written?: (result: { ok: true }) => void) => void setImmediate(() => written?.({ ok: true })) };
  const ids = { next: () => crypto.randomUUID() };
  const gate = createGate({
    target: {
      ...{ kind: 'postgres', name: 'db', host: '127.0.0.1', port: 1, names: [], database: 'd', user: 'u' },
      ...{ password: null, tls: 'disable', ca: null, statementBytesMax: 1024 },
    },
    ...{
      password: null,
      ca: null,
      right,
      audit,
      ids,
      maskKey: Buffer.alloc(32),
      link: '1',
      targetEpoch: { value: 0 },
      connections: { open: 0, max: 10 },
    },
    ...{ responses: null, keepsResponses: false },
    tls: await ca.issue({ dns: ['db.duty-gate'], ip: [] }),
    guard: createGuard({
      link: '1',
      right,
      counts: new OperationCounts(),
      audit,
      ids,
      clock: { nowMs: () => 0, monotonicMicros: () => 0 },
      digestsResponses: false,
    }),
  });
  const server = createServer((socket) => gate.accept(socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  const address = server.address();
  const client = connect(address !== null && typeof address === 'object' ? address.port : 0, '127.0.0.1');
  t.after(() => void client.destroy());
  // SSLRequest (protocol-flow, "SSL Session Encryption"): a PostgreSQL gate answers with one byte, S.
  client.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  const [answer] = await once(client, 'data');
  assert.equal(String(answer), 'S');
  await gate.close('the test is over');
});
