import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NONCES_MAX, Nonces } from '#gateway/nonces.ts';

function setUp() {
  let count = 0;
  return new Nonces(() => `nonce-${count++}`);
}

test('Nonces gives each once', () => {
  const nonces = setUp();
  const nonce = nonces.issue();
  assert.equal(
    nonces.take((candidate) => candidate === 'other'),
    null,
  );
  assert.equal(
    nonces.take((candidate) => candidate === nonce),
    nonce,
  );
  assert.equal(
    nonces.take((candidate) => candidate === nonce),
    null,
  );
});

test('Nonces forgets the oldest past its maximum', () => {
  const nonces = setUp();
  const issued = Array.from({ length: NONCES_MAX + 1 }, () => nonces.issue());
  const [oldest, second] = issued;
  assert.equal(
    nonces.take((candidate) => candidate === oldest),
    null,
  );
  assert.equal(
    nonces.take((candidate) => candidate === second),
    second,
  );
});
