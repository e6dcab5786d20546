import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { AuditFile } from '#adapters/files/audit-file.ts';
import { openBundle } from '#adapters/files/bundle.ts';
import { createCheckpoints } from '#adapters/files/checkpoints.ts';
import type { Checkpoint } from '#core/audit/checkpoint.ts';
import { LOG_CHECKPOINTS_MAX, LogCheck, LogScan } from '#core/verify/log-check.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { commandEntry, newKey, POLICY_TEXT, sessionEntry, steppingClock } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { type BundleFiles, loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

const evidenceKey = newKey();
const clientKey = newKey();
let shown: readonly string[];
let files: BundleFiles;

/** A bundle of so many commands, and what a log would show of it. */
function make(parent: string, links: readonly string[], session = 's'): { audit: AuditFile; shown: string[] } {
  const { entry, token } = sessionEntry(session, clientKey, evidenceKey);
  const { folder, audit } = openBundle({ parent, session, policy: Buffer.from(POLICY_TEXT), token, clock: steppingClock() });
  const checkpoints = createCheckpoints(audit, session, evidenceKey);
  audit.append(entry);
  const texts = links.map((link) => {
    audit.append(commandEntry(link));
    return checkpoints.enter() ?? '';
  });
  audit.close();
  folder.close();
  return { audit, shown: texts };
}

before(() => {
  const parent = mkdtempSync(join(tmpdir(), 'duty-gate-test-'));
  shown = make(parent, ['a', 'b', 'c']).shown;
  files = loadBundle(join(parent, 's'));
  rmSync(parent, { recursive: true });
});

function scan(text: string, pieceBytes = 1 << 20): readonly Checkpoint[] {
  const log = new LogScan();
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += pieceBytes) log.push(bytes.subarray(from, from + pieceBytes));
  return log.end();
}

const LOG = () => shown.map((text, n) => `2026-01-02T03:04:0${n}Z duty-gate: checkpoint ${text}`).join('\r\n');

test('LogScan finds checkpoints in lines of any kind, whatever the pieces', () => {
  for (const pieceBytes of [1, 7, 1000]) assert.equal(scan(`noise\n${LOG()}`, pieceBytes).length, 3);
  assert.equal(scan(`${'x'.repeat(3_000_000)}\n${LOG()}`, 100_000).length, 3);
  const flooded = new LogScan();
  flooded.push(Buffer.from(`${shown[0]}\n`.repeat(LOG_CHECKPOINTS_MAX)));
  assert.deepEqual([flooded.found.length, flooded.isTooMuch], [LOG_CHECKPOINTS_MAX, false]);
  flooded.push(Buffer.from(`${shown[0]}\n`));
  assert.deepEqual([flooded.end().length, flooded.isTooMuch], [LOG_CHECKPOINTS_MAX, true]);
});

test('verifyBundle() holds the chain against what the log shows (R36)', async () => {
  const found = await verifyBundle(memoryReader(files), { log: scan(LOG()) });
  assert.deepEqual([found.verdict, found.signed], ['unsealed', 6]);
  assert.match(found.notes.join(), /shows 3 checkpoints of this session/);
  const none = await verifyBundle(memoryReader(files), { log: scan('nothing') });
  assert.match(none.notes.join(), /shows no checkpoint/);
});

test('verifyBundle() finds an end that was taken away, and a chain that was written anew with the same key', async (t) => {
  const audit = `${files.get('audit.jsonl')}`.split('\n');
  const cut = new Map([...files, ['audit.jsonl', Buffer.from(`${audit.slice(0, 4).join('\n')}\n`)] as const]);
  assert.equal((await verifyBundle(memoryReader(cut))).verdict, 'unsealed');
  const found = await verifyBundle(memoryReader(cut), { log: scan(LOG()) });
  assert.deepEqual([found.verdict, found.problems[0]?.code], ['broken', 'checkpoint']);

  const parent = temporaryFolder(t);
  make(parent, ['a', 'other', 'c']);
  const anew = loadBundle(join(parent, 's'));
  assert.equal((await verifyBundle(memoryReader(anew))).verdict, 'unsealed');
  const rewritten = await verifyBundle(memoryReader(anew), { log: scan(LOG()) });
  assert.deepEqual([rewritten.verdict, rewritten.problems[0]?.where], ['broken', 'audit.jsonl entry 3']);
});

test('verifyBundle() takes nobody else for the evidence key: look-alikes in a log do no harm', async (t) => {
  const parent = temporaryFolder(t);
  const foreign = make(parent, ['x'], 'another').shown[0] ?? '';
  const [first = ''] = shown;
  const [version, session, entries, last, key, sig] = first.split('.');
  const lies = [
    foreign,
    [version, session, entries, 'A'.repeat(43), key, sig].join('.'),
    [version, session, '9', last, key, sig].join('.'),
    [version, session, entries, last, 'A'.repeat(43), sig].join('.'),
    [version, session, entries, last, key, 'A'.repeat(86)].join('.'),
    [version, 'another', entries, last, key, sig].join('.'),
  ];
  const found = await verifyBundle(memoryReader(files), { log: scan(lies.join('\n')) });
  assert.deepEqual([found.verdict, found.problems], ['unsealed', []]);
  assert.match(found.notes.join(), /shows no checkpoint/);
});

test('LogCheck takes a chain that is shown with two ends for neither', () => {
  const made = sessionEntry('s', clientKey, evidenceKey).entry;
  const log = new LogCheck(scan(LOG()));
  log.begin({ ...made, claims: { ...made.claims }, chain: [...made.chain] });
  assert.deepEqual([log.genuine, log.missing, log.isLine(2, '0'.repeat(64)), log.isLine(3, '0'.repeat(64))], [3, 6, false, true]);
});
