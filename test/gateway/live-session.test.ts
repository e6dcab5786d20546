import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { AuditFile } from '#adapters/files/audit-file.ts';
import { EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { createSigningKey } from '#control/keys.ts';
import { encodeFrame } from '#core/recording/frames.ts';
import type { Gate } from '#gates/gate.ts';
import { placeTargets } from '#gateway/cage/addresses.ts';
import { LiveSession } from '#gateway/live-session.ts';
import { randomIds, systemClock } from '#gateway/system.ts';
import { createGuard } from '#session/guard.ts';
import { DutySession } from '#session/session.ts';
import { entriesOf } from './harness.ts';

/** A session with real evidence and a gate that only remembers how it was closed. */
async function setUp(t: TestContext) {
  const parent = mkdtempSync(join(tmpdir(), 'duty-gate-live-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const key = createSigningKey();
  const ids = randomIds();
  const folder = EvidenceFolder.create(parent, ids.next());
  const audit = AuditFile.create(folder, systemClock);
  const duty = { name: 'reader', allow: [], deny: [], mask: [] };
  const facts = {
    ...{ session: 's', gateway: key.thumbprint, issuer: 'local', claims: {}, chain: [], policySha256: '0'.repeat(64) },
    ...{ clientKey: key.thumbprint, evidenceKey: key.thumbprint, nonce: 'n', confinement: 'confined' as const },
  };
  const session = new DutySession({ facts, duty, audit, guard: createGuard({ duty, audit, ids, clock: systemClock }) });
  await session.begin(['true']);
  const closed: string[] = [];
  const gate: Gate = {
    accept: (socket) => void socket.destroy(),
    async close(why) {
      closed.push(why);
      audit.append({ kind: 'connection', connection: 'c', target: 'db', event: 'closed', why });
    },
  };
  const live = new LiveSession({
    ...{ session, folder, audit, gates: new Map([['db', gate]]), addresses: placeTargets([]), ca: 'PEM', hide: [] },
    ...{ gateway: key.thumbprint, evidenceKey: key.privateKey, recordingEndMsMax: 50 },
  });
  const kinds = () => entriesOf(folder.path).map(({ kind, event }) => (event === undefined ? kind : `${kind} ${event}`));
  return { live, session, closed, kinds, folder };
}

const FRAME = encodeFrame({ micros: 0, stream: 'output', payload: Buffer.from('x') });

test('LiveSession closes its gates before it writes the end, and seals last', async (t) => {
  const { live, closed, kinds } = await setUp(t);
  await live.close({ exitCode: 0, signal: null });
  await live.ended;
  assert.deepEqual(closed, ['the session was closed']);
  assert.deepEqual(kinds(), ['session', 'command started', 'connection closed', 'command ended', 'seal']);
});

test('LiveSession closes once', async (t) => {
  const { live } = await setUp(t);
  const closing = live.close({ exitCode: 0, signal: null });
  assert.throws(() => live.close({ exitCode: 0, signal: null }), { code: 'not-open' });
  await closing;
});

test('LiveSession aborts at once, unsealed, whatever is going on', async (t) => {
  const { live, kinds } = await setUp(t);
  const frames = new PassThrough();
  const recorded = live.record(frames);
  frames.write(FRAME);
  const aborted = live.abort('it was time');
  assert.equal(await Promise.race([live.ended.then(() => 'ended'), aborted.then(() => 'aborted')]), 'ended');
  frames.destroy();
  await assert.rejects(recorded, { code: 'malformed' });
  await aborted;
  await live.abort('again');
  assert.ok(!kinds().includes('seal'));
});

test('LiveSession lets a seal that is under way finish', async (t) => {
  const { live, kinds } = await setUp(t);
  const closing = live.close({ exitCode: 0, signal: null });
  await live.abort('the starter is gone');
  await closing;
  assert.equal(kinds().at(-1), 'seal');
});

test('LiveSession does not seal while the recording goes on', async (t) => {
  const { live, kinds } = await setUp(t);
  const frames = new PassThrough();
  const recorded = live.record(frames).catch(() => 'cut');
  frames.write(FRAME);
  await assert.rejects(live.close({ exitCode: 0, signal: null }), { code: 'conflict', message: /recording goes on/ });
  frames.destroy();
  assert.equal(await recorded, 'cut');
  await live.ended;
  assert.ok(!kinds().includes('seal'));
});

test('LiveSession tells what the system said when it cannot seal', async (t) => {
  const { live, folder } = await setUp(t);
  folder.close();
  await assert.rejects(live.close({ exitCode: 0, signal: null }), { code: 'failed', message: /Cannot open/ });
  await live.ended;
});

test('LiveSession ends of a second open, which is its last entry but what it cuts (R2)', async (t) => {
  const { live, kinds } = await setUp(t);
  await live.incident('A'.repeat(43));
  await live.ended;
  assert.deepEqual(kinds(), ['session', 'command started', 'incident', 'connection closed']);
});

test('LiveSession takes nothing after its end', async (t) => {
  const { live } = await setUp(t);
  await live.abort('over');
  assert.throws(() => live.record(new PassThrough()), { code: 'not-open' });
  await assert.rejects(live.enterCage({ pid: 1, entrance: 'sudo' }), { code: 'not-open' });
  assert.throws(() => live.close({ exitCode: 0, signal: null }), { code: 'not-open' });
});
