import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { boundSockets, type SocketReach, socketsToHide } from '#wrapper/host-sockets.ts';

describe('socketsToHide()', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'duty-gate-sockets-')));
  const at = (path: string): string => join(folder, path);
  const servers: Server[] = [];
  before(async () => {
    for (const path of ['only/a', 'only/b', 'mixed/s', 'home/s', 'home/ws/s', 'home/ws/only/s']) {
      mkdirSync(join(at(path), '..'), { recursive: true });
      const server = createServer();
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(at(path), resolve));
    }
    writeFileSync(at('mixed/file'), '');
    writeFileSync(at('file'), '');
  });
  after(async () => {
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
  const nowhere: SocketReach = { privateFolders: [], overlays: [], direct: [], kept: [] };

  const cases: readonly (readonly [name: string, paths: readonly string[], reach: Partial<SocketReach>, expected: readonly string[]])[] = [
    ['a folder of nothing but sockets, once', ['only/a', 'only/b'], {}, ['only']],
    ['a socket alone where other things are', ['mixed/s'], {}, ['mixed/s']],
    ['nothing that is no socket, or gone', ['file', 'mixed/file', 'gone'], {}, []],
    ['nothing in an overlay', ['home/s'], { overlays: [at('home')] }, []],
    ['what lies in a folder of the host in an overlay', ['home/ws/s'], { overlays: [at('home')], direct: [at('home/ws')] }, ['home/ws/s']],
    ['nothing in an overlay in a folder of the host', ['home/ws/s'], { overlays: [at('home/ws')], direct: [at('home')] }, []],
    ['nothing in places of the cage', ['only/a'], { privateFolders: [folder] }, []],
    ['no folder that is kept', ['only/a'], { kept: [at('only')] }, ['only/a']],
    ['no folder above one that is kept', ['only/a'], { kept: [at('only/x')] }, ['only/a']],
    ['a folder of sockets in the workspace', ['home/ws/only/s'], { direct: [at('home/ws')] }, ['home/ws/only']],
  ];
  for (const [name, paths, reach, expected] of cases) {
    test(`R19 gives ${name}`, () => assert.deepEqual(socketsToHide(paths.map(at), { ...nowhere, ...reach }), expected.map(at)));
  }

  test('boundSockets() finds them in the table of this machine', () => {
    const found = boundSockets();
    for (const path of ['only/a', 'home/ws/s']) assert.ok(found.includes(at(path)), path);
  });
});

test('boundSockets() gives names as they are, and no abstract one', () => {
  const table = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '0000000026ba21f7: 00000002 00000000 00010000 0001 01  1517 /tmp/a b: c',
    '0000000026ba21f8: 00000002 00000000 00010000 0001 01 15179 @abstract',
    '0000000026ba21f9: 00000003 00000000 00000000 0001 03  1518',
    '0000000026ba21fa: 00000002 00000000 00010000 0005 01  1519 relative',
    '0000000026ba21fb: 00000002 00000000 00010000 0001 01  1520 /tmp/a b: c',
    'odd',
  ].join('\n');
  assert.deepEqual(boundSockets(table), ['/tmp/a b: c']);
});
