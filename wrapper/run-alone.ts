import { type ControlSession, openSession } from '#control/client.ts';
import { startGateway } from '#control/gateway-process.ts';
import { mintLocally } from '#control/local-token.ts';
import type { CloseAnswer } from '#control/messages.ts';
import { makeEvidenceParent } from './evidence-parent.ts';
import { EXIT_SESSION_LOST } from './exit-code.ts';
import { filesAlone } from './files-plan.ts';
import type { RunOptions } from './options.ts';
import { runLink } from './run-link.ts';
import { say } from './say.ts';
import { makeSessionFolder } from './session-folder.ts';
import { messageOf } from './wrap-error.ts';

/** One command with a gateway and a session of its own, issuer `local`; both end with it. Answers the exit code. */
export async function runAlone(options: RunOptions): Promise<number> {
  const { policyPath, secretsPath, evidenceFolder } = options;
  const folder = makeSessionFolder('/tmp', process.getuid?.() ?? 0);
  try {
    makeEvidenceParent(evidenceFolder);
    const gateway = await startGateway({ issuer: 'local', policyPath, secretsPath, evidenceFolder, socketFolder: folder.path });
    try {
      const session = await openSession({ socketPath: gateway.socketPath, duty: options.duty, mint: mintLocally });
      const files = filesAlone(process.cwd(), process.env['HOME']);
      say(`what it writes below ${files.writable.join(', ')} stays; the rest is read-only`);
      const ran = await runLink(session, {
        argv: options.argv,
        folder,
        files,
        binds: [],
        aliases: [],
        hide: [],
        workspace: process.cwd(),
        filter: null,
        isShared: false,
      });
      // The command's end may be the session's doing, and the gateway well: what there is of the evidence is sealed.
      const closed = await closeSession(session);
      if (ran.kind === 'lost' || closed === null) return EXIT_SESSION_LOST;
      if (ran.started) say(`${closed.allowed} allowed, ${closed.refused} refused, ${closed.masked} masked. Evidence: ${closed.evidence}`);
      return ran.exitCode;
    } finally {
      await gateway.stop();
    }
  } finally {
    folder.remove();
  }
}

/** Null, having said so, when the gateway could not seal the evidence. */
async function closeSession(session: ControlSession): Promise<CloseAnswer | null> {
  try {
    return await session.close();
  } catch (error) {
    say(`the evidence was not sealed: ${messageOf(error)}`);
    return null;
  }
}
