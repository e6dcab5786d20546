import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import { readEntry } from '#core/audit/entry-schema.ts';
import type { SeenProcess } from '#core/chain/agent-sight.ts';
import { chainDigest, delegatedLink, sessionChain } from '#core/chain/chain.ts';
import { dutyNames } from '#core/policy/effective-duty.ts';
import { EntryRules } from '#core/verify/entry-rules.ts';
import { AgentWatch } from '#gateway/cage/agent-watch.ts';
import { LinkChain } from '#session/link-chain.ts';
import { Narrowing } from '#session/narrowing.ts';
import { commandEntry, NO_KEYS, newKey, sessionEntry } from '#test/fixtures/bundle.ts';
import { startGate, type TestGate } from '#test/fixtures/gate.ts';
import { errorField, extended, type Message, RawClient, SYNC, simple, summary, values } from '#test/fixtures/raw-client.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import * as wire from '#test/simulate/wire.ts';
import { MASKED_READER, READER, SHOP, WRITER } from './shop.ts';

const STARTED = '2026-01-02T03:04:05.678Z';
const NONE = Buffer.from([0, 0]);
const prepare = (name: string, sql: string) => wire.message('P', Buffer.concat([wire.zeroTerminated(name, sql), NONE]));
const bind = (portal: string, name: string) => wire.message('B', Buffer.concat([wire.zeroTerminated(portal, name), NONE, NONE, NONE]));
const execute = (portal: string, rows = 0) => wire.message('E', Buffer.concat([wire.zeroTerminated(portal), Buffer.from([0, 0, 0, rows])]));

const INSERT = "INSERT INTO orders VALUES (1000, 1, 'x')";
const SECRETS = ['first@example.com', '4111111111111111', 'second@example.com', '5500005555555559'];
const DETECTING = `{ allow: [ { on: orders-db, effects: ["*"] } ], mask: [ { detect: [email, credit-card], with: redact } ] }`;

function textOf(messages: readonly Message[]): string {
  return Buffer.concat(messages.map(({ body }) => body)).toString('latin1');
}

describe('a right that is narrowed while connections are open, on PostgreSQL 18', () => {
  let server: PostgresServer;
  let gate: TestGate;
  let client: RawClient;
  before(async () => {
    server = await startPostgres({ major: 18, sql: SHOP });
  });
  after(() => server?.stop());
  beforeEach(async () => {
    gate = await startGate(server, WRITER, '', { reader: READER, masked: MASKED_READER, detecting: DETECTING, writer: WRITER });
    client = await RawClient.start(gate);
  });
  afterEach(async () => {
    client.close();
    await gate.stop();
  });
  const narrowTo = (duty: string) => gate.right.narrow(gate.duty(duty));

  it('R26 refuses from the next operation on what only the wider right allowed', async () => {
    client.send(simple('BEGIN'), simple(INSERT), simple('ROLLBACK'));
    assert.equal(summary(await client.until('Z', 3)), 'C Z:T C Z:T C Z:I');
    narrowTo('reader');
    client.send(simple(INSERT), simple('SELECT count(*) FROM orders'));
    const messages = await client.until('Z', 2);
    assert.equal(summary(messages), 'E:42501 Z:I T D C Z:I');
    const error = messages.find(({ type }) => type === 'E')?.body ?? Buffer.alloc(0);
    assert.match(errorField(error, 'M'), /duty "tester & reader" does not permit insert on public\.orders/);
    assert.match(errorField(error, 'D'), /no rule of duty "reader" allows insert/);
    assert.deepEqual(
      gate.decisions().map(({ duty, outcome }) => [duty, outcome]),
      [...['allow', 'allow', 'allow'].map((outcome) => ['tester', outcome]), ['tester & reader', 'deny'], ['tester & reader', 'allow']],
    );
  });

  it('R26 refuses what was prepared, and bound, under the wider right', async () => {
    client.send(prepare('p', INSERT), bind('open', 'p'), simple('SELECT 1'));
    await client.until('Z');
    client.send(prepare('q', INSERT), SYNC, simple(`PREPARE r AS ${INSERT}`), simple('BEGIN'), bind('late', 'q'), SYNC);
    await client.until('Z', 4);
    narrowTo('reader');
    client.send(execute('late'), SYNC, simple('ROLLBACK'), bind('', 'q'), execute(''), SYNC, simple('EXECUTE r'));
    assert.equal(summary(await client.until('Z', 4)), 'E:42501 Z:E C Z:I E:42501 Z:I E:42501 Z:I');
  });

  it('P7 masks what was prepared before anything was masked', async () => {
    const sql = 'SELECT email, card FROM customers ORDER BY id';
    client.send(prepare('p', sql), SYNC, simple(`PREPARE r AS ${sql}`), simple(sql), bind('', 'p'), execute(''), SYNC);
    const open = await client.until('Z', 4);
    assert.deepEqual(values(open).flat(), [...SECRETS, ...SECRETS]);
    narrowTo('masked');
    client.send(simple(sql), bind('', 'p'), execute(''), SYNC, simple('EXECUTE r'), extended(sql), SYNC);
    const messages = await client.until('Z', 4);
    assert.equal(values(messages).length, 8);
    for (const secret of SECRETS) assert.ok(!textOf(messages).includes(secret), `${secret} came through`);
  });

  it('P7 masks the rest of a portal, and of a cursor, of which some rows went by unmasked', async () => {
    const sql = 'SELECT email, card FROM customers ORDER BY id';
    client.send(simple('BEGIN'), simple(`DECLARE c CURSOR FOR ${sql}`), simple('FETCH 1 FROM c'));
    client.send(prepare('p', sql), bind('o', 'p'), execute('o', 1), SYNC);
    assert.deepEqual(values(await client.until('Z', 4)).flat(), [...SECRETS.slice(0, 2), ...SECRETS.slice(0, 2)]);
    narrowTo('masked');
    client.send(execute('o', 1), SYNC, simple('FETCH 1 FROM c'), simple('COMMIT'));
    const messages = await client.until('Z', 3);
    assert.equal(values(messages).length, 2);
    for (const secret of SECRETS) assert.ok(!textOf(messages).includes(secret), `${secret} came through`);
  });

  it('P7 refuses to compute with what is masked from now on, whatever was prepared before', async () => {
    const sql = 'SELECT lower(email) FROM customers';
    client.send(prepare('p', sql), SYNC, simple(sql), simple(`PREPARE r AS ${sql}`));
    assert.equal(summary(await client.until('Z', 3)), '1 Z:I T D D C Z:I C Z:I');
    narrowTo('masked');
    client.send(bind('', 'p'), execute(''), SYNC, simple(sql), simple('EXECUTE r'));
    assert.equal(summary(await client.until('Z', 3)), 'E:0A000 Z:I E:0A000 Z:I E:0A000 Z:I');
  });

  it('P7 runs detectors over rows and over the evidence from now on', async () => {
    const sql = "SELECT email, 'at third@example.com' FROM customers WHERE id = 1";
    client.send(prepare('p', sql), SYNC);
    await client.until('Z');
    narrowTo('detecting');
    client.send(bind('', 'p'), execute(''), SYNC, simple(sql));
    const messages = await client.until('Z', 2);
    assert.equal(values(messages).length, 2);
    for (const secret of [...SECRETS, 'third@example.com']) {
      assert.ok(!textOf(messages).includes(secret), `${secret} came through`);
      assert.ok(!JSON.stringify(gate.audit).includes(secret), `${secret} stands in the evidence`);
    }
  });

  it('P3 a job that may write, an agent held to reading by its glob, and its own agent that asks to write: refused, by all three links', async () => {
    const job = { principal: 'someone', duty: 'tester', executable: '', started: STARTED, keyThumbprint: 'A'.repeat(43) };
    const chain = LinkChain.ofSession(sessionChain([job]));
    const entries: AuditEntry[] = [{ ...sessionEntry('s', newKey(), newKey()).entry, chain: [job] }, commandEntry('1')];
    const agent: SeenProcess = { pid: 7, parent: 1, name: 'agent', executable: '/usr/bin/agent', arguments: [], folder: null };
    const watch = new AgentWatch({
      ...{ link: '1', chain, roots: [1], network: '1', right: gate.right, clock: { nowMs: () => 0, monotonicMicros: () => 0 } },
      agents: [{ id: 'agents[0]', match: ['**/agent'], duty: gate.duty('reader'), sticky: 'cage', workspace: 'write' as const }],
      sticky: new Map(),
      launchers: new Set(),
      audit: { append: (entry) => void entries.push(entry) },
      look: () => ({ kind: 'seen', processes: [agent], holders: [7] }),
    });
    assert.ok(watch.admits({ remoteAddress: '10.0.0.1', remotePort: 1, localAddress: '198.18.1.1', localPort: 5432 }));
    const asked = { link: '2', principal: 'someone', duty: 'writer', executable: '/usr/bin/agent', started: STARTED, keyThumbprint: null };
    const [right, whole] = [gate.right.child(gate.duty('writer')), chain.child(delegatedLink(asked)).links()];
    entries.push({ kind: 'delegation', parent: '1', ...asked, duties: dutyNames(right.current()), chainSha256: chainDigest(whole) });
    entries.push(commandEntry('2'));
    const inner = await gate.another('2', right);
    const innermost = await RawClient.start(inner);
    innermost.send(simple(INSERT), simple('SELECT 1 FROM orders WHERE id = 1'));
    assert.equal(summary(await innermost.until('Z', 2)), 'E:42501 Z:I T D C Z:I');
    const [refused] = inner.decisions();
    assert.deepEqual([refused?.link, refused?.duty, refused?.outcome], ['2', 'tester & reader & writer', 'deny']);
    assert.match(refused?.reasons.join() ?? '', /no rule of duty "reader" allows insert on public\.orders/);
    assert.deepEqual(
      whole.map(({ link, duty }) => `${link} ${duty}`),
      ['job tester', '1-1 reader', '2 writer'],
    );
    const rules = new EntryRules(NO_KEYS);
    for (const [n, entry] of [...entries, ...inner.audit].entries()) {
      const read = readEntry(JSON.parse(JSON.stringify(entry)));
      assert.ok('known' in read, JSON.stringify(read));
      assert.equal(rules.take({ n, at: STARTED, prev: '' }, read), null, entry.kind);
    }
    innermost.close();
    await inner.stop();
  });

  it('P3 a child that was started before its parent was narrowed is narrowed with it', async () => {
    const parent = Narrowing.ofSession(gate.duty('writer'));
    const inner = await gate.another('2', parent.child(gate.duty('writer')));
    const within = await RawClient.start(inner);
    within.send(prepare('p', INSERT), SYNC);
    await within.until('Z');
    parent.narrow(gate.duty('reader'));
    within.send(bind('', 'p'), execute(''), SYNC, simple(INSERT));
    assert.equal(summary(await within.until('Z', 2)), 'E:42501 Z:I E:42501 Z:I');
    within.close();
    await inner.stop();
  });
});
