import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import type { PostgresServer } from '#test/servers/postgres.ts';
import { Bench } from './harness.ts';

/** Nothing connects to it. */
const SERVER = { port: 9, database: 'd', user: 'u', password: 'a-password', ca: '' } as PostgresServer;
const DUTY = '{ allow: [ { on: orders-db, effects: [read] } ] }';
const TOKENS = { GITHUB_TOKEN: 'of-the-job', GH_TOKEN: 'of-the-app' };

it('R12 a policy hides more of the machine, and passes the tokens that it names', async () => {
  const secret = mkdtempSync(join(realpathSync(homedir()), '.duty-gate-keys-'));
  writeFileSync(join(secret, 'key'), 'a-key');
  const inHome = `~/${secret.slice(realpathSync(homedir()).length + 1)}`;
  const look = ['sh', '-c', `cat ${secret}/key 2>/dev/null; echo "[$GITHUB_TOKEN] [$GH_TOKEN]"`];
  const plain = new Bench(SERVER, DUTY);
  const told = new Bench(SERVER, `${DUTY}\nconfinement: { hide: ["${inHome}", /no/such/folder], pass-env: [GH_TOKEN] }`);
  try {
    const before = await plain.run(look, { env: TOKENS }).ended;
    assert.equal(before.stdout, 'a-key[] []\n', before.stderr);
    const after = await told.run(look, { env: TOKENS }).ended;
    assert.equal(after.stdout, '[] [of-the-app]\n', after.stderr);
    // What is hidden is covered, not gone.
    mkdirSync(join(secret, 'still-there'));
  } finally {
    plain.remove();
    told.remove();
    rmSync(secret, { recursive: true });
  }
});
