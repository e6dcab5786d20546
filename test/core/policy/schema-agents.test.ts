import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGENT_RULES_MAX } from '#core/policy/schema-agents.ts';
import { policyOf, problemsOf, withDuty } from './build.ts';

const withAgents = (yaml: string) => `${withDuty('{ allow: [ { on: db } ] }')}agents: ${yaml}\n`;

test('agents become rules with their duties', () => {
  const policy = policyOf(
    withAgents('[ { match: "**/a", duty: d }, { match: [ "/b", "**/c" ], duty: d, workspace: read, sticky: cage } ]'),
  );
  assert.deepEqual(
    policy.agents.map(({ id, match, duty }) => [id, match, duty]),
    [
      ['agents[0]', ['**/a'], policy.duties.get('d')],
      ['agents[1]', ['/b', '**/c'], policy.duties.get('d')],
    ],
  );
  assert.deepEqual(policyOf(withDuty('{ allow: [ { on: db } ] }')).agents, []);
});

const BROKEN: readonly (readonly [yaml: string, path: string, message: RegExp])[] = [
  ['[]', 'agents', /is empty/],
  ['[ { match: "**/a" } ]', 'agents[0].duty', /is missing/],
  ['[ { duty: d } ]', 'agents[0].match', /is missing/],
  ['[ { match: "**/a", duty: x } ]', 'agents[0].duty', /defined nowhere/],
  ['[ { match: agent, duty: d } ]', 'agents[0].match', /can never match/],
  ['[ { match: "!**/a", duty: d } ]', 'agents[0].match', /only narrows/],
  ['[ { match: [], duty: d } ]', 'agents[0].match', /is empty/],
  ['[ { match: "**/a", duty: d, workspace: none } ]', 'agents[0].workspace', /./],
  ['[ { match: "**/a", duty: d, sticky: week } ]', 'agents[0].sticky', /./],
  ['[ { match: "**/a", duty: d, stiky: cage } ]', 'agents[0].stiky', /did you mean "sticky"/],
  [`[ ${'{ match: "**/a", duty: d }, '.repeat(AGENT_RULES_MAX + 1)} ]`, 'agents', /too long/],
];
for (const [yaml, path, message] of BROKEN) {
  test(`agents refuse ${yaml.slice(0, 60)}`, () => {
    const [problem, ...more] = problemsOf(withAgents(yaml));
    assert.deepEqual([problem?.path, more.length], [path, 0]);
    assert.match(problem?.message ?? '', message);
  });
}
