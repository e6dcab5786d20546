import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { resumeSession } from '#control/client.ts';
import { NestedRecord } from '#control/nested-record.ts';
import { sessionOf } from '#control/saved-session.ts';
import { EXIT_NOT_STARTED } from './exit-code.ts';
import { NestedPeer } from './nested-peer.ts';
import { runNested } from './run-nested.ts';
import { sayBy } from './say.ts';
import { messageOf } from './wrap-error.ts';

/**
 * Runs one command on behalf of one inside: started by the gateway (src/gateway/cage/supervisor.ts), outside every cage, with all it needs on its
 * standard input and the connection of whoever asked as descriptor 3.
 */
const CONNECTION_FD = 3;
/** Off a terminal: as in run-link.ts. */
const DEFAULT_SIZE = { columns: 120, rows: 40 } as const;
const GONE_AGAIN_MS = 500;

const record = NestedRecord.parse(JSON.parse(readFileSync(0, 'utf8')));
const peer = new NestedPeer(new Socket({ fd: CONNECTION_FD }), record.request.terminal ?? DEFAULT_SIZE, {
  // As if it had been sent to us: the wrapper hears of it as of any other (terminate.ts).
  signal: (name) => void process.kill(process.pid, name),
  gone() {
    process.kill(process.pid, 'SIGHUP');
    // The second request is not asked for: it is obeyed.
    setTimeout(() => process.kill(process.pid, 'SIGHUP'), GONE_AGAIN_MS);
  },
});
sayBy((line) => peer.message(line));

let exitCode: number = EXIT_NOT_STARTED;
try {
  const session = await resumeSession(sessionOf(record.saved));
  exitCode = await runNested(session, record, peer);
} catch (error) {
  peer.message(messageOf(error));
}
// However slowly it is read: whoever does not read at all has gone, and that ends it.
await peer.exit(exitCode);
process.exit(0);
