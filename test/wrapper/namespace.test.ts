import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cageCommand, enterCommand } from '#wrapper/namespace.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

const tools = { ...findTools(TOOL_FOLDERS), sudo: '/usr/bin/sudo' };

test('cageCommand() makes every namespace and dies with its parent, whichever the entrance', () => {
  for (const entrance of ['sudo', 'user-namespace'] as const) {
    const command = cageCommand(entrance, tools, { script: '/s/cage', folder: '/s', outlives: false });
    for (const word of ['--net', '--pid', '--mount', '--ipc', '--uts', '--fork', '--kill-child', '--pdeathsig'])
      assert.ok(command.includes(word), word);
    assert.equal(command.includes('--user'), entrance === 'user-namespace');
    assert.deepEqual(command.slice(-3), ['--noprofile', '/s/cage', '/s']);
    const lasting = cageCommand(entrance, tools, { script: '/s/cage', folder: '/s', outlives: true });
    assert.ok(!lasting.includes('--pdeathsig') && lasting.includes('--kill-child'));
  }
});

test('R22 cageCommand() calls its tools by absolute path, and clears the environment that sudo makes', () => {
  const command = cageCommand('sudo', tools, { script: '/s/cage', folder: '/s', outlives: false });
  assert.deepEqual(command.slice(0, 5), ['/usr/bin/sudo', '-n', '--', tools.env, '-i']);
  for (const tool of [tools.setpriv, tools.unshare, tools.bash]) assert.ok(command.includes(tool) && tool.startsWith('/'));
});

test('enterCommand() starts our own program by absolute path, through sudo with nothing in its environment', () => {
  const plan = { cage: { init: 7, network: '99' }, start: '/s/start', console: '/dev/pts/3', interactive: false };
  const words = ['/d/program', 'enter', '7', '99', '/s/start', '/dev/pts/3', '0'];
  assert.deepEqual(enterCommand('user-namespace', tools, '/d/program', plan), words);
  assert.deepEqual(enterCommand('sudo', tools, '/d/program', plan), ['/usr/bin/sudo', '-n', '--', tools.env, '-i', ...words]);
  assert.equal(enterCommand('sudo', tools, '/d/program', { ...plan, interactive: true }).at(-1), '1');
});
