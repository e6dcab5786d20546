import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hostPlaces } from '#wrapper/host-places.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'duty-gate-places-')));
after(() => rmSync(folder, { recursive: true, force: true }));
const view = { uid: 4711, env: {}, programFiles: [] };

async function socketAt(path: string): Promise<void> {
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once('listening', resolve));
  after(() => void server.close());
}

test('hostPlaces() names the sockets that the environment names, by their real folder, and nothing that is not one', async () => {
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  await socketAt(join(folder, 'real/agent'));
  await socketAt(join(folder, 'real/bus'));
  writeFileSync(join(folder, 'S.gpg-agent'), '');
  const env = {
    SSH_AUTH_SOCK: join(folder, 'link/agent'),
    DBUS_SESSION_BUS_ADDRESS: `tcp:host=a;unix:path=${folder}/real/bus,guid=1`,
    GNUPGHOME: folder,
  };
  const records = hostPlaces({ ...view, env });
  assert.ok(records.includes(`ssh-agent=${folder}/real/agent`), `${records}`);
  assert.ok(records.includes(`dbus-session=${folder}/real/bus`));
  assert.ok(!records.some((record) => record.startsWith('gpg-agent=')));
});

test('hostPlaces() tells files that steps and runner share by device and number', () => {
  const path = join(folder, 'set_env');
  writeFileSync(path, '');
  const { dev, ino } = statSync(path, { bigint: true });
  const records = hostPlaces({
    uid: 0,
    env: { GITHUB_ENV: path, GITHUB_PATH: join(folder, 'none'), GITHUB_STEP_SUMMARY: 'relative' },
    programFiles: [path],
  });
  assert.ok(records.includes(`runner-env-write=${dev} ${ino} ${path}`));
  assert.ok(records.includes(`action-dist-write=${dev} ${ino} ${path}`));
  assert.ok(!records.some((record) => /^runner-(?:path|summary)-write=/.test(record)));
});

test('hostPlaces() names the namespaces and the process it is in', () => {
  const records = hostPlaces(view);
  for (const name of ['net', 'pid', 'mnt', 'ipc', 'uts']) {
    assert.ok(records.includes(`namespace-${name}=${statSync(`/proc/self/ns/${name}`).ino}`));
  }
  assert.ok(records.some((record) => new RegExp(`^outside-process=${process.pid} \\d+$`).test(record)));
});

test('hostPlaces() gives records that have no NUL, few of each name', () => {
  const records = hostPlaces({ ...view, env: { SSH_AUTH_SOCK: '/a\0b', HOME: 'relative' } });
  const counts = Map.groupBy(records, (record) => record.split('=')[0]);
  for (const [name, each] of counts) assert.ok(each.length <= 4, name);
  assert.ok(records.every((record) => !record.includes('\0')));
});
