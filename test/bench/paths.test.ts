import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { preparePgbench, rowsPerSecond, selectsPerSecond } from './loads.ts';
import { type Paths, startPaths } from './paths.ts';

let started: Paths | undefined;
const names = ['direct', 'relay', 'gate'];
const login = { database: 'bench', user: 'bench' };

before(async () => {
  started = await startPaths(names);
  const [direct] = started.paths;
  if (direct !== undefined) await preparePgbench(direct, login, 1);
});
after(() => started?.stop());

for (const name of names) {
  test(`the bench measures the path ${name}`, async () => {
    const path = started?.paths.find((one) => one.name === name);
    assert.ok(path !== undefined);
    assert.ok((await selectsPerSecond(path, login, 'prepared', 2)) > 0);
    assert.ok((await rowsPerSecond(path, login, 'SELECT * FROM pgbench_accounts')) > 0);
    await assert.rejects(rowsPerSecond(path, login, 'SELECT 1/0'), new RegExp(`Cannot measure ${name}: .*22012`));
  });
}
