import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AuditFile, QUEUE_CHARS_MAX, QUEUE_ENTRIES_MAX } from '#adapters/files/audit-file.ts';
import { LINE_BYTES_MAX } from '#core/audit/chain.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { AuditCheck } from '#core/verify/audit-check.ts';
import type { AuditResult } from '#session/ports.ts';
import { NO_KEYS, newKey, operationEntries, sessionEntry, steppingClock } from '#test/fixtures/bundle.ts';
import { fakeWriter } from '#test/fixtures/fake-writer.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const GENESIS = sessionEntry('s', newKey(), newKey()).entry;
const command = (argv: readonly string[]): AuditEntry => ({
  kind: 'command',
  link: '0',
  event: 'started',
  argv,
  exitCode: null,
  signal: null,
});

test('AuditFile chains what it is given, in one write a turn, and answers in order afterwards (R37)', async () => {
  const writer = fakeWriter();
  const audit = new AuditFile(() => writer, steppingClock());
  const answers: string[] = [];
  const entries = [GENESIS, command(['true']), ...operationEntries()];
  for (const [index, entry] of entries.entries())
    audit.append(entry, (result) => answers.push(`${index} ${result.ok} ${writer.writes.length}`));
  assert.deepEqual(answers, []);
  await nextTurn();
  assert.deepEqual(
    answers,
    entries.map((_, index) => `${index} true 1`),
  );
  assert.deepEqual(audit.counts, { entries: entries.length, allowed: 1, refused: 1, masked: 3 });

  audit.append({ kind: 'command', link: '0', event: 'ended', argv: ['later'], exitCode: 0, signal: null });
  const end = audit.close();
  assert.deepEqual([end.failure, end.entries, writer.synced, writer.closed], [null, entries.length + 1, 1, true]);
  assert.deepEqual(end.digests, [{ path: 'audit.jsonl', bytes: writer.content().length, sha256: sha256Hex(writer.content()) }]);
  const check = new AuditCheck(NO_KEYS);
  check.push(writer.content());
  assert.equal(check.problem, null);
  assert.deepEqual(check.chain, { entries: end.entries, first: end.first, last: end.last });
  assert.deepEqual(audit.head, { entries: end.entries, last: end.last });
});

test('AuditFile goes on after partial writes', () => {
  const writer = fakeWriter({ piece: 7 });
  const audit = new AuditFile(() => writer, steppingClock());
  for (const entry of [GENESIS, command(['true']), ...operationEntries()]) audit.append(entry);
  assert.equal(audit.close().failure, null);
  const check = new AuditCheck(NO_KEYS);
  check.push(writer.content());
  assert.equal(check.problem, null);
  assert.equal(check.tornBytes, 0);
});

test('AuditFile reports nothing as written after a failed write, for good (P2, W-evi-2)', async () => {
  for (const code of ['ENOSPC', 'EIO']) {
    const writer = fakeWriter({ room: 1500, code });
    const audit = new AuditFile(() => writer, steppingClock());
    const results: AuditResult[] = [];
    audit.append(GENESIS, (result) => results.push(result));
    await nextTurn();
    audit.append(command(['x'.repeat(3000)]), (result) => results.push(result));
    audit.append(command(['small']), (result) => results.push(result));
    await nextTurn();
    audit.append(command(['small']), (result) => results.push(result));
    assert.equal(results.length, 3);
    await nextTurn();
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, false, false, false],
    );
    assert.match(JSON.stringify(results), new RegExp(code));
    assert.match(audit.close().failure ?? '', new RegExp(code));
    const check = new AuditCheck(NO_KEYS);
    check.push(writer.content());
    assert.deepEqual([check.problem, check.chain.entries, check.tornBytes > 0], [null, 1, true]);
  }
});

test('AuditFile fails for good on an entry that has no form or is too long, and keeps those before it', async () => {
  for (const bad of [command(['\ud800']), command(['x'.repeat(LINE_BYTES_MAX)]), command(['€'.repeat(LINE_BYTES_MAX / 3)])]) {
    const writer = fakeWriter();
    const audit = new AuditFile(() => writer, steppingClock());
    const oks: boolean[] = [];
    for (const entry of [GENESIS, bad, command(['after'])]) audit.append(entry, ({ ok }) => oks.push(ok));
    await nextTurn();
    assert.deepEqual(oks, [true, false, false]);
    assert.equal(audit.head.entries, 1);
  }
});

test('AuditFile bounds what waits, in entries and in characters', async () => {
  const many = new AuditFile(() => fakeWriter(), steppingClock());
  let failed = 0;
  for (let index = 0; index <= QUEUE_ENTRIES_MAX; index += 1) many.append(GENESIS, ({ ok }) => (failed += ok ? 0 : 1));
  await nextTurn();
  assert.equal(failed, 1);

  const large = new AuditFile(() => fakeWriter(), steppingClock());
  const oks: boolean[] = [];
  for (let chars = 0; chars < QUEUE_CHARS_MAX; chars += LINE_BYTES_MAX / 2)
    large.append(command(['x'.repeat(LINE_BYTES_MAX / 2)]), ({ ok }) => oks.push(ok));
  await nextTurn();
  assert.deepEqual(oks.slice(-2), [true, false]);
});

test('AuditFile takes nothing after fail(), sync() that failed, or close()', async () => {
  const failed = new AuditFile(() => fakeWriter(), steppingClock());
  failed.fail('the recording cannot be written');
  const unsynced = new AuditFile(() => fakeWriter({ syncFails: true }), steppingClock());
  assert.match(unsynced.sync() ?? '', /EIO/);
  const closed = new AuditFile(() => fakeWriter(), steppingClock());
  closed.close();
  for (const audit of [failed, unsynced, closed]) {
    const results: AuditResult[] = [];
    audit.append(GENESIS, (result) => results.push(result));
    await nextTurn();
    assert.equal(results[0]?.ok, false);
    assert.notEqual(audit.failure, null);
  }
});

test('AuditFile closes the file it has when the next one cannot be made', () => {
  const writer = fakeWriter();
  const open = (path: string) => {
    if (path === 'audit.jsonl') return writer;
    throw Object.assign(new Error('no more files'), { code: 'ENOSPC' });
  };
  const audit = new AuditFile(open, steppingClock(), 1);
  audit.append(GENESIS);
  audit.flush();
  audit.append(command(['true']));
  const end = audit.close();
  assert.match(end.failure ?? '', /the disk is full \(ENOSPC\)/);
  assert.deepEqual([end.entries, end.digests.length, writer.closed], [1, 1, true]);
});

test('AuditFile takes appends from within answers', async () => {
  const audit = new AuditFile(() => fakeWriter(), steppingClock());
  const order: string[] = [];
  audit.append(GENESIS, () => {
    order.push('genesis');
    audit.append(command(['inner']), () => order.push('inner'));
    order.push('appended');
  });
  await nextTurn();
  await nextTurn();
  assert.deepEqual(order, ['genesis', 'appended', 'inner']);
});

/** A process that appends for ever and prints the number of each entry that was reported as written. */
const APPENDER = `
import { openBundle } from '#adapters/files/bundle.ts';
import { newKey, POLICY_TEXT, sessionEntry, steppingClock } from '#test/fixtures/bundle.ts';
import { writeSync } from 'node:fs';
const { entry, token } = sessionEntry('killed', newKey(), newKey());
const { audit } = openBundle({ parent: process.argv[1], session: 'killed', policy: Buffer.from(POLICY_TEXT), token, clock: steppingClock() });
audit.append(entry);
const more = (n) => audit.append({ kind: 'command', link: String(n), event: 'started', argv: [String(n)], exitCode: null, signal: null }, () => { writeSync(1, n + '\\n'); more(n + 1); });
more(1);
`;

test('AuditFile has on the disk all that it reported as written when the process is killed (R37, W-evi-2)', async (t) => {
  const parent = temporaryFolder(t);
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', APPENDER, parent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let reported = '';
  for await (const piece of child.stdout) {
    reported += piece;
    if (reported.length > 500) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  assert.equal(child.signalCode, 'SIGKILL');
  const last = Number(reported.trimEnd().split('\n').at(-1));
  const check = new AuditCheck(NO_KEYS);
  check.push(readFileSync(join(parent, 'killed', 'audit.jsonl')));
  assert.equal(check.problem, null);
  assert.ok(last > 50 && check.chain.entries >= last + 1, `${check.chain.entries} entries, ${last} reported`);
});
