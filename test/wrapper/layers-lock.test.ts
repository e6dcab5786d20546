import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockLayers } from '#wrapper/layers-lock.ts';

test('lockLayers() gives one folder to one at a time', async () => {
  const folder = `/tmp/duty-gate-lock-${process.pid}`;
  const giveBack = await lockLayers(folder);
  assert.ok(giveBack);
  assert.equal(await lockLayers(folder), null);
  const other = await lockLayers(`${folder}-2`);
  assert.ok(other);
  other();
  giveBack();
  const again = await lockLayers(folder);
  assert.ok(again);
  again();
});

test('lockLayers() gives back what a killed process held', async () => {
  const folder = `/tmp/duty-gate-lock-killed-${process.pid}`;
  const file = join(import.meta.dirname, '../../wrapper/layers-lock.ts');
  const program = `const { lockLayers } = await import(${JSON.stringify(file)}); console.log((await lockLayers(${JSON.stringify(folder)})) !== null); setInterval(() => 0, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  assert.equal(String(said), 'true\n');
  assert.equal(await lockLayers(folder), null);
  child.kill('SIGKILL');
  await once(child, 'close');
  const mine = await lockLayers(folder);
  assert.ok(mine);
  mine();
});
