import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

const PORTS = [0, 0, 0] as const;

for (const user of testUsers()) {
  test(`W-con-2 ${user.label} reaches the machine by no port, whichever address it asks for, and has no group that could`, async (t) => {
    let reached = 0;
    const ports = await Promise.all(
      PORTS.map(async () => {
        const server = createServer((socket) => {
          reached += 1;
          socket.end('reached');
        });
        t.after(() => server.close());
        await new Promise<void>((resolve) => void server.listen({ host: '::', port: 0 }, resolve));
        const address = server.address();
        return typeof address === 'object' && address !== null ? address.port : 0;
      }),
    );
    const addresses = [
      ...new Set(['127.0.0.1', '::1', ...Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address))]),
    ];
    const program = `import socket
for address in ${JSON.stringify(addresses)}:
    for port in ${JSON.stringify(ports)}:
        try: socket.create_connection((address, port), 2).recv(9); print("reached", address, port)
        except OSError as error: pass
print("tried")`;
    const { report, output } = await runWrappedAs(user, { argv: script(`python3 -c '${program}'; id -G`) });
    assert.equal(report?.exitCode, 0, report?.message);
    const [tried, groups = ''] = output.trim().split('\n');
    assert.deepEqual([tried, reached], ['tried', 0]);
    if (user.entrance === 'sudo') assert.equal(groups, String(user.gid));
  });
}
