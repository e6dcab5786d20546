import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

/**
 * Tries each call with arguments that do no harm, and prints what the system says: a name of errno, or `done`. Numbers are
 * those of the machine's architecture where they differ.
 */
const PROGRAM = `
import ctypes, errno, os, platform
libc = ctypes.CDLL(None, use_errno=True)
x64 = platform.machine() == 'x86_64'
def said(n):
    return errno.errorcode.get(ctypes.get_errno(), '?') if n < 0 else 'done'
def call(x, arm, *args):
    return said(libc.syscall(ctypes.c_long(x if x64 else arm), *[ctypes.c_long(a) for a in args]))
def forked(act):
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(w, act().encode()); os._exit(0)
    os.close(w); out = os.read(r, 99).decode(); os.waitpid(pid, 0)
    return out or 'killed'
pair = (ctypes.c_int * 2)()
calls = {
    'socket-vsock': lambda: call(41, 198, 40, 1, 0),
    'socket-packet': lambda: call(41, 198, 17, 2, 0),
    'socket-crypto': lambda: call(41, 198, 38, 5, 0),
    'socket-netlink-audit': lambda: call(41, 198, 16, 3, 9),
    'socket-netlink-route': lambda: call(41, 198, 16, 3, 0),
    'socketpair-unix': lambda: call(53, 199, 1, 1, 0, ctypes.addressof(pair)),
    'unshare-user': lambda: forked(lambda: call(272, 97, 0x10000000)),
    'unshare-net': lambda: forked(lambda: call(272, 97, 0x40000000)),
    'unshare-files': lambda: call(272, 97, 0x400),
    'clone-user': lambda: call(56, 220, 0x10000000 | 0x100, 0, 0, 0, 0),
    'clone3': lambda: call(435, 435, 0, 0),
    'setns': lambda: call(308, 268, -1, 0),
    'mount': lambda: call(165, 40, 0, 0, 0, 0, 0),
    'open-tree': lambda: call(428, 428, -1, 0, 1),
    'io-uring': lambda: call(425, 425, 1, 0),
    'keyctl': lambda: call(250, 219, 0, -3, 0),
    'bpf': lambda: call(321, 280, 99, 0, 0),
    'perf': lambda: call(298, 241, 0, 0, -1, -1, 0),
    'userfaultfd': lambda: call(323, 282, 0x7fffffff),
    'type-ahead': lambda: call(16, 29, 0, 0x5412, 0),
    'open-by-handle': lambda: call(304, 265, -1, 0, 0),
    'time': lambda: call(227, 112, 99, 0),
}
if x64:
    calls['other-abi'] = lambda: call(0x40000000 + 39, 0)
for name, act in calls.items():
    print(name, forked(act))
`;

const REFUSED: Readonly<Record<string, string>> = {
  'socket-vsock': 'EAFNOSUPPORT',
  'socket-packet': 'EAFNOSUPPORT',
  'socket-crypto': 'EAFNOSUPPORT',
  'socket-netlink-audit': 'EPROTONOSUPPORT',
  'unshare-user': 'EPERM',
  'unshare-net': 'EPERM',
  'clone-user': 'EPERM',
  clone3: 'ENOSYS',
  setns: 'EPERM',
  mount: 'EPERM',
  'open-tree': 'EPERM',
  'io-uring': 'ENOSYS',
  keyctl: 'EPERM',
  bpf: 'EPERM',
  perf: 'EPERM',
  userfaultfd: 'EPERM',
  'type-ahead': 'EPERM',
  'open-by-handle': 'EPERM',
  time: 'EPERM',
  'other-abi': 'ENOSYS',
};
const LEFT: Readonly<Record<string, string>> = { 'socket-netlink-route': 'done', 'socketpair-unix': 'done', 'unshare-files': 'done' };
/** What the superuser is told otherwise outside, whatever the kernel has. */
const OTHERWISE_OUTSIDE = ['clone-user', 'mount', 'open-by-handle', 'open-tree', 'setns', 'type-ahead', 'unshare-user'];

function parse(output: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    output
      .trim()
      .split('\n')
      .map((line) => line.trim().split(' ')),
  );
}

for (const user of testUsers()) {
  describe(`runWrapped() as ${user.label}`, () => {
    test('R23 leaves no system call that knows another way out', async () => {
      const { output, report } = await runWrappedAs(user, { argv: ['python3', '-c', PROGRAM] });
      const said = parse(output);
      assert.equal(report?.exitCode, 0, output);
      for (const [name, answer] of Object.entries(said)) assert.equal(answer, REFUSED[name] ?? LEFT[name], name);
      assert.ok(Object.keys(said).length >= Object.keys({ ...REFUSED, ...LEFT }).length - 1);
    });

    test('R23 leaves threads, runtimes and everyday calls as they were', async () => {
      const { output } = await runWrappedAs(user, {
        argv: script(
          `${process.execPath} -e "console.log(0)"; python3 -c "import threading as t; x = t.Thread(target=print, args=[1]); x.start()"; ls /proc/self/fd >/dev/null && echo 2`,
        ),
      });
      assert.equal(output, '0\n1\n2\n');
    });
  });
}

test('R23 the calls are refused by the cage and by nothing else', {
  skip: process.getuid?.() === 0 ? false : 'only the superuser may make them',
}, () => {
  const outside = parse(spawnSync('python3', ['-c', PROGRAM], { encoding: 'utf8' }).stdout);
  for (const name of OTHERWISE_OUTSIDE) assert.notEqual(outside[name], REFUSED[name], name);
});
