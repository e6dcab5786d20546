import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { entriesOf, POLICY, verify } from '#test/gateway/harness.ts';
import { openJob, scriptIn } from './job-session.ts';
import { type TestUser, testUsers } from './users.ts';

const ROBOT = `#!/bin/bash
echo "robot $0 $* $(readlink /proc/self/ns/net)"
duty-gate whoami --json
(echo changed >>"$STEP") 2>/dev/null && echo "changed the step" || echo "the step stays"
(mv "$STEP" "$STEP.old" || rm -f "$STEP") 2>/dev/null && echo "moved the step"
(echo x >in-workspace) 2>/dev/null && echo wrote || echo "wrote nothing"
[[ $1 != again ]] || robot once
exit 7
`;

/** A job with `robot` on its PATH, by a link, as package managers install programs; the policy holds it to `clerk`. */
async function makeJob(t: TestContext, user: TestUser | null, rule = '') {
  const agents = `agents:\n  - { match: "**/robot", duty: clerk${rule} }\n`;
  const duties = '  clerk:\n    allow: [ { on: orders-db, effects: [read, insert] } ]\nbindings:';
  const job = await openJob(t, user, `${POLICY.replace('bindings:', duties)}${agents}`);
  const tools = join(job.workspace, '..', 'tools');
  for (const folder of [tools, join(tools, 'lib')]) mkdirSync(folder, { mode: 0o755 });
  writeFileSync(join(tools, 'lib/robot.sh'), ROBOT);
  chmodSync(join(tools, 'lib/robot.sh'), 0o755);
  symlinkSync('lib/robot.sh', join(tools, 'robot'));
  const run = (text: string) => {
    const step = scriptIn(job.workspace, text);
    return job.run(['shell', step], { PATH: `${tools}:${process.env['PATH']}`, STEP: step });
  };
  return { ...job, tools, run };
}

for (const user of testUsers()) {
  test(`R26 an agent on the PATH of ${user.label} is started in a cage of its own, and what started it keeps its right`, async (t) => {
    const { run, session, tools, workspace } = await makeJob(t, user);
    const { status, stdout, stderr } = run('readlink /proc/self/ns/net; robot "a b" again || echo $?; duty-gate whoami --json; echo end');
    assert.equal(status, 0, stderr);
    const [outer, said, whoami = '', ...more] = stdout.trim().split('\n');
    assert.match(said ?? '', new RegExp(`^robot ${tools}/robot a b again net:`));
    assert.notEqual(said?.split(' ').at(-1), outer);
    assert.deepEqual(
      JSON.parse(whoami).chain.map(({ link, duty }: { link: string; duty: string }) => [link, duty]),
      [
        ['job', 'reader'],
        ['2', 'clerk'],
      ],
    );
    assert.deepEqual(more.slice(0, 3), ['the step stays', 'wrote', '7'], stderr);
    const later = JSON.parse(more.at(-2) ?? '');
    assert.deepEqual([later.chain.length, later.duties.length], [1, 1]);
    assert.equal(readFileSync(join(workspace, 'in-workspace'), 'utf8'), 'x\n');
    const { evidence } = await session.close();
    const [delegation] = entriesOf(evidence).filter(({ kind }) => kind === 'delegation');
    assert.deepEqual([delegation?.parent, delegation?.duty, delegation?.executable], ['cage-1', 'clerk', `${tools}/robot`]);
    const { code, page } = await verify(evidence, '--allow-local');
    assert.equal(code, 0, page);
  });

  test(`R26 an agent of ${user.label} that may only read the workspace writes nothing there`, async (t) => {
    const { run } = await makeJob(t, user, ', workspace: read');
    const { stdout, stderr } = run('mkdir -p deep; robot once || true; echo mine >in-workspace && cat in-workspace');
    assert.match(stdout, /the step stays\r?\nwrote nothing\r?\nmine\r?\n/, stderr);
  });
}

test('an agent’s agents are of its own cage, where it is itself', async (t) => {
  const { run } = await makeJob(t, null);
  const { stdout, stderr } = run('robot again || true');
  const networks = [...stdout.matchAll(/^robot .* (net:\S+)/gm)].map(([, network]) => network);
  assert.deepEqual([networks.length, new Set(networks).size], [2, 1], stderr);
});

test('R25 an agent that is run by another path is found as before', async (t) => {
  const { run, tools } = await makeJob(t, null);
  const { stdout, stderr } = run(
    `cp ${tools}/lib/robot.sh robot 2>/dev/null; cp /bin/bash ./robot; ./robot -c 'duty-gate whoami --json; :'; true`,
  );
  const whoami = stdout.split('\n').find((line) => line.startsWith('{')) ?? '{}';
  assert.deepEqual(JSON.parse(whoami).duties?.length, 2, stdout + stderr);
});

test('a step that has an agent of the policy’s on its PATH goes on without it as before', async (t) => {
  const { run, tools } = await makeJob(t, null);
  const { stdout, stderr } = run(
    `command -v robot; head -1 ${tools}/lib/robot.sh; (echo x >${tools}/lib/robot.sh) 2>/dev/null || echo closed`,
  );
  assert.deepEqual(stdout.trim().split(/\r?\n/), [`${tools}/robot`, '#!/bin/bash -p', 'closed'], stderr);
});

test('R26 the step’s script is closed to an agent by whatever path the step was given it', async (t) => {
  const { workspace, tools, run: _, ...job } = await makeJob(t, null);
  const step = scriptIn(workspace, 'robot once || true');
  symlinkSync(workspace, join(tools, 'by-link'));
  const given = join(tools, 'by-link/script');
  const { stdout, stderr } = await job.start(['shell', given], { PATH: `${tools}:${process.env['PATH']}`, STEP: step }).ended;
  assert.match(stdout, /the step stays/, stderr);
});
