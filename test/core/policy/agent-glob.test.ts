import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentGlobFault, agentPathTest, PATH_CHARACTERS_MAX } from '#core/policy/agent-glob.ts';

const MATCHES: readonly (readonly [glob: string, path: string, matches: boolean])[] = [
  ['**/agent', '/usr/bin/agent', true],
  ['**/agent', '/agent', true],
  ['**/agent', 'agent', true],
  ['**/agent', '/home/me/.local/bin/agent', true],
  ['**/agent', '/usr/bin/Agent', false],
  ['**/agent', '/usr/bin/agent2', false],
  ['**/agent/**', '/opt/agent/lib/cli.js', true],
  ['/usr/*/agent', '/usr/bin/agent', true],
  ['/usr/*/agent', '/usr/local/bin/agent', false],
  ['{/usr,/opt}/bin/agent', '/opt/bin/agent', true],
  ['**/agent', `/${'x'.repeat(PATH_CHARACTERS_MAX)}/agent`, false],
];
for (const [glob, path, matches] of MATCHES) {
  test(`agentPathTest() of ${glob} ${matches ? 'matches' : 'does not match'} ${path.slice(0, 40)}`, () => {
    assert.equal(agentPathTest(glob)(path), matches);
  });
}

test('agentGlobFault() refuses what can match no program, and what would take something away', () => {
  for (const glob of ['**/agent', '/usr/bin/*', '{/a,/b}']) assert.equal(agentGlobFault(glob), null, glob);
  for (const glob of ['agent', '*agent', '**agent', '!**/agent', './agent', ' /x', '/x\u0000'])
    assert.notEqual(agentGlobFault(glob), null, glob);
});
