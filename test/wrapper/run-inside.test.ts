import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT_NOT_STARTED } from '#wrapper/exit-code.ts';
import { runInside } from '#wrapper/run-inside.ts';

test('runInside() runs nothing where no gateway is inside', async () => {
  assert.equal(await runInside({ duty: 'reader', agent: null, argv: ['true'] }), EXIT_NOT_STARTED);
});
