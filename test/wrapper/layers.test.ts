import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { canKeepLayers, layerOf, makeLayerFolders, overlaidFolders, PROBE_FOLDER, sweepWorkFolders } from '#wrapper/layers.ts';
import type { Mount } from '#wrapper/mount-table.ts';

const mount = (point: string, type: string): Mount => ({ id: point, parent: '', device: '', root: '/', point, options: [], type });

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'duty-gate-layers-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

describe('makeLayerFolders()', () => {
  test("gives each upper layer the mode of the host's folder, and keeps what is in it", (t) => {
    const [layers, home] = [folder(t), folder(t)];
    chmodSync(home, 0o1770);
    const layer = layerOf(home);
    makeLayerFolders(layers, [layer]);
    const upper = join(layers, layer.folder, 'upper');
    assert.equal(statSync(upper).mode & 0o7777, 0o1770);
    assert.equal(statSync(join(layers, layer.folder, 'work')).mode & 0o777, 0o700);
    assert.ok(existsSync(join(layers, PROBE_FOLDER, 'upper')));
    writeFileSync(join(upper, 'kept'), '');
    chmodSync(upper, 0o711);
    makeLayerFolders(layers, [layer]);
    assert.ok(existsSync(join(upper, 'kept')));
    assert.equal(statSync(upper).mode & 0o777, 0o711);
  });

  test('gives each folder another name, which no option of a mount takes apart', () => {
    const [one, other] = [layerOf('/usr'), layerOf('/usr/lib')];
    assert.notEqual(one.folder, other.folder);
    assert.match(one.folder, /^[0-9a-f]{16}$/);
  });
});

test('sweepWorkFolders() takes away what is in the work folders, closed folders too, and nothing else', (t) => {
  const layers = folder(t);
  const layer = layerOf('/usr');
  makeLayerFolders(layers, [layer]);
  const work = join(layers, layer.folder, 'work');
  for (const name of ['work', 'index']) mkdirSync(join(work, name));
  writeFileSync(join(work, 'work', '#1'), '');
  chmodSync(join(work, 'work'), 0o000);
  symlinkSync('/usr', join(work, 'link'));
  writeFileSync(join(layers, layer.folder, 'upper', 'kept'), '');
  const asRoot: string[] = [];
  sweepWorkFolders(layers, [layer], (paths) => void asRoot.push(...paths));
  assert.deepEqual([readdirSync(work), asRoot], [[], []]);
  assert.ok(existsSync(join(layers, layer.folder, 'upper', 'kept')) && existsSync('/usr/bin'));
  sweepWorkFolders('/no/such/folder', [layer], (paths) => void asRoot.push(...paths));
  assert.deepEqual(asRoot, []);
});

test('overlaidFolders() gives what an overlay can lie on where something is mounted inside', (t) => {
  const home = folder(t);
  for (const path of ['a/b/mounted', 'a/c', 'd', 'ws', 'odd,name', 'a/b/e', 'tmp']) mkdirSync(join(home, path), { recursive: true });
  writeFileSync(join(home, 'file'), '');
  const at = (path: string): string => join(home, path);
  const mounts = [mount('/', 'ext4'), mount(at('a/b/mounted'), 'tmpfs')];
  const plan = { layered: [home, at('tmp'), '/usr'], writable: [at('ws')], layersFolder: null, protected: [] };
  assert.deepEqual([...overlaidFolders(plan, mounts)].sort(), ['/usr', at('a/b/e'), at('a/c'), at('d'), at('tmp')].sort());
  assert.deepEqual(overlaidFolders(plan, [mount('/', 'ext4')]), plan.layered);
});

test('canKeepLayers() knows file systems that hold no upper layer', () => {
  const mounts = [mount('/', 'overlay'), mount('/data', 'ext4'), mount('/data/net', 'nfs4')];
  assert.deepEqual(
    ['/tmp/x', '/data/x', '/data/net/x'].map((path) => canKeepLayers(path, mounts)),
    [false, true, false],
  );
});
