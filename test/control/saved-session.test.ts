import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSigningKey } from '#control/keys.ts';
import { readSavedSession, type SavedSession, writeSavedSession } from '#control/saved-session.ts';

const KEPT = { keeps: { recordings: 'full', responses: 'digest' }, checkpoint: null } as const;
const ANSWER = {
  session: 's',
  token: 't',
  duty: 'd',
  targets: [],
  resolvers: [],
  ca: 'PEM',
  evidence: '/e',
  hide: [],
  passEnv: [],
  persist: [],
  agents: [],
  identityUrl: null,
  ...KEPT,
};
const saved = (): SavedSession => ({ socketPath: '/s', gateway: 'g', key: createSigningKey(), answer: ANSWER });

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-saved-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('writeSavedSession() and readSavedSession() hand a session on, for its owner only', (t) => {
  const folder = folderFor(t);
  const session = saved();
  writeSavedSession(folder, session);
  assert.equal(statSync(join(folder, 'session.json')).mode & 0o777, 0o600);
  const read = readSavedSession(folder);
  assert.deepEqual([read.socketPath, read.gateway, read.answer], [session.socketPath, session.gateway, session.answer]);
  assert.equal(read.key.thumbprint, session.key.thumbprint);
  assert.ok(read.key.privateKey.equals(session.key.privateKey));
  assert.throws(() => writeSavedSession(folder, session), { code: 'EEXIST' });
});

const HOSTILE: readonly { name: string; code: string; make: (path: string) => void }[] = [
  { name: 'nothing', code: 'missing', make: () => undefined },
  {
    name: 'a link',
    code: 'missing',
    make: (path) => {
      writeFileSync(`${path}.real`, '{}', { mode: 0o600 });
      symlinkSync(`${path}.real`, path);
    },
  },
  { name: 'a folder', code: 'not-private', make: (path) => mkdirSync(path, { mode: 0o700 }) },
  {
    name: 'a file that others may read',
    code: 'not-private',
    make: (path) => {
      writeFileSync(path, '{}');
      chmodSync(path, 0o640);
    },
  },
  { name: 'no JSON', code: 'malformed', make: (path) => writeFileSync(path, '{', { mode: 0o600 }) },
  { name: 'another shape', code: 'malformed', make: (path) => writeFileSync(path, '{"version":2}', { mode: 0o600 }) },
  {
    name: 'a key of another kind',
    code: 'malformed',
    make: (path) =>
      writeFileSync(path, JSON.stringify({ version: 1, socketPath: '/s', gateway: 'g', key: 'AAAA', answer: ANSWER }), { mode: 0o600 }),
  },
];

for (const { name, code, make } of HOSTILE) {
  test(`readSavedSession() refuses ${name}`, (t) => {
    const folder = folderFor(t);
    make(join(folder, 'session.json'));
    assert.throws(() => readSavedSession(folder), { name: 'SavedSessionError', code });
  });
}
