import { writeSync } from 'node:fs';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { createEncrypt } from '#adapters/encryption/age.ts';
import type { AuditFile } from '#adapters/files/audit-file.ts';
import { openBundle } from '#adapters/files/bundle.ts';
import { createCheckpoints } from '#adapters/files/checkpoints.ts';
import type { EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { RecordingWriter } from '#adapters/files/recording-writer.ts';
import { sealBundle } from '#adapters/files/seal.ts';
import type { AuditEntry, Keeps } from '#core/audit/entry.ts';
import { encodeResize, encodeStream } from '#core/recording/frames.ts';
import { systemClock } from '#gateway/system.ts';
import type { AuditResult, Clock } from '#session/ports.ts';
import { KEEPS, newKey, operationEntries, POLICY_TEXT, sessionEntry, steppingClock } from '#test/fixtures/bundle.ts';
import { type Random, seededRandom } from '#test/simulate/random.ts';

/** What was acknowledged of a bundle that may not have been finished. */
export type Acknowledged = {
  /** Number of the last entry that was reported as written; -1: none was. */
  written: number;
  checkpoints: string[];
  sealed: boolean;
  /** Why something was refused; empty: nothing was. */
  failures: string[];
};

export type SessionSetup = {
  readonly parent: string;
  readonly session: string;
  readonly seed: number;
  readonly clock?: Clock;
  /** Tells of each as it comes. */
  readonly tell?: (line: string) => void;
};

const COMMANDS = 3;
const OPERATIONS_MAX = 12;
/** Small, so that files are continued in others. */
const [AUDIT_FILE_BYTES, RECORDING_FILE_BYTES] = [6_000, 900];

/** Writes a whole session by the real adapters, as the gateway would: commands, operations, checkpoints, recordings, seal. Never rejects. */
export async function writeSession({
  parent,
  session,
  seed,
  clock = steppingClock(),
  tell = () => {},
}: SessionSetup): Promise<Acknowledged> {
  const random = seededRandom(seed);
  const acknowledged: Acknowledged = { written: -1, checkpoints: [], sealed: false, failures: [] };
  const fail = (cause: unknown): void => void acknowledged.failures.push(cause instanceof Error ? cause.message : String(cause));
  try {
    const isEncrypted = random.chance(0.5);
    const recipients = isEncrypted ? [await identityToRecipient(await generateIdentity())] : [];
    const keeps: Keeps = { ...KEEPS, recordings: isEncrypted ? 'encrypted' : 'full', recipients };
    const [clientKey, evidenceKey] = [newKey(), newKey()];
    const made = sessionEntry(session, clientKey, evidenceKey);
    const entry = { ...made.entry, keeps };
    const { folder, audit } = openBundle({
      parent,
      session,
      policy: Buffer.from(POLICY_TEXT),
      token: made.token,
      clock,
      auditFileBytesMax: AUDIT_FILE_BYTES,
    });
    const checkpoints = createCheckpoints(audit, session, evidenceKey);
    const append = (each: AuditEntry): Promise<void> => written(audit, each, acknowledged, tell);
    const checkpoint = (): void => {
      const text = checkpoints.enter();
      if (text === null) return;
      acknowledged.checkpoints.push(text);
      tell(`checkpoint ${text}`);
    };
    const world = { folder, audit, random, encrypt: isEncrypted ? createEncrypt(recipients) : null, append };
    try {
      await append(entry);
      checkpoint();
      for (let link = 0; link < COMMANDS; link += 1) {
        await runCommand(String(link), world);
        checkpoint();
      }
      await sealBundle({ folder, audit, session, gateway: entry.gateway, evidenceKey, token: null });
      acknowledged.sealed = true;
      tell('sealed');
    } catch (cause) {
      fail(cause);
      audit.close();
    } finally {
      folder.close();
    }
  } catch (cause) {
    fail(cause);
  }
  return acknowledged;
}

type World = {
  readonly folder: EvidenceFolder;
  readonly audit: AuditFile;
  readonly random: Random;
  readonly encrypt: ((plaintext: Uint8Array) => Promise<Uint8Array>) | null;
  append(entry: AuditEntry): Promise<void>;
};

async function runCommand(link: string, { folder, audit, random, encrypt, append }: World): Promise<void> {
  await append({ kind: 'command', link, event: 'started', argv: ['psql'], exitCode: null, signal: null });
  const range = (entry: AuditEntry): void => audit.append(entry);
  const recording = new RecordingWriter({ folder, link, of: 'terminal', range, encrypt, fileBytesMax: RECORDING_FILE_BYTES });
  try {
    await recording.push(encodeResize(0, 80, 24));
    for (let n = random.below(OPERATIONS_MAX); n >= 0; n -= 1) {
      for (const each of operationEntries()) await append('link' in each ? { ...each, link } : each);
      for (const frame of encodeStream(1000, 'output', Buffer.alloc(random.below(500), 'x'))) await recording.push(frame);
    }
  } finally {
    await recording.close();
  }
  await append({ kind: 'command', link, event: 'ended', argv: ['psql'], exitCode: 0, signal: null });
}

/** Rejects when it could not be written. */
function written(audit: AuditFile, entry: AuditEntry, acknowledged: Acknowledged, tell: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    audit.append(entry, (result: AuditResult) => {
      if (!result.ok) return reject(new Error(result.why));
      acknowledged.written = audit.head.entries - 1;
      tell(`written ${acknowledged.written}`);
      resolve();
    });
  });
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
