import type { ControlSession } from '#control/client.ts';
import type { NestedRecord } from '#control/nested-record.ts';
import { bareCage } from './bare-cage.ts';
import { commandEnvironment, splitEnvironment } from './environment.ts';
import { EXIT_SESSION_LOST } from './exit-code.ts';
import { makeInputPipe } from './nested-input.ts';
import type { NestedPeer } from './nested-peer.ts';
import type { TerminalPlan, WrapPlan } from './plan.ts';
import { realIfThere } from './real-if-there.ts';
import { GRACE_MS, hooksOf, runStarted } from './run-link.ts';
import { makeSessionFolder, type SessionFolder } from './session-folder.ts';
import { findTools, TOOL_FOLDERS } from './tools.ts';

/** Runs a command that the gateway has started on behalf of one inside, in a cage within the asker's. Answers the exit code. */
export async function runNested(session: ControlSession, record: NestedRecord, peer: NestedPeer): Promise<number> {
  const link = session.adoptLink(record.link);
  const folder = makeSessionFolder('/tmp', process.getuid?.() ?? 0);
  try {
    const ran = await runStarted(session, link, () => {
      const plan = nestedPlan(session, link, record, { folder, terminal: nestedTerminal(record, peer, folder) });
      peer.begin();
      return plan;
    });
    return ran.kind === 'lost' ? EXIT_SESSION_LOST : ran.exitCode;
  } finally {
    folder.remove();
  }
}

type Here = { readonly folder: SessionFolder; readonly terminal: TerminalPlan };

function nestedPlan(
  session: ControlSession,
  link: ReturnType<ControlSession['adoptLink']>,
  { outer, scripts, request }: NestedRecord,
  { folder, terminal }: Here,
): WrapPlan {
  const { answer } = session;
  const isInteractive = terminal.interactive;
  const rule = request.agent;
  const agent = rule === null ? null : { rule, workspace: answer.agents[rule]?.workspace ?? 'read', scripts: scripts.map(realIfThere) };
  const launchers = outer.launchers.filter((launcher) => launcher.rule !== rule);
  return {
    ...{ argv: request.argv, cwd: request.cwd, graceMs: GRACE_MS, terminal, shared: null, within: { ...outer, agent } },
    environment: commandEnvironment(
      splitEnvironment(Buffer.from(request.environment, 'base64')),
      { passed: new Set(answer.passEnv), identityUrl: answer.identityUrl },
      { output: isInteractive, interactive: isInteractive },
    ),
    // Of all files it sees what the asker sees: there is nothing to plan.
    cage: bareCage({ sessionFolder: folder.path, resolvers: answer.resolvers, ca: answer.ca, workspace: outer.workspace, launchers }),
    hooks: hooksOf(session, link),
  };
}

function nestedTerminal({ request: { terminal } }: NestedRecord, peer: NestedPeer, folder: SessionFolder): TerminalPlan {
  const size = { columns: peer.screen.columns, rows: peer.screen.rows };
  const common = { ...size, stdoutFd: -1, filter: null, remote: peer };
  if (terminal !== null) return { ...common, interactive: true, stdinFd: -1 };
  const { fd, writer } = makeInputPipe(folder.path, findTools(TOOL_FOLDERS).mkfifo);
  peer.onInput = (bytes) => {
    if (bytes === null) writer.end();
    else writer.write(bytes, () => peer.taken(bytes.length));
  };
  return { ...common, interactive: false, stdinFd: fd };
}
