import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { isCanonicalJson } from '#core/audit/canonical-json.ts';
import { chainEncoded, chainLine, EMPTY_CHAIN, GENESIS_PREV } from '#core/audit/chain.ts';
import { encodeEntry } from '#core/audit/encode-entry.ts';
import { operationEntries } from '#test/fixtures/bundle.ts';

const AT = '2026-01-02T03:04:05.678Z';

test('chainLine() names number and hash of the line before, from 64 zeros on', () => {
  let state = EMPTY_CHAIN;
  let prev = GENESIS_PREV;
  for (const [n, entry] of operationEntries().entries()) {
    const next = chainLine(state, AT, entry);
    const value = JSON.parse(next.line);
    assert.deepEqual(value, { at: AT, entry: JSON.parse(JSON.stringify(entry)), n, prev, v: 1 });
    assert.ok(isCanonicalJson(next.line, value));
    prev = createHash('sha256').update(next.line, 'utf8').digest('hex');
    assert.deepEqual(next.state, { entries: n + 1, last: prev });
    assert.deepEqual(chainEncoded(state, AT, encodeEntry(entry)), next);
    state = next.state;
  }
});

test('chainLine() hashes bytes, not characters', () => {
  const { line, state } = chainLine(EMPTY_CHAIN, AT, {
    kind: 'command',
    link: '0',
    event: 'started',
    argv: ['€ 😀'],
    exitCode: null,
    signal: null,
  });
  assert.equal(state.last, createHash('sha256').update(Buffer.from(line, 'utf8')).digest('hex'));
});
