import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startGate } from '#test/fixtures/gate.ts';
import { errorField, RawClient, simple, summary } from '#test/fixtures/raw-client.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';

const DUTY = `{ allow: [ { on: orders-db, effects: [read] } ], mask: [ { on: orders-db, detect: [credit-card], with: redact } ] }`;

describe('createPostgresGate()', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres({ major: 18 });
  });
  after(async () => server?.stop());

  it('tells every client why when it closes, and ends only when all are recorded', async () => {
    const gate = await startGate(server, DUTY);
    const idle = await RawClient.start(gate);
    const busy = await RawClient.start(gate);
    busy.send(simple('SELECT pg_sleep(60)'));
    while (gate.decisions().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const silent = await RawClient.open(gate);
    await gate.stop();
    for (const client of [idle, busy]) {
      const farewell = (await client.rest()).find(({ type }) => type === 'E');
      assert.equal(errorField(farewell?.body ?? Buffer.alloc(0), 'C'), '57P01');
    }
    await silent.rest();
    assert.equal(gate.outcomes()[0]?.status, 'cut');
    assert.equal(gate.audit.filter((entry) => entry.kind === 'connection' && entry.event === 'closed').length, 2);
  });

  it('masks what detectors find, in every column and in the evidence', async () => {
    const gate = await startGate(server, DUTY);
    const client = await RawClient.start(gate);
    client.send(simple("SELECT 'card 4111111111111111' AS note"));
    const messages = await client.until('Z');
    assert.equal(summary(messages), 'T D C Z:I');
    assert.ok(!Buffer.concat(messages.map(({ body }) => body)).includes('4111111111111111'));
    assert.ok(!JSON.stringify(gate.audit).includes('4111111111111111'));
    client.close();
    await gate.stop();
  });
});
