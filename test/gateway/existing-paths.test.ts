import assert from 'node:assert/strict';
import { test } from 'node:test';
import { existingPaths } from '#gateway/existing-paths.ts';

test('existingPaths() gives what is there, from the home where it says so', () => {
  const paths = ['/etc/passwd', '/no/such', '~/passwd', '~/no-such', '~user/x'];
  assert.deepEqual(existingPaths(paths, '/etc'), ['/etc/passwd', '/etc/passwd']);
});
