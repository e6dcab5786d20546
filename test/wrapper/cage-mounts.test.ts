import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type MountSettings, type MountsRequest, planMounts } from '#wrapper/cage-mounts.ts';
import { programFolder } from '#wrapper/cage-program.ts';
import type { FilesPlan } from '#wrapper/plan.ts';

const settings: MountSettings = { entrance: 'sudo', uid: 5, gid: 6, console: '/dev/pts/9' };

type Given = { readonly files?: Partial<FilesPlan>; readonly hide?: readonly string[]; readonly cwd?: string };

function request(t: TestContext, { files, hide, cwd }: Given): { readonly plan: MountsRequest; readonly folder: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'duty-gate-mounts-')));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['session', 'layers', 'home', 'ws']) mkdirSync(join(folder, name));
  const all = { writable: [], layered: [], layersFolder: null, protected: [], ...files };
  return {
    folder,
    plan: {
      cwd: cwd ?? '/',
      cage: { sessionFolder: join(folder, 'session'), hide: hide ?? [], files: all, binds: [], aliases: [], launchers: [] },
    },
  };
}

describe('planMounts()', () => {
  test('gives every cage names that no other mount has', (t) => {
    const { plan } = request(t, {});
    const [one, other] = [planMounts(plan, settings), planMounts(plan, settings)];
    assert.notEqual(one.base.name, other.base.name);
  });

  test('expects all that is made and seen, and nothing that is covered', (t) => {
    const { plan, folder } = request(t, {});
    const { first, last, expectation } = planMounts(plan, settings);
    const points = expectation.lines.map(({ point }) => point);
    for (const { point } of [...first, ...last]) assert.equal(points.includes(point), !point.startsWith('/run/duty-gate-aside/'), point);
    assert.ok(points.includes('/proc') && points.includes(join(folder, 'session')));
    assert.ok(expectation.isThere(folder) && !expectation.isThere(join(folder, 'no')));
  });

  test('makes folders for layers only where they are kept, and hides them', (t) => {
    const { plan, folder } = request(t, {});
    const files = { ...plan.cage.files, layered: [join(folder, 'home')], layersFolder: join(folder, 'layers') };
    const layered = { ...plan, cage: { ...plan.cage, files } };
    const kept = planMounts(layered, settings);
    assert.equal(readdirSync(join(folder, 'layers')).length, kept.keptIn === null ? 0 : 2);
    assert.ok(kept.last.some(({ point, type }) => point === join(folder, 'layers') && type === 'tmpfs'));
    assert.ok(kept.last.some(({ point, type }) => point === join(folder, 'home') && type === 'overlay'));
  });

  test("R17 keeps the gate's own program read-only where the command may write for good, and nowhere else", (t) => {
    const { plan } = request(t, {});
    const own = programFolder();
    const accessTo = (files: Partial<FilesPlan>): readonly string[] =>
      planMounts({ ...plan, cage: { ...plan.cage, files: { ...plan.cage.files, ...files } } }, settings)
        .last.filter(({ point }) => point === own)
        .flatMap(({ options }) => options.filter((option) => option === 'ro' || option === 'rw'));
    assert.deepEqual(accessTo({ writable: [dirname(own)] }), ['ro']);
    assert.deepEqual(accessTo({ layered: [dirname(own)] }), []);
    assert.deepEqual(accessTo({}), []);
  });

  test('gives what belongs to the command to its user, by the number that the way in knows it by', (t) => {
    const { plan } = request(t, {});
    assert.deepEqual(planMounts(plan, settings).base.owner, { uid: 5, gid: 6 });
    assert.deepEqual(planMounts(plan, { ...settings, entrance: 'user-namespace' }).base.owner, { uid: 0, gid: 0 });
  });

  test('refuses to run in a folder that it hides, and to hide what is not there', (t) => {
    const { plan, folder } = request(t, {});
    const hiding = (hide: string, cwd: string): MountsRequest => ({ cwd, cage: { ...plan.cage, hide: [hide] } });
    assert.throws(() => planMounts(hiding(join(folder, 'home'), join(folder, 'home', 'x')), settings), { code: 'set-up' });
    assert.throws(() => planMounts(hiding(join(folder, 'no'), '/'), settings), { code: 'set-up' });
  });

  test('R19 hides sockets that a connect would reach, once, and lets them go', async (t) => {
    const { plan, folder } = request(t, { cwd: '/' });
    const paths = ['ws/s', 'home/s', 'session/s'].map((name) => join(folder, name));
    for (const path of paths) {
      const server = createServer();
      t.after(() => void server.close());
      await new Promise<void>((resolve) => server.listen(path, resolve));
    }
    const files = { ...plan.cage.files, writable: [join(folder, 'ws')], layered: [join(folder, 'home')] };
    const { last } = planMounts({ ...plan, cage: { ...plan.cage, files } }, settings);
    const hidden = last.filter(({ mayBeGone, point }) => mayBeGone === true && point.startsWith(folder)).map(({ point }) => point);
    assert.deepEqual(hidden, [join(folder, 'ws/s')]);
  });
});
