import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerSettings, ownId } from '#wrapper/caller-settings.ts';

test('callerSettings() says who we are, with what umask and limits, and keeps what it was given', () => {
  const settings = callerSettings({ console: '/dev/pts/9' });
  assert.deepEqual([settings.uid, settings.gid, settings.console], [process.getuid?.(), process.getgid?.(), '/dev/pts/9']);
  assert.equal(settings.umask, process.umask());
  assert.ok(settings.limits.some((limit) => /^nofile=\d+:\d+$/.test(limit)));
});

test('ownId() refuses where there are no ids', () => {
  assert.equal(
    ownId(() => 7),
    7,
  );
  assert.throws(() => ownId(undefined), { code: 'set-up', message: /expected Linux/ });
});
