import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostAddresses } from '#gateway/host-addresses.ts';

test('hostAddresses() finds what the host itself would', async () => {
  assert.ok((await hostAddresses('localhost')).includes('127.0.0.1'));
});

for (const host of ['127.0.0.1', '::1']) {
  test(`hostAddresses() asks nobody about ${host}`, async () => {
    assert.deepEqual(await hostAddresses(host), []);
  });
}

test('hostAddresses() takes a name that leads nowhere for no fault', async () => {
  assert.deepEqual(await hostAddresses('no such name'), []);
});
