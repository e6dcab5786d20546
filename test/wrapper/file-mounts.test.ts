import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type FileMountsPlan, fileMounts, upperOptions } from '#wrapper/file-mounts.ts';
import { HOST_ASIDE, type MountLine } from '#wrapper/mount-line.ts';
import { isWithin, type Mount, mountOf } from '#wrapper/mount-table.ts';

type Given = {
  readonly writable?: readonly string[];
  readonly layered?: readonly string[];
  readonly protected?: readonly string[];
  readonly binds?: FileMountsPlan['binds'];
  readonly aliases?: FileMountsPlan['aliases'];
  readonly launchers?: FileMountsPlan['launchers'];
  /** Folders; a path that ends in `.yaml` is a file, in `.sock` one that may be gone. */
  readonly hide?: readonly string[];
  /** `point type options`. */
  readonly mounts?: readonly string[];
};

function mounts(given: readonly string[]): readonly Mount[] {
  return ['/ ext4 rw', ...given].map((each, at) => {
    const [point = '', type = 'ext4', options = 'rw'] = each.split(' ');
    return { id: String(at), parent: '', device: `8:${at}`, root: '/', point, type, options: options.split(',') };
  });
}

function lines(given: Given): readonly MountLine[] {
  return fileMounts({
    writable: given.writable ?? [],
    layers: (given.layered ?? []).map((path) => ({ path, folder: `layer-of-${path.replaceAll('/', '-')}`, mode: '755' })),
    protected: given.protected ?? [],
    binds: given.binds ?? [],
    aliases: given.aliases ?? [],
    launchers: given.launchers ?? [],
    hide: (given.hide ?? []).map((path) => ({
      path,
      isFolder: !/\.(yaml|sock)$/.test(path),
      mayBeGone: path.endsWith('.sock'),
    })),
    hostMounts: mounts(given.mounts ?? []),
    entrance: 'sudo',
    name: 'x',
  });
}

/** What was made, in short. */
function short({ point, source, type, options }: MountLine): string {
  const from = type !== 'none' ? type : source === point ? 'itself' : source.startsWith(HOST_ASIDE) ? 'host' : source;
  return `${point} ${from} ${type === 'overlay' ? '' : options.find((option) => option === 'rw' || option === 'ro')}`.trim();
}

const WS = '/h/work/r/r';

describe('fileMounts()', () => {
  const cases: readonly (readonly [name: string, given: Given, expected: readonly string[]])[] = [
    ['nothing for an empty plan', {}, []],
    ['a writable folder', { writable: ['/w'] }, ['/w host rw']],
    ['a layered folder', { layered: ['/h'] }, ['/h overlay']],
    [
      'a workspace in a home, every folder on the way held',
      { writable: [WS], layered: ['/h'] },
      ['/h overlay', '/h/work itself rw', '/h/work/r itself rw', `${WS} host rw`],
    ],
    ['one layer in another', { layered: ['/h/t', '/h'] }, ['/h overlay', '/h/t overlay']],
    ['a layer in a writable folder', { writable: ['/h'], layered: ['/h/a/t'] }, ['/h host rw', '/h/a itself rw', '/h/a/t overlay']],
    ['what is both for good', { writable: ['/h'], layered: ['/h'] }, ['/h host rw']],
    [
      'what is protected, its way held',
      { writable: ['/w'], protected: ['/w/.git/hooks', '/w/.github'] },
      ['/w host rw', '/w/.git itself rw', '/w/.github itself ro', '/w/.git/hooks itself ro'],
    ],
    ['what is protected once', { writable: ['/w'], protected: ['/w/a', '/w/a/b'] }, ['/w host rw', '/w/a itself ro']],
    ['a whole root protected', { writable: ['/w'], protected: ['/w'] }, ['/w host rw', '/w itself ro']],
    ['nothing for what is protected where nothing can be written', { protected: ['/etc'] }, []],
    ['nothing writable in what is protected', { writable: ['/w', '/w/a/b'], protected: ['/w/a'] }, ['/w host rw', '/w/a itself ro']],
    [
      "the host's mounts in a writable folder, as they are",
      { writable: ['/w'], mounts: ['/w/a ext4 rw', '/w/b ext4 ro', '/w/c proc rw', '/w/d cgroup2 rw', '/x ext4 rw'] },
      ['/w host rw', '/w/a host rw', '/w/b host ro', '/w/c host ro', '/w/d host ro'],
    ],
    [
      "the host's mounts in a layered folder, to read",
      { layered: ['/h'], mounts: ['/h/a/b ext4 rw'] },
      ['/h overlay', '/h/a itself rw', '/h/a/b host ro'],
    ],
    [
      "the host's mounts in what is protected, to read",
      { writable: ['/w'], protected: ['/w/a'], mounts: ['/w/a/b ext4 rw'] },
      ['/w host rw', '/w/a itself ro', '/w/a/b host ro'],
    ],
    ['a writable folder that is read-only on the host', { writable: ['/w'], mounts: ['/w ext4 ro'] }, ['/w host ro']],
    [
      'no interface of the kernel',
      { writable: ['/c/g', '/proc/x', '/sys', '/run/x', '/dev/shm'], layered: ['/run'], mounts: ['/c cgroup2 rw'] },
      [],
    ],
    ['never the root folder', { writable: ['/'], layered: ['/'] }, []],
    [
      'what the wrapper hands in, its way held',
      { layered: ['/h'], binds: [{ source: '/s', target: '/h/t/c' }] },
      ['/h overlay', '/h/t itself rw', '/h/t/c host rw'],
    ],
    [
      'what is seen as a link, its way held',
      { writable: ['/w'], protected: ['/w/.git/hooks'], aliases: [{ point: '/w/.git/config', folder: '/c' }] },
      ['/w host rw', '/w/.git itself rw', '/w/.git/config alias ro', '/w/.git/hooks itself ro'],
    ],
    ['what the wrapper hands in elsewhere', { binds: [{ source: '/s', target: '/a/b' }] }, ['/a/b host rw']],
    [
      'what is hidden, its way held where it could be moved',
      { writable: ['/w'], hide: ['/w/a/evidence', '/etc/x', '/w/s.yaml'] },
      ['/w host rw', '/etc/x tmpfs ro', '/w/a itself rw', '/w/s.yaml /run/duty-gate/empty ro', '/w/a/evidence tmpfs ro'],
    ],
    [
      'nothing in what is hidden',
      { writable: ['/w', '/w/e/x'], protected: ['/w/e/y'], layered: ['/w/e/z'], hide: ['/w/e'] },
      ['/w host rw', '/w/e tmpfs ro'],
    ],
    [
      'what may be gone with its way held',
      { writable: ['/w'], hide: ['/w/a/x.sock'] },
      ['/w host rw', '/w/a itself rw', '/w/a/x.sock /run/duty-gate/empty ro'],
    ],
    ['a writable folder that is hidden', { writable: ['/w'], hide: ['/w'] }, ['/w host rw', '/w tmpfs ro']],
    ['names that only begin alike apart', { writable: ['/w'], protected: ['/wx'], hide: ['/w-e'] }, ['/w host rw', '/w-e tmpfs ro']],
  ];
  for (const [name, given, expected] of cases) test(`makes ${name}`, () => assert.deepEqual(lines(given).map(short), expected));

  test('lets only what may be gone, and the way to that alone, be missing', () => {
    const all = lines({ writable: ['/w'], hide: ['/w/a/x.sock', '/w/b/x.sock', '/w/b/c/y'] });
    const loose = all.filter(({ mayBeGone }) => mayBeGone === true).map(({ point }) => point);
    assert.deepEqual(loose, ['/w/a', '/w/a/x.sock', '/w/b/x.sock']);
  });

  test('R17 honours no set-user-id program and opens no device in any of them', () => {
    const all = lines({ writable: [WS], layered: ['/h'], protected: [`${WS}/p`], hide: ['/e'], binds: [{ source: '/s', target: '/h/c' }] });
    for (const { point, options } of all) assert.ok(options.includes('nosuid') && options.includes('nodev'), point);
  });

  test('keeps what the host forbids besides: the kernel lets nobody lift it', () => {
    const all = lines({ writable: ['/w/a'], layered: ['/w/b'], protected: ['/w/a/p'], mounts: ['/w ext4 rw,noexec'] });
    for (const { point, options } of all) assert.ok(options.includes('noexec'), point);
  });

  test('takes attributes that an ordinary user may write only where nothing else is left', () => {
    assert.ok(!upperOptions('x', 'sudo').includes('userxattr'));
    assert.ok(upperOptions('x', 'user-namespace').includes('userxattr'));
    for (const option of ['redirect_dir=nofollow', 'metacopy=off']) assert.ok(upperOptions('x', 'sudo').includes(option));
  });

  test('R17 has outer mounts first, holds every folder on the way, and opens nothing protected or hidden', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }).map((names) => `/${names.join('/')}`);
    const paths = fc.uniqueArray(path, { maxLength: 3 });
    fc.assert(
      fc.property(paths, paths, paths, paths, paths, (writable, layered, closed, hidden, nested) => {
        const hide = hidden.filter((one) => !hidden.some((other) => one !== other && isWithin(one, other)));
        const all = lines({ writable, layered, protected: closed, hide, mounts: nested.map((point) => `${point} ext4 rw`) });
        const points = all.map(({ point }) => point);
        for (const [at, { point }] of all.entries()) {
          assert.ok(
            !points.slice(0, at).some((earlier) => earlier !== point && isWithin(earlier, point)),
            `${point} covers an earlier one`,
          );
          const top = mountOf(point, all);
          const isClosed = [...closed, ...hide].some((shut) => isWithin(point, shut));
          if (isClosed) assert.ok(top?.options.includes('ro') && top.type !== 'overlay', `${point} is open`);
          const roots = [...writable, ...layered].filter((root) => point !== root && isWithin(point, root));
          const inClosed = closed.some((shut) => isWithin(point, shut) && point !== shut);
          if (inClosed) continue;
          for (const root of roots) {
            for (
              let folder = point.slice(0, point.lastIndexOf('/'));
              isWithin(folder, root);
              folder = folder.slice(0, folder.lastIndexOf('/'))
            ) {
              const isShut = closed.some((shut) => isWithin(folder, shut)) || nested.some((mount) => isWithin(folder, mount));
              assert.ok(points.includes(folder) || isShut, `${folder} can be moved, with ${point} in it`);
            }
          }
        }
      }),
      { numRuns: 1000, verbose: 1 },
    );
  });
});
