import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseEntrance } from '#wrapper/entrance.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

const tools = findTools(TOOL_FOLDERS);
const [yes, no] = [tools.true, '/bin/false'];

for (const [name, uid, sudo, unshare, entrance] of [
  ['sudo where it asks for no password', 1000, yes, no, 'sudo'],
  ['user namespaces where sudo does ask', 1000, no, yes, 'user-namespace'],
  ['user namespaces where there is no sudo', 1000, null, yes, 'user-namespace'],
  ['user namespaces for the superuser', 0, yes, yes, 'user-namespace'],
] as const) {
  test(`chooseEntrance() takes ${name}`, async () => assert.equal(await chooseEntrance({ ...tools, sudo, unshare }, uid), entrance));
}

for (const [uid, sudo, message] of [
  [1000, null, /sudo is not installed, user namespaces are forbidden here/],
  [1000, no, /sudo asks for a password, user namespaces are forbidden here/],
  [0, yes, /cage: user namespaces are forbidden here/],
] as const) {
  test(`W-con-1 chooseEntrance() refuses for ${uid} with sudo ${sudo}`, async () => {
    await assert.rejects(chooseEntrance({ ...tools, sudo, unshare: no }, uid), { code: 'no-entrance', message });
  });
}

test('chooseEntrance() takes a tool that cannot be started for one that fails', async () => {
  await assert.rejects(chooseEntrance({ ...tools, sudo: '/no/such', unshare: '/no/such' }, 1000), { code: 'no-entrance' });
});
