import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { entriesOf, POLICY, verify } from '#test/gateway/harness.ts';
import { openJob } from './job-session.ts';
import { testUsers } from './users.ts';

const POLICIES = `${POLICY.replace('bindings:', '  clerk:\n    allow: [ { on: orders-db, effects: [read, insert] } ]\nbindings:')}`;
const shell = (text: string): readonly string[] => ['run', '--', 'bash', '--norc', '-c', text];
/** One command within another, by the `duty-gate` that is on its PATH. */
const nested = (text: string, duty = 'clerk'): string => `duty-gate run --duty ${duty} -- bash --norc -c '${text}'`;

for (const user of testUsers()) {
  test(`nested sessions: ${user.label} has a command run in a cage within the cage, and one in that`, async (t) => {
    const { run, session, workspace } = await openJob(t, user, POLICIES);
    const whoami = 'duty-gate whoami --json';
    const { status, stdout, stderr } = run(
      shell(
        `readlink /proc/self/ns/net; ${nested(`readlink /proc/self/ns/net; echo in >inner; ${whoami}; duty-gate run --duty reader -- ${whoami}; exit 7`)}; echo $?`,
      ),
    );
    assert.equal(status, 0, stderr);
    const [outer, inner, first = '', second = '', code] = stdout.trim().split('\n');
    assert.notEqual(outer, inner);
    assert.deepEqual([code, readFileSync(join(workspace, 'inner'), 'utf8')], ['7', 'in\n'], stderr);
    const chainOf = (text: string) => JSON.parse(text).chain.map(({ link, duty }: { link: string; duty: string }) => [link, duty]);
    const job = ['job', 'reader'];
    assert.deepEqual(chainOf(first), [job, ['2', 'clerk']]);
    assert.deepEqual(chainOf(second), [job, ['2', 'clerk'], ['3', 'reader']]);
    const { evidence } = await session.close();
    const entries = entriesOf(evidence);
    const [one, other] = entries.filter(({ kind }) => kind === 'delegation');
    assert.deepEqual([one?.parent, one?.duties, other?.parent, other?.duties], ['cage-1', ['reader', 'clerk'], '2', ['reader', 'clerk']]);
    assert.match(String(one?.keyThumbprint), /^[A-Za-z0-9_-]{43}$/);
    assert.notEqual(one?.keyThumbprint, other?.keyThumbprint);
    assert.deepEqual(
      entries.flatMap(({ kind, link }) => (kind === 'confinement' ? [link] : [])),
      ['cage-1', '2', '3'],
    );
    const { code: verified, page } = await verify(evidence, '--allow-local');
    assert.equal(verified, 0, page);
    assert.ok(existsSync(join(evidence, 'recordings/3/terminal.rec')));
  });
}

test('nested sessions: bytes go through as they are, both ways, whatever their number', async (t) => {
  const { run, session, workspace } = await openJob(t, null, POLICIES);
  const megabytes = 10;
  const sent = Buffer.alloc(megabytes * 1024 * 1024, 'Zufall\n\0\xff', 'latin1');
  writeFileSync(join(workspace, 'sent'), sent);
  const { status, stderr } = run(
    shell(`duty-gate run --duty clerk -- cat <sent >got; echo -n | duty-gate run --duty clerk -- wc -c >none`),
  );
  assert.equal(status, 0, stderr);
  assert.ok(readFileSync(join(workspace, 'got')).equals(sent));
  assert.equal(readFileSync(join(workspace, 'none'), 'utf8').trim(), '0');
  await session.close();
});

test('nested sessions: input that nobody reads keeps no signal back', async (t) => {
  const { run, session } = await openJob(t, null, POLICIES);
  const { stdout, stderr } = run(
    shell(`yes | duty-gate run --duty clerk -- sh -c 'trap "echo told; exit 3" TERM; echo up; while :; do sleep 0.1; done' >said &
      until grep -q up said; do sleep 0.1; done; kill -TERM %1 2>/dev/null || kill -TERM $!; wait $!; echo "$? $(tail -1 said)"`),
  );
  assert.equal(stdout.trim(), '3 told', stderr);
  await session.close();
});

test('nested sessions: whoever asks may not see, signal or trace what runs for it, nor the other way about', async (t) => {
  const { run, session } = await openJob(t, null, POLICIES);
  const { stdout, stderr } = run(
    shell(`(exec -a outer-one sleep 30) & (${nested('(exec -a inner-one sleep 30) & echo up >up; wait')}) &
      until [[ -e up ]]; do sleep 0.1; done
      echo outer $(ps ax -o args= | grep -c ^inner-one) $(ps ax -o args= | grep -c ^outer-one)
      ${nested('echo inner $(ps ax -o args= | grep -c ^outer-one) $(ps ax -o args= | grep -c ^inner-one)')}; kill $(jobs -p)`),
  );
  assert.deepEqual(stdout.trim().split('\n'), ['outer 0 1', 'inner 0 0'], stderr);
  await session.close();
});

test('R19 R22 nested sessions: neither who listens in the outer cage is reached from the inner one, nor its terminals', async (t) => {
  const { run, session } = await openJob(t, null, POLICIES);
  const listen = `python3 -c 'import socket
s = socket.socket(socket.AF_UNIX); s.bind(__import__("os").getcwd() + "/outer.sock"); s.listen(); t = socket.socket(socket.AF_UNIX); t.bind("\\0outer"); t.listen(); open("up", "w")
import time; time.sleep(30)'`;
  const reach = `python3 -c "import socket
for name in (\\"outer.sock\\", \\"\\\\0outer\\"):
    try: socket.socket(socket.AF_UNIX).connect(name); print(\\"reached\\")
    except OSError: print(\\"no\\")"; wc -c </dev/console; ls /dev/pts; curl -s -m 1 http://127.0.0.1:8123 || echo unreached`;
  const { stdout, stderr } = run(
    shell(
      `${listen} & python3 -m http.server 8123 --bind 127.0.0.1 >/dev/null 2>&1 & until [[ -e up ]]; do sleep 0.1; done; sleep 0.5; curl -s -o /dev/null http://127.0.0.1:8123 && echo served; ${nested(reach)}`,
    ),
  );
  assert.deepEqual(stdout.trim().split('\n'), ['served', 'no', 'no', '0', 'ptmx', 'unreached'], stderr);
  await session.close();
});

for (const [name, end] of [
  ['the asker is killed', 'kill -KILL $asker'],
  ['the command that asked from ends', 'true'],
] as const) {
  test(`nested sessions: nothing of a command lives on when ${name}`, async (t) => {
    const { run, session, workspace } = await openJob(t, null, POLICIES);
    const beat = join(workspace, 'beat');
    const inner = 'setsid sh -c "while :; do date +%N >beat; sleep 0.05; done" & echo up >up; wait';
    const outer = shell(`${nested(inner)} & asker=$!; until [[ -e up && -s beat ]]; do sleep 0.1; done; ${end}`);
    const { status, stderr } = run(outer);
    assert.equal(status, 0, stderr);
    if (end === 'true') await session.close();
    await delay(1500);
    const last = readFileSync(beat, 'utf8');
    await delay(500);
    assert.equal(readFileSync(beat, 'utf8'), last);
    if (end !== 'true') await session.close();
  });
}

test('nested sessions: what cannot be is said, and nothing runs', async (t) => {
  const { run, session, workspace } = await openJob(t, null, POLICIES);
  for (const [command, says, code] of [
    ['duty-gate run --duty nobody -- touch ran', /duty "nobody" is defined nowhere, expected one of the policy \(reader, clerk\)/, 125],
    ['duty-gate run -- touch ran', /no duty is named.*--duty NAME/, 125],
    ['duty-gate run --duty clerk -- no-such-program', /cannot run no-such-program/, 127],
    ['mkdir gone; cd gone; rmdir ../gone; duty-gate run --duty clerk -- touch ran', /./, 125],
    [`duty-gate run --duty clerk -- bash -c 'kill -KILL $$'`, /^/, 137],
  ] as const) {
    const { stdout, stderr } = run(shell(`${command} 2>&1; echo "code $?"`));
    assert.match(stdout, says, stderr);
    assert.match(stdout, new RegExp(`code ${code}\\s*$`), command);
  }
  assert.ok(!existsSync(join(workspace, 'ran')));
  await session.close();
});

test('nested sessions: no further down than the limit, and told so', async (t) => {
  const { run, session } = await openJob(t, null, POLICIES);
  const { stdout } = run(
    shell('cat >deeper <<< "echo at \\$1; duty-gate run --duty clerk -- bash deeper \\$((\\$1 + 1)) 2>&1"; bash deeper 1'),
  );
  assert.deepEqual(stdout.trim().split('\n').slice(0, -1), ['at 1', 'at 2', 'at 3', 'at 4', 'at 5']);
  assert.match(stdout, /it would be number 6 of its chain, expected at most 5/);
  await session.close();
});

test('nested sessions: none where the policy has no depth for them', async (t) => {
  const { run, session, workspace } = await openJob(t, null, `${POLICIES}limits: { depth: 1 }\n`);
  const { stdout } = run(shell('duty-gate run --duty clerk -- touch ran 2>&1; echo "code $?"'));
  assert.match(stdout, /it would be number 2 of its chain, expected at most 1[\s\S]*code 125/);
  assert.ok(!existsSync(join(workspace, 'ran')));
  await session.close();
});

test('R21 nested sessions: hostile askers get nothing, and harm nobody', async (t) => {
  const { run, session } = await openJob(t, null, POLICIES);
  const hostile = String.raw`import socket, struct, time
HEAD = b"GET /delegate HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: duty-gate-run/1\r\n\r\n"
def ask(*pieces, head=HEAD):
    s = socket.create_connection(("198.18.0.3", 80)); s.settimeout(15); s.sendall(head)
    got = b""
    try:
        if head is HEAD:
            while not got.endswith(b"\r\n\r\n"): got += s.recv(1) or b"\r\n\r\n"
        for piece in pieces: s.sendall(piece); time.sleep(0.05)
        got = b""
        while True:
            more = s.recv(65536)
            if not more: break
            got += more
    except OSError: pass
    return got
frame = lambda kind, payload: struct.pack(">BI", kind, len(payload)) + payload
good = b'{"duty":"clerk","argv":["touch","ran"],"cwd":"/","environment":"","terminal":null}'
print(b"Cannot read" in ask(b"\xff" * 100))
print(b"Cannot read" in ask(struct.pack(">BI", 1, 2**31)))
print(b"Cannot read" in ask(frame(1, good) + frame(2, b"x")))
print(b"Cannot read" in ask(frame(2, b"x")))
print(b"another shape" in ask(frame(1, b"{}")))
print(b"another shape" in ask(frame(1, good.replace(b'"cwd":"/"', b'"cwd":"relative"'))))
print(b"another shape" in ask(frame(1, good.replace(b'touch', b'to\\u0000uch'))))
print(ask(head=HEAD.replace(b"\r\n\r\n", b"\r\n\r\nearly")) == b"")
print(ask(head=HEAD.replace(b"duty-gate-run/1", b"websocket")) == b"")
print(ask(head=HEAD.replace(b"GET", b"POST")) == b"")
`;
  const { stdout, stderr } = run(shell(`cat >hostile.py <<'END'\n${hostile}\nEND\npython3 hostile.py; ls ran; ${nested('echo served')}`));
  assert.deepEqual(
    stdout.split('\n').filter((line) => line === 'True' || line === 'False'),
    Array(10).fill('True'),
    `${stdout}${stderr}`,
  );
  assert.match(stdout, /No such file[\s\S]*served/);
  const { evidence } = await session.close();
  assert.equal(entriesOf(evidence).filter(({ kind }) => kind === 'delegation').length, 1);
});

test('nested sessions: fifty at once', async (t) => {
  const { run, session } = await openJob(t, null, POLICIES);
  const { stdout, stderr } = run(
    shell(`for n in {1..50}; do ${nested('until [[ -e go ]]; do sleep 0.3; done; echo done')} </dev/null & done
    sleep 1; touch go; wait`),
  );
  assert.equal(stdout.split('\n').filter((line) => line === 'done').length, 50, stdout + stderr);
  const { evidence } = await session.close();
  assert.equal((await verify(evidence, '--allow-local')).code, 0);
});

test('R22 nested sessions: a person’s terminal is lent to the inner command, sizes and keys included', async (t) => {
  const { run, session, workspace } = await openJob(t, null, POLICIES);
  const inner = 'test -t 0 && test -t 1 && stty size && read -r line && echo "got $line" && read -r never; echo "ended $?"';
  writeFileSync(
    join(workspace, 'person.py'),
    `import fcntl, os, pty, struct, sys, termios, time
pid, fd = pty.fork()
if pid == 0: os.execvp("duty-gate", ["duty-gate", "run", "--duty", "clerk", "--", "bash", "--norc", "-c", ${JSON.stringify(inner)}])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 99, 0, 0))
seen, sent = b"", []
while True:
    try: more = os.read(fd, 4096)
    except OSError: break
    if not more: break
    seen += more
    if b"33 99" in seen and "line" not in sent: sent.append("line"); os.write(fd, b"hello\\n")
    if b"got hello" in seen and "end" not in sent: sent.append("end"); time.sleep(0.2); os.write(fd, b"\\x04")
sys.stdout.write(seen.decode())`,
  );
  const { stdout, stderr } = run(shell('python3 person.py'));
  assert.match(stdout, /33 99\r*\n[\s\S]*got hello\r*\n[\s\S]*ended 1/, stderr);
  await session.close();
});
