import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gatewayPath, startGateway } from '#control/gateway-process.ts';

test('gatewayPath() finds the source beside the source, and the bundle beside the bundle', () => {
  assert.ok(existsSync(gatewayPath(import.meta.resolve('#control/client.ts'))));
  assert.equal(gatewayPath('file:///opt/dist/duty-gate.js'), '/opt/dist/gateway.js');
});

test("startGateway() fails in the gateway's own words, and leaves no process", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-gateway-'));
  const bootstrap = {
    policyPath: join(folder, 'missing.yml'),
    secretsPath: null,
    evidenceFolder: folder,
    socketFolder: folder,
    issuer: 'local',
  } as const;
  await assert.rejects(startGateway(bootstrap), { code: 'policy', message: /missing\.yml/ });
  rmSync(folder, { recursive: true });
});
