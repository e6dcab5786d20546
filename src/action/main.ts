import { openSession } from '#control/client.ts';
import { startGateway } from '#control/gateway-process.ts';
import { shownEvent } from './event.ts';
import { checkHost, thisHost } from './host.ts';
import { mintToken } from './identity-token.ts';
import { FOLDERS_BASE } from './job-folder.ts';
import { programPath } from './launcher.ts';
import { hardenProcess } from './own-process.ts';
import { runMain } from './run-main.ts';
import { runnerToolkit } from './toolkit.ts';

/** What GitHub runs where a job says `uses:`. */
const { cancelled } = hardenProcess();
const opened = await runMain({
  toolkit: runnerToolkit,
  environment: process.env,
  folders: { base: FOLDERS_BASE, uid: process.getuid?.() ?? 0 },
  node: process.execPath,
  program: programPath(import.meta.url),
  checkHost: () => checkHost(thisHost()),
  shownEvent,
  mint: (audience) => mintToken(audience),
  startGateway,
  openSession,
  cancelled,
});
// The session's watch would keep us here; it goes on without us.
process.exit(opened ? 0 : 1);
