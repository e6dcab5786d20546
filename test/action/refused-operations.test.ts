import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REFUSED_KEPT_MAX, readRefused } from '#action/refused-operations.ts';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import type { BundleReader } from '#core/verify/bundle-reader.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const refused = (n: number): AuditEntry => ({
  ...{
    kind: 'decision',
    decision: `r${n}`,
    connection: 'c1',
    link: '1',
    target: 'orders-db',
    duty: 'reader',
    outcome: 'unjudgeable',
    rules: [],
  },
  ...{ pairs: [], reasons: ['too large'.repeat(1000)], statement: `DROP ${n} ${'x'.repeat(10_000)}`, parameters: [] },
});

/** A reader of one file, in pieces of any size. */
function audit(text: string, pieceBytes = 7): BundleReader {
  const bytes = Buffer.from(text);
  return {
    members: async () => [{ path: 'audit.jsonl', kind: 'file', bytes: bytes.length }],
    async *read() {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
  };
}

test('readRefused() finds what was refused, however it was, and nothing that was allowed', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t));
  const { first, count } = await readRefused(openBundleFolder(path));
  assert.equal(count, 1);
  assert.deepEqual(
    first.map(({ target, statement, reasons }) => ({ target, statement, reasons })),
    [{ target: 'orders-db', statement: 'DROP TABLE orders', reasons: ['nothing-allows'] }],
  );
});

test('readRefused() counts all and keeps some, each cut', async (t) => {
  const more = Array.from({ length: 300 }, (_, index) => refused(index));
  const { path } = await makeBundle(temporaryFolder(t), { more });
  const { first, count } = await readRefused(openBundleFolder(path));
  assert.deepEqual([first.length, count], [REFUSED_KEPT_MAX, 301]);
  assert.ok(first.every(({ statement, reasons }) => statement.length <= 2000 && reasons.every((reason) => reason.length <= 2000)));
});

test('readRefused() passes over what is no entry', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t));
  const folder = openBundleFolder(path);
  let text = '';
  for await (const piece of folder.read('audit.jsonl', 1_000_000)) text += Buffer.from(piece).toString();
  const hostile = `{}\n[]\nnull\n\x00\n{"entry":{"kind":"decision"}}\n${text}not json\n${'['.repeat(100_000)}\n"torn`;
  assert.equal((await readRefused(audit(hostile, 4096))).count, 1);
  assert.equal((await readRefused(audit(''))).count, 0);
  assert.equal((await readRefused({ ...audit(''), members: async () => [] })).count, 0);
  assert.equal((await readRefused({ ...audit(text), members: async () => [{ path: 'audit.jsonl', kind: 'other', bytes: 9 }] })).count, 0);
});
