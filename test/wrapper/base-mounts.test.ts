import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BasePlan, DEVICE_FILES, deviceMounts, firstMounts, lastMounts } from '#wrapper/base-mounts.ts';
import { ASIDE, HOST_ASIDE, LAYERS_ASIDE } from '#wrapper/mount-line.ts';

const plan: BasePlan = {
  name: 'duty-gate-x',
  uid: 1001,
  owner: { uid: 1001, gid: 1002 },
  layersFolder: '/tmp/job/layers',
  console: '/dev/pts/3',
  resolvConf: '/run/systemd/resolve/stub-resolv.conf',
  hasVarRun: false,
};
const points = (given: BasePlan): readonly string[] => firstMounts(given).map(({ point }) => point);

test('firstMounts() takes the host aside after /run is private and before /dev is', () => {
  const all = points(plan);
  assert.ok(all.indexOf('/run') < all.indexOf(HOST_ASIDE) && all.indexOf(HOST_ASIDE) < all.indexOf('/dev'));
  assert.ok(all.includes(LAYERS_ASIDE) && all.includes('/run/user/1001') && all.includes('/run/systemd/resolve'));
});

test('firstMounts() makes only what this machine has', () => {
  assert.ok(!points({ ...plan, layersFolder: null }).includes(LAYERS_ASIDE));
  assert.ok(!points({ ...plan, resolvConf: '/etc/resolv.conf' }).includes('/etc'));
  assert.ok(points({ ...plan, hasVarRun: true }).includes('/var/run'));
});

test('firstMounts() opens no device and no set-user-id anywhere but in /dev', () => {
  for (const { point, type, options } of firstMounts(plan)) {
    if (type === 'none' && point === HOST_ASIDE) continue;
    assert.ok(options.includes('nosuid'), point);
    if (!['/dev', '/dev/pts'].includes(point)) assert.ok(options.includes('nodev'), point);
  }
});

test('deviceMounts() covers every file made for one', () => {
  assert.deepEqual(
    deviceMounts(plan).map(({ point }) => point),
    DEVICE_FILES.map((name) => `/dev/${name}`),
  );
  assert.equal(deviceMounts(plan).at(-1)?.source, `${HOST_ASIDE}/dev/pts/3`);
});

test('lastMounts() closes our own folder and covers what was aside last', () => {
  const last = lastMounts(plan);
  assert.equal(last.at(-1)?.point, ASIDE);
  for (const { options } of last) assert.ok(options.includes('ro'));
});
