import { writeSync } from 'node:fs';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { createEncrypt } from '#adapters/encryption/age.ts';
import { AuditFile } from '#adapters/files/audit-file.ts';
import { openBundle } from '#adapters/files/bundle.ts';
import { type Checkpoints, createCheckpoints } from '#adapters/files/checkpoints.ts';
import { EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import type { Encrypt } from '#adapters/files/recording-file.ts';
import { RecordingWriter } from '#adapters/files/recording-writer.ts';
import { sealBundle } from '#adapters/files/seal.ts';
import type { AuditEntry, Keeps } from '#core/audit/entry.ts';
import { encodeFrame, encodeResize, encodeStream } from '#core/recording/frames.ts';
import { POLICY_FILE, type RecordingPath, TOKEN_FILE } from '#core/verify/manifest.ts';
import { systemClock } from '#gateway/system.ts';
import { createGuard, type Guard } from '#session/guard.ts';
import { Narrowing } from '#session/narrowing.ts';
import { OperationCounts } from '#session/operation-counts.ts';
import type { Clock } from '#session/ports.ts';
import { newKey, POLICY_TEXT, sessionEntry, steppingClock } from '#test/fixtures/bundle.ts';
import { type Random, seededRandom } from '#test/simulate/random.ts';
import { KEEPER } from '#test/simulate/vocabulary.ts';

/** What was acknowledged of a bundle that may not have been finished. */
export type Acknowledged = {
  /** Number of the last entry that was reported as written; -1: none was. */
  written: number;
  checkpoints: string[];
  sealed: boolean;
  /** Why something was refused; empty: nothing was. */
  failures: string[];
  /** What was acknowledged after that; there is to be nothing (P2). */
  late: string[];
};

export function nothingAcknowledged(): Acknowledged {
  return { written: -1, checkpoints: [], sealed: false, failures: [], late: [] };
}

export type SessionSetup = {
  readonly parent: string;
  readonly session: string;
  readonly seed: number;
  readonly clock?: Clock;
  /** Bytes that the bundle may have. */
  readonly bytesMax?: number;
  /** Tells of each as it comes. */
  readonly tell?: (line: string) => void;
  /** After the first failure, before all is tried once more: takes away what made it fail. */
  readonly relieve?: () => void;
};

const COMMANDS = 3;
const OPERATIONS_MAX = 12;
/** Small, so that files are continued in others. */
const [AUDIT_FILE_BYTES, RECORDING_FILE_BYTES] = [6_000, 900];

/** Writes a whole session by the real adapters, as the gateway would: commands, operations, checkpoints, recordings, seal. Never rejects. */
export async function writeSession(setup: SessionSetup): Promise<Acknowledged> {
  const acknowledged = nothingAcknowledged();
  let world: World | null = null;
  try {
    world = await begin(setup, acknowledged);
    await run(world);
  } catch (cause) {
    acknowledged.failures.push(cause instanceof Error ? cause.message : String(cause));
    setup.relieve?.();
    if (world !== null) await tryMore(world);
  } finally {
    world?.audit.close();
    world?.folder.close();
  }
  return acknowledged;
}

type World = {
  readonly folder: EvidenceFolder;
  readonly audit: AuditFile;
  readonly checkpoints: Checkpoints;
  readonly guardOf: (link: string) => Guard;
  readonly random: Random;
  readonly encrypt: Encrypt | null;
  readonly acknowledged: Acknowledged;
  readonly entry: Extract<AuditEntry, { kind: 'session' }>;
  readonly seal: () => Promise<void>;
  readonly tell: (line: string) => void;
};

async function begin(setup: SessionSetup, acknowledged: Acknowledged): Promise<World> {
  const { session, clock = steppingClock(), tell = () => {} } = setup;
  const random = seededRandom(setup.seed);
  const isEncrypted = random.chance(0.5);
  const recipients = isEncrypted ? [await identityToRecipient(await generateIdentity())] : [];
  const kept = isEncrypted ? 'encrypted' : 'full';
  const keeps: Keeps = { recordings: kept, responses: kept, token: 'at-once', recipients };
  const evidenceKey = newKey();
  const made = sessionEntry(session, newKey(), evidenceKey);
  const { folder, audit } = open(setup, made.token, clock);
  const ids = { next: () => `d${audit.counts.entries}` };
  const sealing = { folder, audit, session, gateway: made.entry.gateway, evidenceKey, token: null };
  return {
    ...{ folder, audit, random, acknowledged, tell, entry: { ...made.entry, keeps } },
    checkpoints: createCheckpoints(audit, session, evidenceKey),
    guardOf: (link) =>
      createGuard({
        link,
        right: Narrowing.ofSession({ ...KEEPER, name: 'reader' }),
        counts: new OperationCounts(),
        audit,
        ids,
        clock,
        digestsResponses: true,
      }),
    encrypt: isEncrypted ? createEncrypt(recipients) : null,
    seal: () => sealBundle(sealing),
  };
}

function open({ parent, session, bytesMax }: SessionSetup, token: string, clock: Clock): Pick<World, 'folder' | 'audit'> {
  const policy = Buffer.from(POLICY_TEXT);
  if (bytesMax === undefined) return openBundle({ parent, session, policy, token, clock, auditFileBytesMax: AUDIT_FILE_BYTES });
  const folder = EvidenceFolder.create(parent, session, bytesMax);
  try {
    folder.writeWhole(POLICY_FILE, policy);
    folder.writeWhole(TOKEN_FILE, Buffer.from(token));
    return { folder, audit: AuditFile.create(folder, clock, AUDIT_FILE_BYTES) };
  } catch (cause) {
    folder.close();
    throw cause;
  }
}

async function run(world: World): Promise<void> {
  await append(world, world.entry);
  checkpoint(world);
  for (let link = 1; link <= COMMANDS; link += 1) {
    await runCommand(world, String(link));
    checkpoint(world);
  }
  await world.seal();
  sealed(world);
}

async function runCommand(world: World, link: string): Promise<void> {
  await append(world, { kind: 'command', link, event: 'started', argv: ['psql'], exitCode: null, signal: null });
  await recorded(world, link, 'terminal', (terminal) =>
    recorded(world, link, 'responses', async (responses) => {
      await terminal.push(encodeResize(0, 80, 24));
      for (let left = world.random.below(OPERATIONS_MAX); left >= 0; left -= 1) {
        await runOperations(world, link, responses);
        for (const frame of encodeStream(1000, 'output', bytesOf(world.random.below(500)))) await terminal.push(frame);
      }
    }),
  );
  await append(world, { kind: 'command', link, event: 'ended', argv: ['psql'], exitCode: 0, signal: null });
}

/** Rejects when the recording cannot be ended well, too. */
async function recorded(
  { folder, audit, encrypt }: World,
  link: string,
  of: RecordingPath['of'],
  during: (recording: RecordingWriter) => Promise<void>,
): Promise<void> {
  const range = (entry: AuditEntry): void => audit.append(entry);
  const recording = new RecordingWriter({ folder, link, of, range, encrypt, fileBytesMax: RECORDING_FILE_BYTES });
  try {
    await during(recording);
  } catch (cause) {
    await recording.close().catch(() => undefined);
    throw cause;
  }
  await recording.close();
}

/** One that is allowed, with its response, and one that is refused, on a connection of their own. */
async function runOperations(world: World, link: string, responses: RecordingWriter): Promise<void> {
  const { random } = world;
  const guard = world.guardOf(link);
  const connection = `c${world.audit.counts.entries}`;
  const of = { kind: 'connection', connection, link, target: 'orders-db', why: null } as const;
  await append(world, { ...of, event: 'opened' });
  const decision = await ask(world, guard, connection, 'read');
  const response = bytesOf(random.below(200));
  guard.response(decision, response);
  await responses.push(encodeFrame({ micros: 500, stream: 'marker', payload: Buffer.from(decision) }));
  for (const frame of encodeStream(500, 'output', response)) await responses.push(frame);
  guard.outcome(decision, { status: 'ok', code: null, rows: 1, bytes: response.length, masked: random.below(3) });
  await ask(world, guard, connection, 'drop');
  await append(world, { ...of, event: 'closed' });
}

const bytesOf = (length: number): Buffer => Buffer.alloc(length, 'x');

/** Rejects when it could not be written. */
function append(world: World, entry: AuditEntry): Promise<void> {
  return new Promise((resolve, reject) => {
    world.audit.append(entry, (result) => {
      if (!result.ok) return reject(new Error(result.why));
      written(world);
      resolve();
    });
  });
}

/** The decision's id. Rejects when it could not be written. */
function ask(world: World, guard: Guard, connection: string, effect: 'read' | 'drop'): Promise<string> {
  const pairs = [{ effect, object: { kind: 'relation', path: ['public', 'orders'] } }] as const;
  const statement = `${effect} orders`;
  const operation = { target: 'orders-db', protocol: 'postgres', database: 'd', pairs, statements: 1, statement, parameters: [] } as const;
  return new Promise((resolve, reject) => {
    guard.ask(connection, { kind: 'operation', operation }, (judgement) => {
      if (judgement.kind === 'refused' && judgement.refusal.kind === 'unrecordable') return reject(new Error(judgement.refusal.why));
      written(world);
      resolve(judgement.kind === 'cleared' ? judgement.decisionId : judgement.refusal.decisionId);
    });
  });
}

function written({ acknowledged, audit, tell }: World): void {
  const last = audit.head.entries - 1;
  if (acknowledged.failures.length > 0) acknowledged.late.push(`written ${last}`);
  acknowledged.written = last;
  tell(`written ${last}`);
}

/** That none could be made shows in what comes next. */
function checkpoint({ acknowledged, checkpoints, tell }: World): void {
  const text = checkpoints.enter();
  if (text === null) return;
  if (acknowledged.failures.length > 0) acknowledged.late.push(`checkpoint ${text}`);
  acknowledged.checkpoints.push(text);
  tell(`checkpoint ${text}`);
}

function sealed({ acknowledged, tell }: World): void {
  if (acknowledged.failures.length > 0) acknowledged.late.push('sealed');
  acknowledged.sealed = true;
  tell('sealed');
}

/** Why a closed audit takes nothing: it was sealed, or could not be, or the session was broken off. */
const CLOSED = 'the audit file is closed';

/** All that a session can ask for, once more. One whose recording failed ends first, as the gateway has it. */
async function tryMore(world: World): Promise<void> {
  const canSeal = world.audit.failure !== null && world.audit.failure !== CLOSED;
  if (world.audit.failure === null) world.audit.close();
  checkpoint(world);
  const more: AuditEntry = { kind: 'command', link: 'late', event: 'started', argv: ['psql'], exitCode: null, signal: null };
  const guard = world.guardOf('late');
  await Promise.allSettled([append(world, more), ask(world, guard, 'late', 'read'), ask(world, guard, 'late', 'drop')]);
  if (!canSeal) return;
  await world.seal().then(
    () => sealed(world),
    (refused: Error) => world.acknowledged.failures.push(refused.message),
  );
}

/** As a program: `PARENT SEED [SESSIONS]`, one session after the other, for ever if no number is given, by the system's clock; each line begins with the session's name. */
if (import.meta.main) {
  const [parent = '', seed = '0', sessions = 'Infinity'] = process.argv.slice(2);
  for (let n = 0; n < Number(sessions); n += 1) {
    const session = `s${n}`;
    const clock = sessions === 'Infinity' ? steppingClock() : systemClock;
    await writeSession({ parent, session, seed: Number(seed) + n, clock, tell: (line) => void writeSync(1, `${session} ${line}\n`) });
  }
}
