import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { testUsers } from '#test/wrapper/users.ts';
import { cageProgram } from '#wrapper/cage-program.ts';
import { ESCAPES } from '#wrapper/escape-list.ts';
import { type EscapeResult, parseEscapeLine } from '#wrapper/escape-report.ts';
import { runOnStage } from './escape-stage.ts';

const ROOT = { label: 'the superuser', name: 'root', uid: 0, gid: 0, entrance: 'user-namespace' } as const;
/** What a kernel or machine without the thing says: the attempt then counts as absent, and cannot be shown to succeed here. */
const NOT_HERE = /(?:ENODEV|EAFNOSUPPORT|EPROTONOSUPPORT|ENOSYS|ENOENT)$/;
/** For these no stand-in is possible: whether they succeed is the kernel's own. */
const KERNELS_OWN: ReadonlySet<string> = new Set([
  ...['vsock', 'vsock-datagram', 'af-alg', 'netlink-audit', 'netlink-netfilter', 'user-namespace-int80', 'user-namespace-x32'],
  ...['sysrq-trigger', 'module-load', 'kexec', 'io-ports', 'io-uring', 'bpf', 'userfaultfd', 'perf-event', 'keyring-read', 'keyring-write'],
  ...['keyring-request', 'accounting', 'swap', 'dev-tun', 'dev-kvm', 'dev-fuse', 'dev-vsock', 'dev-loop', 'dev-userfaultfd', 'dev-kmsg'],
]);
/** Shown below: on the stage the machine's own root process and namespaces are out of reach. */
const ELSEWHERE: ReadonlySet<string> = new Set(['netlink-audit', 'setns-init']);

const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n', '--'];
const free = await runOnStage(ROOT, 'free');
const byName = (results: readonly EscapeResult[]) => new Map(results.map((result) => [result.name, result]));
const freeByName = byName(free.results);

test('every escape is one file of its name, on the list of the program and on that of the wrapper', () => {
  const folder = join(import.meta.dirname, '../../../wrapper/cage/escapes');
  const files = readdirSync(folder).filter((name) => readFileSync(join(folder, name), 'utf8').includes('    .attempt = attempt,'));
  assert.deepEqual(files.sort(), ESCAPES.map(({ name }) => `${name}.c`).sort());
  const told = spawnSync(cageProgram(), ['escapes'], { encoding: 'utf8' }).stdout;
  assert.equal(told, ESCAPES.map((each) => `${each.name}\t${each.class}\t${each.reason}\n`).join(''));
  assert.ok(ESCAPES.length >= 30);
});

describe('without a cage', () => {
  for (const { name } of ESCAPES.filter((each) => !ELSEWHERE.has(each.name))) {
    test(`${name} succeeds`, (t) => {
      const result = freeByName.get(name);
      if (KERNELS_OWN.has(name) && NOT_HERE.test(result?.detail ?? '')) t.diagnostic(`absent on this machine: ${result?.detail}`);
      else assert.equal(result?.verdict, 'open', result?.detail);
    });
  }

  test('netlink-audit succeeds', (t) => {
    const result = byName(probe([...asRoot, cageProgram(), 'probe', '0'])).get('netlink-audit');
    if (NOT_HERE.test(result?.detail ?? '')) t.diagnostic(`absent on this machine: ${result?.detail}`);
    else assert.equal(result?.verdict, 'open', result?.detail);
  });

  test('setns-init succeeds', async () => {
    const namespaces = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const [file = '', ...args] = [...asRoot, 'unshare', ...namespaces, 'bash', '-c', 'echo; exec sleep 1000'];
    const outer = spawn(file, args, { cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => outer.stdout.once('data', resolve));
    const init = spawnSync('pgrep', ['-P', String(outer.pid)], { encoding: 'utf8' }).stdout.trim();
    const result = byName(probe([...asRoot, 'nsenter', '-t', init, '--pid', '--mount', '--', cageProgram(), 'probe', '0'])).get(
      'setns-init',
    );
    outer.kill('SIGKILL');
    assert.equal(result?.verdict, 'open', result?.detail);
  });
});

for (const user of testUsers().filter(({ uid }) => uid !== 0)) {
  describe(`without a cage, as ${user.label}`, async () => {
    const { results } = await runOnStage(user, 'free');
    for (const { name, verdict, detail } of results) {
      test(`${name} succeeds, or the machine forbids it to everybody but root`, () => {
        if (verdict !== 'open') assert.match(detail, KERNELS_OWN.has(name) ? /./ : /(?:EPERM|EACCES)$/);
      });
    }
  });
}

/** There is no terminal outside in a test; and nothing is absent that succeeded without the cage. */
const absentInside = new Set(['terminal-outside', 'binfmt-register', 'modprobe-path-write', 'block-device-open']);

for (const user of testUsers()) {
  describe(`P8 in a cage, as ${user.label}`, async () => {
    const { results, errors } = await runOnStage(user, 'caged');
    for (const { name } of ESCAPES) {
      test(`${name} is held`, (t) => {
        const result = byName(results).get(name);
        const isThere = freeByName.get(name)?.verdict === 'open' && !absentInside.has(name);
        if (result?.verdict === 'absent' && !isThere) t.diagnostic(`absent on this machine: ${result.detail}`);
        else assert.equal(result?.verdict, 'held', `${result?.detail} ${errors}`);
      });
    }
  });
}

test('the program tries every escape that needs no bait, and tells of all', () => {
  assert.equal(probe([...asRoot, 'unshare', '--net', cageProgram(), 'probe', '0']).length, ESCAPES.length);
});

for (const [name, baits] of [
  ['an unknown bait', 'tcp-loopbak=127.0.0.1 1\0'],
  ['a record without its end', 'cookie=x'],
  ['a record without a name', 'cookie\0'],
  ['more settings than it takes', `cookie=${'x'.repeat(70_000)}\0`],
  ['more records than it takes', 'cookie=x\0'.repeat(300)],
] as const) {
  test(`the program tries nothing on ${name}`, () => {
    const { status, stderr } = spawnSync(cageProgram(), ['probe', '0'], { input: baits, encoding: 'utf8' });
    assert.deepEqual([status, stderr.split(' ').slice(0, 2).join(' ')], [125, '@fail baits:']);
  });
}

/** The attempts that need no bait. */
function probe(command: readonly string[]): readonly EscapeResult[] {
  const [file = '', ...args] = command;
  const { stderr } = spawnSync(file, args, { input: 'cookie=x\0', encoding: 'utf8', cwd: '/' });
  return stderr.split('\n').flatMap((line) => parseEscapeLine(line) ?? []);
}
