import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { AuditFile } from '#adapters/files/audit-file.ts';
import { createCheckpoints } from '#adapters/files/checkpoints.ts';
import { EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { createSigningKey } from '#control/keys.ts';
import { SessionTokens } from '#control/session-tokens.ts';
import type { Keeps } from '#core/audit/entry.ts';
import { sessionChain } from '#core/chain/chain.ts';
import { SESSION_LIMITS } from '#core/chain/delegation-limits.ts';
import type { Gate } from '#gates/gate.ts';
import { placeTargets } from '#gateway/cage/addresses.ts';
import { CheckpointRounds } from '#gateway/checkpoint-rounds.ts';
import { LiveSession, type LiveSessionParts } from '#gateway/live-session.ts';
import { randomIds, systemClock } from '#gateway/system.ts';
import { DutySession } from '#session/session.ts';
import { KEEPS } from '#test/fixtures/bundle.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';
import { entriesOf } from './harness.ts';

/** An open session with real evidence, and gates that only remember how they were closed: `LINK: WHY`. */
export async function makeLive(t: TestContext, recordingBeginMsMax = 60_000, keeps: Keeps = KEEPS, more: Partial<LiveSessionParts> = {}) {
  const parent = mkdtempSync(join(tmpdir(), 'duty-gate-live-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const key = createSigningKey();
  const ids = randomIds();
  const folder = EvidenceFolder.create(parent, ids.next());
  const audit = AuditFile.create(folder, systemClock);
  const duty = dutyNamed('reader');
  const job = { principal: 'someone', duty: 'reader', executable: '', started: '2026-01-02T03:04:05.678Z', keyThumbprint: key.thumbprint };
  const facts = {
    ...{
      session: 's',
      gateway: key.thumbprint,
      issuer: 'local',
      claims: {},
      chain: [job],
      policySha256: '0'.repeat(64),
      policySource: null,
    },
    ...{ clientKey: key.thumbprint, evidenceKey: key.thumbprint, nonce: 'n', confinement: 'confined' as const, keeps },
  };
  const session = new DutySession({
    facts,
    duty,
    audit,
  });
  await session.begin();
  const closed: string[] = [];
  const gateFor = (link: string): Gate => ({
    accept: (socket) => void socket.destroy(),
    async close(why) {
      closed.push(`${link}: ${why}`);
      audit.append({ kind: 'connection', connection: 'c', link, target: 'db', event: 'closed', why });
    },
  });
  const gatesFor = (link: string) => new Map([['db', gateFor(link)]]);
  const addresses = placeTargets([]);
  const checkpoints = createCheckpoints(audit, 's', key.privateKey);
  const rounds = new CheckpointRounds(checkpoints, () => audit.head.entries);
  const kept = { keeps, encrypt: null, checkpoints, rounds, clock: systemClock, lateToken: () => null };
  const live = new LiveSession({
    ...{
      session,
      folder,
      audit,
      gatesFor,
      addresses,
      ca: 'PEM',
      hide: [],
      passEnv: [],
      persist: [],
      identity: null,
      egress: null,
      agents: [],
      limits: SESSION_LIMITS,
      duties: new Map([
        ['reader', duty],
        ['writer', { ...duty, name: 'writer' }],
      ]),
      chain: sessionChain([job]),
    },
    ...{ tokens: new SessionTokens(), socketPath: '/no/such' },
    ...{ gateway: key.thumbprint, evidenceKey: key.privateKey, recordingBeginMsMax, ...kept, ...more },
  });
  const kinds = () => entriesOf(folder.path).map(({ kind, event }) => (event === undefined ? kind : `${kind} ${event}`));
  return { live, session, audit, addresses, gatesFor, closed, kinds, folder, kept };
}
