import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import type { JobFacts } from '#action/job-facts.ts';
import { makeJobFolder, openJobFolder, removeJobFolder } from '#action/job-folder.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const uid = process.getuid?.() ?? 0;
const FACTS: JobFacts = {
  ...{ repository: 'acme/shop', runId: '7', attempt: '1', job: 'report', temp: '/t', trackingId: 'github_1' },
  ...{ apiUrl: 'https://api.github.com', serverUrl: 'https://github.com' },
};

describe('makeJobFolder()', () => {
  it('makes a folder for this user alone, named by the job', (t) => {
    const base = temporaryFolder(t);
    const path = makeJobFolder({ base, uid }, FACTS);
    assert.match(path, new RegExp(`^${base}/duty-gate-${uid}/job-[0-9a-f]{16}$`));
    for (const folder of [path, join(path, '..')]) assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it('R2 tells a second use in the same job, and no other job', (t) => {
    const base = temporaryFolder(t);
    makeJobFolder({ base, uid }, FACTS);
    assert.throws(() => makeJobFolder({ base, uid }, { ...FACTS, apiUrl: 'https://other' }), {
      code: 'second-use',
      message: /session already/,
    });
    for (const change of [{ trackingId: 'github_2' }, { attempt: '2' }, { job: 'other' }, { runId: '8' }, { temp: '/u' }]) {
      assert.ok(existsSync(makeJobFolder({ base, uid }, { ...FACTS, ...change })));
    }
  });

  it('does not take a folder that others may write to, or a link', (t) => {
    const base = temporaryFolder(t);
    const parent = join(base, `duty-gate-${uid}`);
    mkdirSync(parent);
    chmodSync(parent, 0o755);
    assert.throws(() => makeJobFolder({ base, uid }, FACTS), { code: 'folder', message: /closed folder/ });
    renameSync(parent, join(base, 'elsewhere'));
    chmodSync(join(base, 'elsewhere'), 0o700);
    symlinkSync(join(base, 'elsewhere'), parent);
    assert.throws(() => makeJobFolder({ base, uid }, FACTS), { code: 'folder' });
  });

  it("does not take another user's folder", (t) => {
    const base = temporaryFolder(t);
    mkdirSync(join(base, `duty-gate-${uid + 1}`), { mode: 0o700 });
    assert.throws(() => makeJobFolder({ base, uid: uid + 1 }, FACTS), { code: 'folder' });
  });
});

describe('openJobFolder()', () => {
  it('opens what makeJobFolder() made, and answers null when it is gone', (t) => {
    const place = { base: temporaryFolder(t), uid };
    const path = makeJobFolder(place, FACTS);
    assert.equal(openJobFolder(place, path), path);
    removeJobFolder(path);
    assert.equal(openJobFolder(place, path), null);
  });

  it('takes no other place, whoever names it', (t) => {
    const place = { base: temporaryFolder(t), uid };
    const path = makeJobFolder(place, FACTS);
    const other = mkdtempSync(join(tmpdir(), 'duty-gate-test-'));
    const hostile = [
      '/',
      '/etc',
      other,
      `${path}/`,
      `${path}/..`,
      `${path}/../${path.slice(-20)}`,
      `${path}\n`,
      'job-0123456789abcdef',
      join(path, '..'),
    ];
    for (const named of hostile) assert.throws(() => openJobFolder(place, named), { code: 'folder' }, named);
    removeJobFolder(other);
  });

  it('takes no link, no file, and nothing that others can read', (t) => {
    const place = { base: temporaryFolder(t), uid };
    const path = makeJobFolder(place, FACTS);
    chmodSync(path, 0o750);
    assert.throws(() => openJobFolder(place, path), { code: 'folder' });
    renameSync(path, `${path.slice(0, -1)}x`);
    symlinkSync(`${path.slice(0, -1)}x`, path);
    assert.throws(() => openJobFolder(place, path), { code: 'folder' });
    removeJobFolder(path);
    writeFileSync(path, '', { mode: 0o600 });
    assert.throws(() => openJobFolder(place, path), { code: 'folder' });
  });
});

test('removeJobFolder() removes what a command closed to itself, and follows no link', (t) => {
  const base = temporaryFolder(t);
  const path = makeJobFolder({ base: realpathSync(base), uid }, FACTS);
  const outside = join(base, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'kept'), '');
  mkdirSync(join(path, 'layers/a/upper/deep'), { recursive: true });
  writeFileSync(join(path, 'layers/a/upper/deep/file'), '');
  symlinkSync(outside, join(path, 'layers/a/upper/deep/link'));
  chmodSync(join(path, 'layers/a/upper/deep'), 0);
  chmodSync(join(path, 'layers/a/upper'), 0);
  removeJobFolder(path);
  assert.deepEqual([existsSync(path), existsSync(join(outside, 'kept'))], [false, true]);
  removeJobFolder(path);
});
