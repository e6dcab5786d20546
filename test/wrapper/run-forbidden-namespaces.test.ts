import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

/**
 * Runs its arguments where nobody but the superuser may make user namespaces, as Ubuntu 24.04 has it: a filter on system calls,
 * which sudo's children are under, too. classic BPF over struct seccomp_data (seccomp(2)): nr at 0, the first argument at 16.
 */
const FORBID = `
import ctypes, os, platform, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
unshare, clone = (272, 56) if platform.machine() == 'x86_64' else (97, 220)
ALLOW, EPERM, ENOSYS, NEWUSER = 0x7fff0000, 0x50001, 0x50026, 0x10000000
program = [(0x20, 0, 0, 0), (0x15, 0, 1, 435), (0x06, 0, 0, ENOSYS), (0x15, 2, 0, unshare), (0x15, 1, 0, clone), (0x06, 0, 0, ALLOW),
           (0x20, 0, 0, 16), (0x45, 0, 1, NEWUSER), (0x06, 0, 0, EPERM), (0x06, 0, 0, ALLOW)]
code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *each) for each in program))
filter = ctypes.create_string_buffer(struct.pack('HxxxxxxQ', len(program), ctypes.addressof(code)))
if libc.prctl(22, ctypes.c_ulong(2), ctypes.c_ulong(ctypes.addressof(filter)), 0, 0) != 0: sys.exit(os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[1], sys.argv[1:])
`;
const UNDER = ['python3', '-c', FORBID];

for (const user of testUsers()) {
  const can = user.entrance === 'sudo';
  test(`W-con-1 where user namespaces are forbidden, ${user.label} ${can ? 'runs its command by sudo' : 'runs nothing, and is told why'}`, async () => {
    const { report, output } = await runWrappedAs(user, { argv: script('echo ran') }, { under: UNDER });
    if (can) {
      assert.deepEqual([report?.exitCode, report?.entrance, output], [0, 'sudo', 'ran\n'], report?.message);
    } else {
      assert.deepEqual([report?.exitCode, report?.code, output], [125, 'no-entrance', '']);
      assert.match(report?.message ?? '', /user namespaces are forbidden here/);
    }
  });
}
