import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAttestationStore, type StoreSetup } from './attestation-store.ts';

const BUNDLE = { mediaType: 'x', verificationMaterial: {}, dsseEnvelope: {} };
type Asked = { readonly token?: string; readonly path?: string; readonly body?: object };

const CASES: readonly (readonly [string, Partial<StoreSetup>, Asked, number])[] = [
  ['keeps a bundle', {}, {}, 201],
  ['knows nobody without a token of the job', {}, { token: 'other' }, 401],
  ['has no other repository', {}, { path: 'acme/other/attestations' }, 404],
  ['wants the permission', { permission: 'read' }, {}, 403],
  ['is not offered to every repository', { isOffered: false }, {}, 403],
  ['wants a bundle', {}, { body: { bundle: { mediaType: 'x' } } }, 422],
  ['wants nothing but a bundle', {}, { body: { bundle: BUNDLE, more: 1 } }, 422],
];
for (const [what, setup, { token = 't', path = 'acme/shop/attestations', body = { bundle: BUNDLE } }, status] of CASES)
  test(`the attestation store ${what}`, async () => {
    const { service, stored } = createAttestationStore({ token: 't', repository: 'acme/shop', ...setup });
    const url = new URL(`http://x${service.prefix}${path}`);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await service.answer({ method: 'POST', url, headers, body: Buffer.from(JSON.stringify(body)) });
    assert.deepEqual([answer.status, stored.length], [status, status === 201 ? 1 : 0]);
  });
