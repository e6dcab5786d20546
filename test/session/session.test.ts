import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import { createGuard } from '#session/guard.ts';
import type { AuditResult } from '#session/ports.ts';
import { DutySession } from '#session/session.ts';

const DUTY = { name: 'reader', allow: [], deny: [], mask: [] };
const FACTS = {
  session: 'session-1',
  gateway: 'gateway-1',
  issuer: 'local',
  claims: { sub: 'somebody' },
  chain: [],
  policySha256: '0'.repeat(64),
  clientKey: 'client',
  evidenceKey: 'evidence',
  nonce: 'nonce',
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
  const clock = { nowMs: () => 0, monotonicMicros: () => 0 };
  const guard = createGuard({ duty: DUTY, audit, clock, ids: { next: () => 'id' } });
  return { entries, session: new DutySession({ facts: FACTS, duty: DUTY, guard, audit }) };
}

test('DutySession is open once its first entries are written (P1)', async () => {
  const { entries, session } = setUp();
  assert.equal(session.state, 'new');
  assert.throws(() => session.requireOpen(), { code: 'not-open' });
  const begun = session.begin(['psql', '-l']);
  assert.equal(session.state, 'new');
  await begun;
  assert.equal(session.state, 'open');
  session.requireOpen();
  assert.deepEqual(entries, [
    { kind: 'session', ...FACTS },
    { kind: 'command', event: 'started', argv: ['psql', '-l'], exitCode: null, signal: null },
  ]);
});

for (const failing of [0, 1]) {
  test(`DutySession does not open when entry ${failing} cannot be written (P2)`, async () => {
    const results: AuditResult[] = [{ ok: true }, { ok: true }];
    results[failing] = { ok: false, why: 'ENOSPC' };
    const { session } = setUp(results);
    await assert.rejects(session.begin(['true']), { code: 'unrecordable' });
    assert.equal(session.state, 'new');
  });
}

test('DutySession does not open when it was ended meanwhile', async () => {
  const { session } = setUp();
  const begun = session.begin(['true']);
  session.end();
  await assert.rejects(begun, { code: 'not-open' });
  assert.equal(session.state, 'ended');
});

test('DutySession closes once, and writes how the command ended', async () => {
  const { entries, session } = setUp();
  await session.begin(['true']);
  session.beginClosing();
  assert.throws(() => session.requireOpen(), { code: 'not-open' });
  assert.throws(() => session.beginClosing(), { code: 'not-open' });
  await session.commandEnded({ exitCode: null, signal: 'SIGTERM' });
  assert.deepEqual(entries.at(-1), { kind: 'command', event: 'ended', argv: ['true'], exitCode: null, signal: 'SIGTERM' });
  session.end();
  await session.ended;
  await assert.rejects(session.commandEnded({ exitCode: 0, signal: null }), { code: 'not-open' });
  await assert.rejects(session.begin(['true']), { code: 'not-open' });
});
