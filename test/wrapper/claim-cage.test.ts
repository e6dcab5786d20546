import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { claimCage, planDigest, writeStartFile } from '#wrapper/claim-cage.ts';
import type { CagePlan, WrapPlan } from '#wrapper/plan.ts';
import { WrapError } from '#wrapper/wrap-error.ts';

const PLACE = { init: 8, entrance: 'user-namespace', network: '99' } as const;

function makePlan(t: TestContext, change: Partial<CagePlan> = {}): WrapPlan {
  const folder = temporaryFolder(t);
  for (const name of ['session', 'work']) mkdirSync(join(folder, name));
  const cage = {
    ...{
      sessionFolder: join(folder, 'session'),
      resolvers: ['198.18.0.2'],
      ca: 'PEM',
      hide: [],
      binds: [],
      aliases: [],
      launchers: [],
      workspace: null,
      toolFolders: [],
    },
    files: { writable: [join(folder, 'work')], layered: [], layersFolder: null, protected: [] },
  };
  return {
    argv: ['true'],
    cwd: '/',
    environment: [],
    cage: { ...cage, ...change },
    terminal: { interactive: false },
  } as unknown as WrapPlan;
}

test('planDigest() is the same for commands that see and write the same, and differs with whatever they see or write', (t) => {
  const plan = makePlan(t);
  const digest = planDigest(plan);
  assert.match(digest, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(planDigest({ cage: { ...plan.cage, sessionFolder: '/another', toolFolders: ['/another'] } }), digest);
  const { files } = plan.cage;
  const changes: Partial<CagePlan>[] = [
    { resolvers: [] },
    { ca: 'another' },
    { hide: ['/etc/shadow'] },
    { binds: [{ source: '/a', target: '/b' }] },
    { aliases: [{ point: '/etc/passwd', folder: '/b' }] },
    { aliases: [{ point: '/etc/group', folder: '/b' }] },
    { files: { ...files, writable: [] } },
    { files: { ...files, protected: files.writable } },
  ];
  const digests = changes.map((change) => planDigest({ cage: { ...plan.cage, ...change } }));
  assert.equal(new Set([digest, ...digests]).size, changes.length + 1);
});

test('R19 planDigest() differs when another file has the place of one that is seen as an alias', (t) => {
  const plan = makePlan(t);
  const point = join(plan.cage.files.writable[0] ?? '', 'config');
  const digest = () => planDigest({ cage: { ...plan.cage, aliases: [{ point, folder: '/b' }] } });
  writeFileSync(point, 'one');
  const first = digest();
  writeFileSync(point, 'other');
  assert.equal(digest(), first);
  writeFileSync(`${point}.lock`, 'one');
  renameSync(`${point}.lock`, point);
  assert.notEqual(digest(), first);
});

test('writeStartFile() hands over the command, and what listens on the machine where it can write', async (t) => {
  const plan = makePlan(t);
  const path = join(plan.cage.files.writable[0] ?? '', 'agent.sock');
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  const text = readFileSync(writeStartFile(plan, PLACE), 'latin1');
  assert.ok(text.includes(`\0hide=${path}\0`) && text.includes('\0arg=true\0'));
  assert.throws(() => writeStartFile(plan, PLACE), { code: 'EEXIST' });
});

test('claimCage() says where the cage stands, or why there is none', async (t) => {
  const plan = makePlan(t);
  const hold = () => assert.fail();
  assert.equal(await claimCage({ claim: async () => null, hold }, plan), null);
  assert.equal(await claimCage({ claim: async () => PLACE, hold }, plan), PLACE);
  const failing = claimCage({ claim: () => Promise.reject(new Error('Cannot enter')), hold }, plan);
  await assert.rejects(
    failing,
    (error: Error) => error instanceof WrapError && error.code === 'gateway' && error.message === 'Cannot enter',
  );
});
