import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { foldersAbove, isWithin, mountOf, parseMountTable, readMountTable, visibleMounts } from '#wrapper/mount-table.ts';

describe('parseMountTable()', () => {
  test('gives every field, and names as they are', () => {
    const text = '36 35 98:0 /a\\040b /mnt\\134c rw,nosuid shared:1 master:2 - ext3 /dev/root rw,errors=continue\n\n';
    assert.deepEqual(parseMountTable(text), [
      { id: '36', parent: '35', device: '98:0', root: '/a b', point: '/mnt\\c', options: ['rw', 'nosuid'], type: 'ext3' },
    ]);
  });

  test('passes over what is no line of it', () => assert.deepEqual(parseMountTable('\n- \nodd line\n'), []));

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void parseMountTable(text)),
      { numRuns: 300, verbose: 1 },
    );
  });

  test('reads the one of this machine', () => assert.ok(readMountTable().some(({ point }) => point === '/')));
});

describe('visibleMounts()', () => {
  /** `id parent point`, the table's way. */
  const table = (...mounts: readonly string[]) =>
    mounts.map((each) => {
      const [id = '', parent = '', point = ''] = each.split(' ');
      return { id, parent, point, device: '8:1', root: '/', options: [], type: 'ext4' };
    });

  for (const [name, mounts, visible] of [
    ['all of a tree', ['1 0 /', '2 1 /a', '3 2 /a/b', '4 1 /c'], ['1', '2', '3', '4']],
    ['the upper of two at one point', ['1 0 /', '2 1 /a', '3 2 /a'], ['1', '3']],
    ['none below the lower of two at one point', ['1 0 /', '2 1 /a', '3 2 /a/b', '4 2 /a'], ['1', '4']],
    ['none that a later one above covers', ['1 0 /', '2 1 /a/b', '3 2 /a/b/c', '4 1 /a'], ['1', '4']],
    ['one on what covers', ['1 0 /', '2 1 /a/b', '4 1 /a', '5 4 /a/b'], ['1', '4', '5']],
    ['one whose neighbour begins alike', ['1 0 /', '2 1 /a', '3 1 /ab'], ['1', '2', '3']],
    ['all where one lies on the root', ['1 0 /', '2 1 /a', '3 1 /'], ['1', '2', '3']],
    ['nothing of a ring', ['1 2 /', '2 1 /a'], []],
  ] as const) {
    test(`gives ${name}`, () =>
      assert.deepEqual(
        visibleMounts(table(...mounts)).map(({ id }) => id),
        visible,
      ));
  }

  test('P8 agrees with a walk along each path, as the kernel does it', () => {
    const point = fc.constantFrom('/a', '/a/b', '/a/b/c', '/d', '/d/b');
    fc.assert(
      fc.property(fc.array(point, { maxLength: 8 }), (points) => {
        const made = table('0 -1 /');
        for (const [at, each] of points.entries()) made.push(...table(`${at + 1} ${walk(each, made)} ${each}`));
        const expected = made.filter(({ id, point: each }) => walk(each, made) === id).map(({ id }) => id);
        assert.deepEqual(
          visibleMounts(made).map(({ id }) => id),
          expected,
        );
      }),
      { numRuns: 500, verbose: 1 },
    );
  });
});

/** The mount that a path leads into: at each folder on the way, whatever is mounted there, and on that. */
function walk(path: string, mounts: readonly { readonly id: string; readonly parent: string; readonly point: string }[]): string {
  let id = '0';
  for (const folder of [...foldersAbove(path, '/').toReversed(), path].slice(1)) {
    for (let next = mounts.find(({ parent, point }) => parent === id && point === folder); next !== undefined; ) {
      id = next.id;
      const on = id;
      next = mounts.find(({ parent, point }) => parent === on && point === folder);
    }
  }
  return id;
}

test('mountOf() gives the nearest, and the later of two at one point', () => {
  const mounts = ['/', '/a', '/a/b', '/a', '/ab'].map((point, at) => ({ point, at }));
  for (const [path, at] of [
    ['/', 0],
    ['/a', 3],
    ['/a/b/c', 2],
    ['/a/bc', 3],
    ['/abc', 0],
  ] as const) {
    assert.equal(mountOf(path, mounts)?.at, at, path);
  }
  assert.equal(mountOf('/a', []), null);
});

test('foldersAbove() goes up to the top and no further', () => {
  assert.deepEqual(foldersAbove('/a/b/c', '/a'), ['/a/b', '/a']);
  assert.deepEqual(foldersAbove('/a/b', '/'), ['/a', '/']);
  assert.deepEqual(foldersAbove('/a', '/a'), []);
  assert.deepEqual(foldersAbove('/', '/'), []);
});

test('isWithin() is not taken in by names that begin alike', () => {
  assert.ok(isWithin('/a/b', '/a') && isWithin('/a', '/a') && isWithin('/a', '/'));
  assert.ok(!isWithin('/ab', '/a') && !isWithin('/', '/a'));
});
