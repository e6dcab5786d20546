import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainLine, EMPTY_CHAIN } from '#core/audit/chain.ts';
import type { AuditEntry, EgressEntry } from '#core/audit/entry.ts';
import { describeOperation, STATEMENT_CHARS_MAX } from '#core/verify/operations-page.ts';
import { operationEntries } from '#test/fixtures/bundle.ts';

const describe = (entry: AuditEntry): string | null =>
  describeOperation(Buffer.from(chainLine(EMPTY_CHAIN, '2026-01-02T03:04:05.678Z', entry).line));

test('describeOperation() tells each operation in a line', () => {
  assert.deepEqual(operationEntries().map(describe), [
    '2026-01-02T03:04:05.678Z  connection  opened to orders-db  [c1]',
    '2026-01-02T03:04:05.678Z  allow       orders-db as reader: SELECT * FROM orders  [d1]',
    '2026-01-02T03:04:05.678Z    ok        2 rows, 120 bytes, 3 masked, 950 µs  [d1]',
    '2026-01-02T03:04:05.678Z  deny        orders-db as reader: DROP TABLE orders (nothing-allows)  [d2]',
    '2026-01-02T03:04:05.678Z  connection  closed to orders-db  [c1]',
  ]);
  assert.match(
    describe({ kind: 'command', link: '0', event: 'started', argv: ['a', 'b c'], exitCode: null, signal: null }) ?? '',
    /command {5}a b c$/,
  );
  assert.match(describe({ kind: 'command', link: '0', event: 'ended', argv: [], exitCode: 3, signal: null }) ?? '', /ended with 3$/);
  const egress: Omit<EgressEntry, 'event' | 'why'> = {
    ...{ kind: 'egress', link: '0', attempt: 'e1', host: 'a.example', port: 443, rule: 'egress.allow[0]', protocol: 'tls' },
    ...{ seen: 'b.example', address: '1.1.1.1', sent: 3, received: 4, durationMicros: 5, times: 1 },
  };
  for (const [more, words] of [
    [{ event: 'asked', attempt: '', port: null, seen: null, why: null }, /egress {6}asked for a\.example$/],
    [{ event: 'opened', why: null }, /egress {6}opened to a\.example:443 for b\.example at 1\.1\.1\.1 {2}\[e1\]$/],
    [{ event: 'closed', seen: null, why: null }, /egress {6}closed to a\.example:443 after 3 bytes out, 4 in {2}\[e1\]$/],
    [
      { event: 'refused', attempt: '', host: '', port: null, seen: null, why: 'w', times: 7 },
      /egress {6}refused to several: w \(7 times\)$/,
    ],
  ] as const)
    assert.match(describe({ ...egress, ...more }) ?? '', words);
  assert.equal(describe({ kind: 'seal', entries: 1, allowed: 0, refused: 0, masked: 0 }), null);
});

test('describeOperation() shortens statements and escapes what a terminal would act on (R37)', () => {
  const decision = operationEntries()[1];
  assert.ok(decision?.kind === 'decision');
  const words = describe({ ...decision, statement: `\x1b]0;t\x07${'x'.repeat(1000)}` }) ?? '';
  assert.match(words, /\\u001b\]0;t\\u0007x+… \(1006 characters\)/);
  assert.ok(words.length < STATEMENT_CHARS_MAX + 120);
});

test('describeOperation() passes over what is no entry', () => {
  for (const line of [
    '',
    '{',
    '{}',
    '[]',
    '{"at":1}',
    `{"at":"2026-01-02T03:04:05.678Z","entry":{"kind":"later"},"n":0,"prev":"${'0'.repeat(64)}","v":1}`,
  ])
    assert.equal(describeOperation(Buffer.from(line)), null);
  assert.equal(describeOperation(Buffer.from([0xff])), null);
});
