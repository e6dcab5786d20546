import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainLine, EMPTY_CHAIN, LINE_BYTES_MAX } from '#core/audit/chain.ts';
import { AuditCheck } from '#core/verify/audit-check.ts';
import { commandEntry, NO_KEYS, newKey, operationEntries, sessionEntry } from '#test/fixtures/bundle.ts';

const TIMES = ['2026-01-02T03:04:05.000Z', '2026-01-02T03:04:04.000Z', '2026-01-02T03:04:06.000Z'];

function chain(): readonly string[] {
  let state = EMPTY_CHAIN;
  return [sessionEntry('s', newKey(), newKey()).entry, commandEntry(), ...operationEntries()].map((entry, n) => {
    const next = chainLine(state, TIMES[Math.min(n, 2)] ?? '', entry);
    state = next.state;
    return next.line;
  });
}

function check(text: string): AuditCheck {
  const audit = new AuditCheck(NO_KEYS);
  audit.push(Buffer.from(text));
  return audit;
}

test('AuditCheck follows a chain, and notices a clock that goes back', () => {
  const audit = check(`${chain().join('\n')}\n`);
  assert.equal(audit.problem, null);
  assert.equal(audit.chain.entries, 7);
  assert.deepEqual(audit.times, { from: TIMES[0], to: TIMES[2], wentBack: 1 });
});

test('AuditCheck names the entry and what is wrong with it', () => {
  const [genesis = '', second = '', third = ''] = chain();
  const cases: readonly (readonly [RegExp, string])[] = [
    [/entry 0.*not JSON/, '\n'],
    [/entry 0.*not JSON/, '{"a":\n'],
    [/entry 0.*malformed/, '{}\n'],
    [/entry 0.*not canonical/, `${genesis.replace('{', '{ ')}\n`],
    [/entry 1.*missing/, `${genesis}\n${third}\n`],
    [/entry 1.*repeated/, `${genesis}\n${genesis}\n`],
    [/entry 1.*not follow/, `${genesis.replace('nonce-of', 'other-of')}\n${second}\n`],
    [/entry 0.*malformed/, `${genesis.replace('"v":1', '"v":2')}\n`],
    [/entry 1.*session entry: |entry 1.*malformed/, `${genesis}\n${second.replace('"event":"started"', '"event":"sneaked"')}\n`],
    [/entry 0.*kind command/, `${second.replace('"n":1', '"n":0').replace(/"prev":"[0-9a-f]+"/, `"prev":"${'0'.repeat(64)}"`)}\n`],
  ];
  for (const [expected, text] of cases) {
    const { problem } = check(text);
    assert.match(`${problem?.where}: ${problem?.what}`, expected);
  }
  const notUtf8 = new AuditCheck(NO_KEYS);
  notUtf8.push(Buffer.from([0xff, 0x0a]));
  assert.match(notUtf8.problem?.what ?? '', /UTF-8/);
});

test('AuditCheck stops at a line without end', () => {
  const audit = new AuditCheck(NO_KEYS);
  const piece = Buffer.alloc(1 << 20, 0x20);
  for (let bytes = 0; bytes <= LINE_BYTES_MAX; bytes += piece.length) audit.push(piece);
  assert.match(audit.problem?.what ?? '', /longer/);
});
