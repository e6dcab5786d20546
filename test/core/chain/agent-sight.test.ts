import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agentsIn, type CageSight, type SeenProcess, scriptsOf } from '#core/chain/agent-sight.ts';
import type { AgentRule } from '#core/policy/policy.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';

const rule = (id: number, ...match: readonly string[]): AgentRule => ({
  ...{ id: `agents[${id}]`, match, sticky: 'cage' as const, workspace: 'write' as const },
  duty: dutyNamed(`duty-${id}`),
});
const AGENT = rule(0, '**/agent', '**/agent.{js,py}');
const TOOL = rule(1, '/opt/tool/**');
const RULES = [AGENT, TOOL];

const SHELL: SeenProcess = {
  pid: 10,
  parent: 1,
  name: 'bash',
  executable: '/usr/bin/bash',
  arguments: ['bash', '-e', 'step.sh'],
  folder: '/work',
};
const program = (changes: Partial<SeenProcess>): SeenProcess => ({
  ...SHELL,
  pid: 11,
  parent: 10,
  arguments: ['x'],
  name: 'x',
  ...changes,
});
const seen = (...processes: readonly SeenProcess[]): CageSight => ({ kind: 'seen', processes: [SHELL, ...processes], holders: [10] });
const told = (sight: CageSight) => agentsIn(RULES, sight).map((agent) => [agent.rule.id, agent.proof]);

test('agentsIn() finds nothing where a shell runs a script', () => {
  assert.deepEqual(told(seen()), []);
});

const CASES: readonly (readonly [what: string, process: Partial<SeenProcess>, proof: string | null])[] = [
  ['a program at a path that is named', { executable: '/usr/local/bin/agent' }, 'executable'],
  ['one whose file was removed since', { executable: '/usr/local/bin/agent (deleted)' }, 'executable'],
  ['one that calls itself something else', { executable: '/usr/local/bin/agent', arguments: ['[kworker]'], name: 'kworker' }, 'executable'],
  ['a script of an interpreter', { executable: '/usr/bin/node', arguments: ['node', '/srv/agent.js'] }, 'script'],
  ['a script by a relative path', { executable: '/usr/bin/python3.12', arguments: ['python3', '-u', 'lib/../agent.py'] }, 'script'],
  [
    'a script behind an option with a value',
    { executable: '/usr/bin/node', arguments: ['node', '--require', 'x', './agent.js'] },
    'script',
  ],
  ['a script that a shell was given', { executable: '/usr/bin/bash', arguments: ['-bash', '/srv/agent'] }, 'script'],
  ['a module by name', { executable: '/usr/bin/python3', arguments: ['python3', '-m', 'agent'] }, 'script'],
  ['a link to a program elsewhere', { executable: '/usr/lib/a/cli', arguments: ['agent', '--print'] }, 'name'],
  ['a link by its whole path', { executable: '/usr/lib/a/cli', arguments: ['../bin/agent'] }, 'name'],
  ['a script whose interpreter shows another title', { executable: '/usr/bin/node', arguments: ['busy'], name: 'agent' }, 'name'],
  ['no argument of a script', { executable: '/usr/bin/bash', arguments: ['bash', 'step.sh', 'agent'] }, null],
  ['no argument of another program', { executable: '/usr/bin/cat', arguments: ['cat', '/usr/bin/agent'] }, null],
  ['no path that only contains the name', { executable: '/usr/bin/my-agent', name: 'my-agent' }, null],
];
for (const [what, process, proof] of CASES) {
  test(`agentsIn() ${proof === null ? 'takes for an agent' : 'finds'} ${what}`, () => {
    assert.deepEqual(told(seen(program(process))), proof === null ? [] : [['agents[0]', proof]]);
  });
}

test('R25 agentsIn() finds every rule that some process matches, each once, whoever holds the socket', () => {
  const sight = seen(
    program({ executable: '/usr/bin/node', arguments: ['node', '/srv/agent.js'] }),
    program({ pid: 12, parent: 11, executable: '/opt/tool/bin/run' }),
    program({ pid: 13, parent: 12, executable: '/usr/bin/agent' }),
  );
  assert.deepEqual(told(sight), [
    ['agents[0]', 'executable'],
    ['agents[1]', 'executable'],
  ]);
});

test('R21 agentsIn() takes a cage with a process that hides what it is for one with every agent', () => {
  const hidden = program({ executable: null, name: 'odd\u001b[2J' });
  const agents = agentsIn(RULES, seen(hidden));
  assert.deepEqual(
    agents.map(({ proof }) => proof),
    ['unproved', 'unproved'],
  );
  assert.equal(agents[0]?.proof === 'unproved' && agents[0].why, 'process 11 (odd?[2J) hides what it is');
  assert.deepEqual(told(seen(hidden, program({ pid: 12, executable: '/bin/agent' }))), [
    ['agents[0]', 'executable'],
    ['agents[1]', 'unproved'],
  ]);
});

test('agentsIn() takes a connection that nobody is seen to hold, and a cage that cannot be looked at, for every agent', () => {
  assert.deepEqual(told({ kind: 'seen', processes: [SHELL], holders: [] }), [
    ['agents[0]', 'unproved'],
    ['agents[1]', 'unproved'],
  ]);
  assert.equal(agentsIn(RULES, { kind: 'unclear', why: 'w' }).length, 2);
});

test('agentsIn() finds no less where more is seen, whatever it is', () => {
  const paths = fc.constantFrom('/usr/bin/agent', '/opt/tool/x', '/usr/bin/node', 'agent.js', '../agent', '-r', '', 'x y');
  const process = fc.record({
    ...{ pid: fc.integer({ min: 1, max: 9 }), parent: fc.nat(9), name: paths, folder: fc.option(fc.constant('/work')) },
    executable: fc.option(paths),
    arguments: fc.array(paths, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(process, { maxLength: 5 }), process, fc.array(fc.nat(9)), (processes, more, holders) => {
      const before = agentsIn(RULES, { kind: 'seen', processes, holders }).map(({ rule: { id } }) => id);
      const after = agentsIn(RULES, { kind: 'seen', processes: [...processes, more], holders }).map(({ rule: { id } }) => id);
      for (const id of before) assert.ok(after.includes(id));
    }),
  );
});

test('agentsIn() takes no launcher for the agent in whose place it stands, and whoever only looks like one for none', () => {
  const launchers = new Set(['/opt/bin/agent']);
  const told = (process: Partial<SeenProcess>) => agentsIn(RULES, seen(program(process)), launchers).map(({ rule: { id } }) => id);
  const bash = { executable: '/usr/bin/bash', name: 'agent', arguments: ['/bin/bash', '-p', '/opt/bin/agent', 'x'] };
  assert.deepEqual(told(bash), []);
  assert.deepEqual(told({ ...bash, arguments: ['/bin/bash', '-p', '../bin/agent'], folder: '/opt/lib' }), []);
  for (const other of [
    { ...bash, arguments: ['/bin/bash', '/opt/bin/agent'] },
    { ...bash, arguments: ['/bin/bash', '-p', '/opt/other/agent'] },
    { ...bash, executable: '/opt/bin/agent' },
    { ...bash, executable: '/usr/bin/node' },
  ]) {
    assert.deepEqual(told(other), ['agents[0]'], JSON.stringify(other));
  }
});

test('scriptsOf() tells what an interpreter is given to run', () => {
  assert.deepEqual(scriptsOf(['bash', '--noprofile', '--norc', '-eo', 'pipefail', '/tmp/step']), ['/tmp/step']);
  assert.deepEqual(scriptsOf(['/usr/bin/python3', '/srv/x.py', '/srv/data']), ['/srv/x.py']);
  assert.deepEqual(scriptsOf(['bash', './relative']), []);
  assert.deepEqual(scriptsOf(['psql', '-f', '/srv/x.sql']), []);
  assert.deepEqual(scriptsOf([]), []);
});
