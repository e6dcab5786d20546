import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { entriesOf, POLICY, verify } from '#test/gateway/harness.ts';
import { openJob } from './job-session.ts';
import { removeAs } from './remove-as.ts';
import { testUsers } from './users.ts';

const shell = (text: string): readonly string[] => ['run', '--', 'bash', '--norc', '-c', text];

/** A server that goes on when its step has ended, and prints all the while. */
const server = (name: string): string => `
  python3 -uc '
import http.server, threading, time
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"served by ${name}")
server = http.server.HTTPServer(("127.0.0.1", 8123), Page)
threading.Thread(target=server.serve_forever).start()
open("up", "w").close()
while True: print("${name} is alive", "x" * 1000); time.sleep(0.002)' &
  until [[ -e up ]]; do sleep 0.05; done`;
const ask = 'python3 -c \'import urllib.request as u; print(u.urlopen("http://127.0.0.1:8123", timeout=5).read().decode())\'';

/** Processes of this machine that have that word among theirs. */
function processesWith(word: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && Number(pid) !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word);
    } catch {
      return false;
    }
  });
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let rounds = 0; !holds(); rounds++) {
    assert.ok(rounds < 200, `${what}, in ten seconds`);
    await delay(50);
  }
}

for (const user of testUsers()) {
  test(`one cage a job: ${user.label}'s server of one step serves the next, and the session's end is its end`, async (t) => {
    const { run, session, jobFolder } = await openJob(t, user);
    const word = `server-${user.name}-${process.pid}`;
    const first = run(shell(server(word)));
    assert.equal(first.status, 0, first.stderr);
    assert.match(first.stderr, /goes on in the job's cage/);
    await delay(300); // Longer than a terminal that nobody reads could take what it prints.
    const second = run(shell(ask));
    assert.deepEqual([second.status, second.stdout.trim()], [0, `served by ${word}`], second.stderr);
    assert.ok(processesWith(word).length > 0);
    const closed = await session.close();
    await until('nothing of it lives', () => processesWith(word).length === 0);
    const cages = entriesOf(closed.evidence).filter(({ kind }) => kind === 'cage' || kind === 'confinement');
    assert.deepEqual(
      cages.map(({ kind, cage, event, command, link }) => [kind, cage ?? link, event, command]),
      [
        ['cage', 'cage-1', 'made', '1'],
        ['confinement', 'cage-1', undefined, undefined],
        ['cage', 'cage-1', 'entered', '2'],
        ['cage', 'cage-1', 'ended', null],
      ],
    );
    const { code, page } = await verify(closed.evidence, '--allow-local');
    assert.equal(code, 0, page);
    // As the action does it, with what an overlay leaves behind.
    assert.deepEqual([removeAs(user, jobFolder), existsSync(jobFolder)], ['', false]);
  });
}

test('one cage a job: what is in it ends with its gateway, however that ends', async (t) => {
  const { run, gateway } = await openJob(t);
  const word = `server-orphan-${process.pid}`;
  assert.equal(run(shell(server(word))).status, 0);
  gateway.child.kill('SIGKILL');
  await until('nothing of it lives', () => processesWith(word).length === 0);
});

test('one cage a job: a command whose wrapper was killed takes the cage with it (P2), and the next command gets another', async (t) => {
  const { run, start, session, workspace } = await openJob(t);
  const word = `server-cut-${process.pid}`;
  assert.equal(run(shell(server(word))).status, 0);
  const cut = start(shell('touch begun; exec sleep 1000'));
  await until('it runs', () => existsSync(join(workspace, 'begun')));
  cut.signal('SIGKILL');
  await until('nothing of it lives', () => processesWith(word).length === 0);
  const next = run(shell('echo lives'));
  assert.deepEqual([next.status, next.stdout], [0, 'lives\n'], next.stderr);
  const { evidence } = await session.close();
  assert.deepEqual(
    entriesOf(evidence).flatMap(({ kind, cage, event }) => (kind === 'cage' ? [`${cage} ${event}`] : [])),
    ['cage-1 made', 'cage-1 entered', 'cage-1 ended', 'cage-2 made', 'cage-2 ended'],
  );
});

test('one cage a job: a command that does not obey is killed with all it started, and no more', async (t) => {
  const { run, start, session, workspace } = await openJob(t);
  const word = `server-stays-${process.pid}`;
  assert.equal(run(shell(server(word))).status, 0);
  const child = `child-${process.pid}`;
  const stubborn = start(shell(`trap '' INT TERM; (trap '' INT TERM; exec -a ${child} sleep 1000) & touch begun; while :; do wait; done`));
  await until('it runs', () => existsSync(join(workspace, 'begun')));
  await delay(200);
  stubborn.signal('SIGTERM');
  await delay(200);
  stubborn.signal('SIGTERM');
  const { status } = await stubborn.ended;
  assert.equal(status, 137);
  assert.deepEqual(processesWith(child), []);
  assert.equal(run(shell(ask)).stdout.trim(), `served by ${word}`);
  await session.close();
});

test('one cage a job: commands side by side share it, whichever comes first', async (t) => {
  const { start, session } = await openJob(t);
  const all = await Promise.all(Array.from({ length: 6 }, (_, n) => start(shell(`echo ${n}; readlink /proc/self/ns/net`)).ended));
  assert.deepEqual(
    all.map(({ status }) => status),
    Array(6).fill(0),
    all.map(({ stderr }) => stderr).join(''),
  );
  assert.equal(new Set(all.map(({ stdout }) => stdout.split('\n')[1])).size, 1);
  const { evidence } = await session.close();
  const events = entriesOf(evidence).flatMap(({ kind, event }) => (kind === 'cage' ? [event] : []));
  assert.deepEqual(events, ['made', ...Array(5).fill('entered'), 'ended']);
});

test('one cage a job: another plan means another cage; not while somebody is in the first', async (t) => {
  const { run, start, session, workspace } = await openJob(t);
  const other = join(workspace, '../other');
  mkdirSync(other);
  const first = start(shell('touch begun; until [[ -e end ]]; do sleep 0.05; done'));
  await until('it runs', () => existsSync(join(workspace, 'begun')));
  const refused = run(shell('touch ran'), { GITHUB_WORKSPACE: other });
  assert.equal(refused.status, 125);
  assert.match(refused.stderr, /another command runs in it/);
  writeFileSync(join(workspace, 'end'), '');
  assert.equal((await first.ended).status, 0);
  run(shell(`touch ${other}/mine; touch mine`), { GITHUB_WORKSPACE: other });
  assert.ok(existsSync(join(other, 'mine')) && !existsSync(join(workspace, 'mine')) && !existsSync(join(workspace, 'ran')));
  await session.close();
});

test('R18 what an earlier command left running cannot lead the next one out by its file commands', async (t) => {
  const { run, session, workspace } = await openJob(t);
  const commands = join(workspace, '../_temp/_runner_file_commands');
  mkdirSync(commands, { recursive: true });
  const victim = join(workspace, '../victim');
  mkdirSync(victim);
  writeFileSync(join(victim, 'kept'), 'kept');
  const files = (step: number) => ({ GITHUB_ENV: join(commands, `env_${step}`), GITHUB_OUTPUT: join(commands, `out_${step}`) });
  for (const step of [1, 2, 3]) for (const path of Object.values(files(step))) writeFileSync(path, '');
  // In the places of the files of steps to come: a link, a folder with links in it, a FIFO.
  const traps = `cd ${commands}; ln -s ${victim}/kept env_2; mkdir out_2; ln -s ${victim} out_2/l; mkfifo env_3; ln -s ${victim} out_3; ls`;
  const first = run(shell(traps), files(1));
  assert.equal(first.status, 0, first.stderr);
  for (const step of [2, 3]) {
    const ran = run(shell('echo "A=b" >> "$GITHUB_ENV"; echo "c=d" >> "$GITHUB_OUTPUT"'), files(step));
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(readFileSync(files(step).GITHUB_ENV, 'utf8'), /A/);
    assert.match(readFileSync(files(step).GITHUB_OUTPUT, 'utf8'), /c/);
  }
  assert.deepEqual([readdirSync(victim), readFileSync(join(victim, 'kept'), 'utf8')], [['kept'], 'kept']);
  await session.close();
});

test('R19 what listens on the machine since the cage was made is out of sight of the next command', async (t) => {
  const { run, start, session, workspace } = await openJob(t);
  const path = join(workspace, 'agent.sock');
  const connect = `python3 -c 'import socket; s=socket.socket(socket.AF_UNIX); s.connect("agent.sock"); print(s.recv(9))'`;
  assert.equal(run(shell('true')).status, 0);
  const listening = createServer((socket) => socket.end('secret')).listen(path);
  t.after(() => listening.close());
  const { status, stdout } = await start(shell(`${connect}; test -f agent.sock`)).ended;
  assert.deepEqual([status, stdout.includes('secret')], [0, false], stdout);
  await session.close();
  rmSync(path, { force: true });
});

for (const [sticky, duties, cages] of [
  ['cage', ['reader'], ['cage-1 made', 'cage-1 ended', 'cage-2 made', 'cage-2 ended', 'cage-3 made', 'cage-3 ended']],
  ['job', ['reader', 'clerk'], ['cage-1 made', 'cage-1 entered', 'cage-1 ended', 'cage-2 made', 'cage-2 ended']],
] as const) {
  test(`R26 one cage a job: after an agent was seen a command shares no cage with it that is held to less than sticky: ${sticky} says`, async (t) => {
    const clerk = POLICY.replace('bindings:', '  clerk:\n    allow: [ { on: orders-db, effects: [read] } ]\nbindings:');
    const { run, session, workspace } = await openJob(
      t,
      null,
      `${clerk}agents:\n  - { match: "**/robot", duty: clerk, sticky: ${sticky} }\n`,
    );
    const word = `robot-${process.pid}-${sticky}`;
    const connect = `python3 -c 'import socket, time; held = socket.create_connection(("orders-db.internal", 5432)); time.sleep(0.5)'`;
    const whoami =
      'duty-gate whoami --json | python3 -c \'import json, sys; print(*[each["duty"] for each in json.load(sys.stdin)["duties"]])\'';
    writeFileSync(join(workspace, 'robot'), `#!/bin/bash\n${connect}\nexec -a ${word} sleep 1000\n`, { mode: 0o755 });
    const first = run(shell(`${workspace}/robot & sleep 1; ${connect}; ${whoami}`));
    assert.match(first.stdout, /^reader clerk$/m, first.stderr);
    const second = run(shell(`${connect}; ${whoami}`));
    assert.equal(second.stdout.trim(), duties.join(' '), second.stderr);
    const other = join(workspace, '../other');
    mkdirSync(other);
    const third = run(shell(whoami), { GITHUB_WORKSPACE: other });
    await until('the agent does not live on', () => processesWith(word).length === 0);
    assert.equal(third.stdout.trim(), duties.join(' '), third.stderr);
    const { evidence } = await session.close();
    assert.deepEqual(
      entriesOf(evidence).flatMap(({ kind, cage, event }) => (kind === 'cage' ? [`${cage} ${event}`] : [])),
      cages,
    );
    const { code, page } = await verify(evidence, '--allow-local');
    assert.equal(code, 0, page);
  });
}
