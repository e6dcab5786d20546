import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import type { AuditResult } from '#session/ports.ts';
import { DutySession } from '#session/session.ts';
import { KEEPS } from '#test/fixtures/bundle.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';

const DUTY = dutyNamed('reader');
const FACTS = {
  session: 'session-1',
  gateway: 'gateway-1',
  issuer: 'local',
  claims: { sub: 'somebody' },
  chain: [],
  policySha256: '0'.repeat(64),
  policySource: null,
  clientKey: 'client',
  evidenceKey: 'evidence',
  nonce: 'nonce',
  keeps: KEEPS,
  confinement: 'confined',
} as const;

function setUp(results: AuditResult[] = []) {
  const entries: AuditEntry[] = [];
  const audit = {
    append(entry: AuditEntry, written?: (result: AuditResult) => void) {
      entries.push(entry);
      setImmediate(() => written?.(results.shift() ?? { ok: true }));
    },
  };
  return { entries, session: new DutySession({ facts: FACTS, duty: DUTY, audit }) };
}

test('DutySession is open once its first entry is written (P1)', async () => {
  const { entries, session } = setUp();
  assert.equal(session.state, 'new');
  assert.throws(() => session.requireOpen(), { code: 'not-open' });
  const begun = session.begin();
  assert.equal(session.state, 'new');
  await begun;
  assert.equal(session.state, 'open');
  session.requireOpen();
  assert.deepEqual(entries, [{ kind: 'session', ...FACTS }]);
});

test('DutySession does not open when its first entry cannot be written (P2)', async () => {
  const { session } = setUp([{ ok: false, why: 'ENOSPC' }]);
  await assert.rejects(session.begin(), { code: 'unrecordable' });
  assert.equal(session.state, 'new');
});

const COMMAND = { link: '1', argv: ['psql', '-l'] };

test('DutySession starts no command that it cannot record (P2)', async () => {
  const { session } = setUp([{ ok: true }, { ok: false, why: 'ENOSPC' }]);
  await assert.rejects(session.commandStarted(COMMAND), { code: 'not-open' });
  await session.begin();
  await assert.rejects(session.commandStarted(COMMAND), { code: 'unrecordable' });
});

test('DutySession starts no command when it was ended meanwhile', async () => {
  const { session } = setUp();
  await session.begin();
  const started = session.commandStarted(COMMAND);
  session.beginClosing();
  await assert.rejects(started, { code: 'not-open' });
});

test('DutySession writes the commands of its life, one by one', async () => {
  const { entries, session } = setUp();
  await session.begin();
  await session.commandStarted(COMMAND);
  await session.commandEnded(COMMAND, { exitCode: 3, signal: null });
  assert.deepEqual(entries.slice(1), [
    { kind: 'command', link: '1', event: 'started', argv: ['psql', '-l'], exitCode: null, signal: null },
    { kind: 'command', link: '1', event: 'ended', argv: ['psql', '-l'], exitCode: 3, signal: null },
  ]);
});

test('DutySession does not open when it was ended meanwhile', async () => {
  const { session } = setUp();
  const begun = session.begin();
  session.end();
  await assert.rejects(begun, { code: 'not-open' });
  assert.equal(session.state, 'ended');
});

test('DutySession closes once, and writes how its last command ended', async () => {
  const { entries, session } = setUp();
  await session.begin();
  session.beginClosing();
  assert.throws(() => session.requireOpen(), { code: 'not-open' });
  assert.throws(() => session.beginClosing(), { code: 'not-open' });
  await session.commandEnded(COMMAND, { exitCode: null, signal: 'SIGTERM' });
  assert.deepEqual(entries.at(-1), { kind: 'command', link: '1', event: 'ended', argv: ['psql', '-l'], exitCode: null, signal: 'SIGTERM' });
  session.end();
  await session.ended;
  await assert.rejects(session.commandEnded(COMMAND, { exitCode: 0, signal: null }), { code: 'not-open' });
  await assert.rejects(session.begin(), { code: 'not-open' });
});
