import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { filesAlone, filesInJob } from '#wrapper/files-plan.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'duty-gate-files-')));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
for (const name of ['home', 'work/shop/.github', 'work/shop/.git/hooks', 'temp', 'tools', 'job']) mkdirSync(at(name), { recursive: true });
symlinkSync(at('home'), at('link'));

describe('filesAlone()', () => {
  test('lets a command write where its user would expect it, for good', () => {
    const { writable, layered, layersFolder } = filesAlone(at('work'), at('home'));
    assert.deepEqual([writable, layered, layersFolder], [[at('work'), at('home'), '/tmp', '/var/tmp'], [], null]);
  });

  for (const [name, cwd, home, expected] of [
    ['no home', at('work'), undefined, [at('work'), '/tmp', '/var/tmp']],
    ['a home that is not there', at('work'), at('none'), [at('work'), '/tmp', '/var/tmp']],
    ['a home that is a link', at('work'), at('link'), [at('work'), at('home'), '/tmp', '/var/tmp']],
    ['a relative home', at('work'), 'home', [at('work'), '/tmp', '/var/tmp']],
    ['the same folder twice', '/tmp', '/tmp', ['/tmp', '/var/tmp']],
    ['the root, which would be everything', '/', '/', ['/tmp', '/var/tmp']],
  ] as const) {
    test(`copes with ${name}`, () => assert.deepEqual(filesAlone(cwd, home).writable, expected));
  }
});

describe('filesInJob()', () => {
  const environment = {
    ...{ GITHUB_WORKSPACE: at('work/shop'), HOME: at('home'), RUNNER_TEMP: at('temp'), RUNNER_TOOL_CACHE: at('tools') },
  };

  test('lets only the workspace be written for good, less what later steps run of it (R17)', () => {
    const plan = filesInJob(environment, at('job'), [at('work/shop/.git')], []);
    assert.deepEqual(plan.writable, [at('work/shop')]);
    assert.deepEqual(plan.layered, [at('home'), at('temp'), at('tools'), '/tmp', '/var/tmp']);
    assert.deepEqual(plan.protected, [at('work/shop/.github'), at('work/shop/.git/hooks')]);
    assert.equal(plan.layersFolder, at('job/layers'));
    assert.equal(statSync(at('job/layers')).mode & 0o777, 0o700);
    assert.deepEqual(filesInJob(environment, at('job'), [at('work/shop/.git')], []), plan);
  });

  test('protects this very program where it lies in the workspace', () => {
    const root = realpathSync(join(import.meta.dirname, '../..'));
    assert.ok(filesInJob({ GITHUB_WORKSPACE: root }, at('job'), [], []).protected.includes(join(root, 'dist')));
  });

  test('does without folders that the job does not name', () => {
    const plan = filesInJob({}, at('job'), [], []);
    assert.deepEqual([plan.writable, plan.layered, plan.protected], [[], ['/tmp', '/var/tmp'], []]);
  });

  test('does not write aside what is the workspace', () => {
    assert.ok(!filesInJob({ ...environment, HOME: at('work/shop') }, at('job'), [], []).layered.includes(at('work/shop')));
  });

  test('R17 lets what the policy persists be written for good, but for what leads elsewhere, and what is protected', () => {
    mkdirSync(at('home/cache'), { recursive: true });
    symlinkSync('/etc', at('work/shop/planted'));
    const asked = [at('home/cache'), at('work/shop/planted'), at('link/cache'), at('none'), at('work')];
    const plan = filesInJob(environment, at('job'), [at('work/shop/.git')], asked);
    assert.deepEqual(plan.writable, [at('work/shop'), at('home/cache'), at('work')]);
    assert.deepEqual(plan.protected, [at('work/shop/.github'), at('work/shop/.git/hooks')]);
    const root = realpathSync(join(import.meta.dirname, '../..'));
    assert.ok(filesInJob(environment, at('job'), [], [join(root, '..')]).protected.includes(root));
    assert.ok(!filesInJob(environment, at('job'), [], [at('temp')]).layered.includes(at('temp')));
  });
});
