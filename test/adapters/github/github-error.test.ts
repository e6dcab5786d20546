import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GithubError } from '#adapters/github/github-error.ts';

test('GithubError has a code, and keeps no other exception', () => {
  const error = new GithubError('not-found', 'why');
  assert.deepEqual([error.name, error.code, error.message, error.cause], ['GithubError', 'not-found', 'why', undefined]);
});
