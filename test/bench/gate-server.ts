/**
 * The PostgreSQL gate as the gateway runs it, in a process of its own, with policy, guard and audit file, but without a cage:
 * `node gate-server.ts HOST PORT DATABASE USER FOLDER`, prints `ready on PORT`. The audit goes to FOLDER.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { createSessionCa } from '#adapters/certificates/session-ca.ts';
import { AuditFile } from '#adapters/files/audit-file.ts';
import { EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { parsePolicy } from '#core/policy/parse.ts';
import { createPostgresGate } from '#gates/postgres/gate.ts';
import { randomIds, systemClock } from '#gateway/system.ts';
import { createGuard } from '#session/guard.ts';
import { Narrowing } from '#session/narrowing.ts';
import { OperationCounts } from '#session/operation-counts.ts';

const [host = '', port = '', database = '', user = '', folder = ''] = process.argv.slice(2);
const parsed = parsePolicy(`
version: 1
targets:
  bench: { protocol: postgres, address: "${host}:${port}", database: ${database}, user: ${user}, tls: disable }
duties:
  reader:
    allow: [ { on: bench, effects: [read], relations: ["*.*"] }, { on: bench, effects: [session] } ]
bindings:
  - { duties: [reader], when: { issuer: local } }
`);
if (!parsed.ok) throw new Error(`Cannot start the gate: ${JSON.stringify(parsed.problems)}`);
const target = parsed.policy.targets.get('bench');
const duty = parsed.policy.duties.get('reader');
if (target === undefined || duty === undefined) throw new Error('Cannot start the gate: no target or duty, expected both');
const right = Narrowing.ofSession(duty);

const ids = randomIds();
const ca = await createSessionCa(systemClock.nowMs());
const audit = AuditFile.create(EvidenceFolder.create(folder, ids.next()), systemClock);
const gate = createPostgresGate({
  target,
  link: '1',
  targetEpoch: { value: 0 },
  connections: { open: 0, max: 1000 },
  password: null,
  ca: null,
  tls: await ca.issue({ dns: ['bench'], ip: [] }),
  right,
  guard: createGuard({ link: '1', right, counts: new OperationCounts(), audit, ids, clock: systemClock, digestsResponses: true }),
  responses: null,
  keepsResponses: true,
  audit,
  ids,
  maskKey: randomBytes(32),
});
process.once('SIGINT', () => process.exit(0));
const server = createServer((socket) => gate.accept(socket));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`ready on ${address !== null && typeof address === 'object' ? address.port : 0}`);
});
