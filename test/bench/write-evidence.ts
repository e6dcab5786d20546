/**
 * `node write-evidence.ts FOLDER MIB`: a sealed bundle of that size, half of it audit of many small statements, the rest what a terminal showed.
 */
import { openBundle } from '#adapters/files/bundle.ts';
import { RecordingWriter } from '#adapters/files/recording-writer.ts';
import { sealBundle } from '#adapters/files/seal.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import { encodeStream } from '#core/recording/frames.ts';
import { randomIds } from '#gateway/system.ts';
import { commandEntry, newKey, POLICY_TEXT, sessionEntry, steppingClock } from '#test/fixtures/bundle.ts';

const [parent = '', mib = ''] = process.argv.slice(2);
const bytes = Number(mib) * 1024 * 1024;
const [evidenceKey, ids] = [newKey(), randomIds()];
const { entry, token } = sessionEntry('large', newKey(), evidenceKey);
const { folder, audit } = openBundle({ parent, session: 'large', policy: Buffer.from(POLICY_TEXT), token, clock: steppingClock() });
for (const each of [entry, commandEntry()]) audit.append(each);

/** As pgbench leaves it: one statement, other values. */
const pairs = [{ effect: 'read', object: { kind: 'relation', path: ['public', 'pgbench_accounts'] } }] as const;
const OPERATION_BYTES = 840;
const FLUSH_EVERY = 1000;
for (let n = 0; n < bytes / 2 / OPERATION_BYTES; n += 1) {
  const decision = ids.next();
  const judged = { outcome: 'allow', rules: ['reader.allow[0]'], pairs, reasons: [] } as const;
  const asked = { statement: 'SELECT abalance FROM pgbench_accounts WHERE aid = $1;', parameters: [String(n)] };
  const entries: readonly AuditEntry[] = [
    { kind: 'decision', decision, connection: 'c1', link: '0', target: 'orders-db', duty: 'reader', ...judged, ...asked },
    ...[
      {
        kind: 'outcome',
        decision,
        status: 'ok',
        code: null,
        rows: 1,
        bytes: 120,
        masked: 0,
        durationMicros: 950,
        responseSha256: 'ab'.repeat(32),
      } as const,
    ],
  ];
  for (const each of entries) audit.append(each);
  if (n % FLUSH_EVERY === 0) audit.flush();
}

/** A frame and its lines in two casts: three times the text. */
const LINE = Buffer.from('2026-01-02T03:04:05Z INFO \x1b[32mapplied\x1b[0m migration 20260102_add_index to orders (ö)\r\n'.repeat(40));
const recording = new RecordingWriter({ folder, link: '0', of: 'terminal', range: (range) => audit.append(range), encrypt: null });
for (let n = 0; n < bytes / 2 / 3.2 / LINE.length; n += 1)
  for (const frame of encodeStream(n * 1000, 'output', LINE)) await recording.push(frame);
await recording.close();
audit.append({ kind: 'command', link: '0', event: 'ended', argv: ['true'], exitCode: 0, signal: null });
await sealBundle({ folder, audit, session: 'large', gateway: entry.gateway, evidenceKey, token: null });
folder.close();
