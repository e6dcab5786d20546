import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enterNetworkCommand } from '#gateway/cage/cage-entry.ts';

test('enterNetworkCommand() enters by the pid, with the channel on descriptor 0 and nothing else in the environment', () => {
  const command = enterNetworkCommand(42, 'user-namespace', ['/node', 'helper']);
  assert.match(
    command.join(' '),
    /^\/\S+\/nsenter -t 42 -U -n --preserve-credentials -- \/\S+\/env -i NODE_CHANNEL_FD=0 NODE_CHANNEL_SERIALIZATION_MODE=json \/node helper$/,
  );
});

test('enterNetworkCommand() enters by the namespace, through sudo', () => {
  const command = enterNetworkCommand(42, 'sudo', ['/node', 'helper']);
  assert.match(command.join(' '), /^\/\S+\/sudo -n -- \/\S+\/nsenter --net=\/proc\/42\/ns\/net -- \/\S+\/env -i NODE_CHANNEL_FD=0 /);
});
