import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { ControlLink, ControlSession } from '#control/client.ts';
import type { EndAnswer, EndRequest } from '#control/messages.ts';
import { commandEnvironment, splitEnvironment } from './environment.ts';
import { EXIT_NOT_STARTED, exitCodeOf } from './exit-code.ts';
import { findAgents } from './find-agents.ts';
import type { AliasPlan, BindPlan, FilesPlan, OutputFilter, SharedCage, TerminalPlan, WrapHooks, WrapPlan, WrapResult } from './plan.ts';
import { runWrapped } from './run.ts';
import { say } from './say.ts';
import type { SessionFolder } from './session-folder.ts';
import { TOOL_FOLDERS } from './tools.ts';
import { messageOf, WrapError } from './wrap-error.ts';

/** Off a terminal: wide enough for tables, and always the same. */
const DEFAULT_SIZE = { columns: 120, rows: 40 } as const;
export const GRACE_MS = 10_000;

export type LinkPlan = {
  readonly argv: readonly string[];
  readonly folder: SessionFolder;
  readonly files: FilesPlan;
  readonly binds: readonly BindPlan[];
  readonly aliases: readonly AliasPlan[];
  readonly workspace: string | null;
  /** Out of the command's sight, besides what the policy says. */
  readonly hide: readonly string[];
  /** What output goes through; null: nothing. */
  readonly filter: OutputFilter | null;
  /** Whether it runs in the job's cage. */
  readonly isShared: boolean;
};

export type LinkResult =
  | {
      readonly kind: 'ended';
      readonly exitCode: number;
      readonly counts: EndAnswer | null /** False: it never ran, and why was said. */;
      readonly started: boolean;
    }
  /** The session is gone, and so is everything inside; said already. */
  | { readonly kind: 'lost' };

/** Runs one command as a link of the session: its recording is its own, and its cage unless it shares the job's. */
export async function runLink(session: ControlSession, plan: LinkPlan): Promise<LinkResult> {
  const link = await session.startLink({ argv: [...plan.argv] });
  return runStarted(session, link, () => wrapPlan(session, link, plan));
}

/** Runs the command of a link that has been started. */
export async function runStarted(session: ControlSession, link: ControlLink, plan: () => WrapPlan): Promise<LinkResult> {
  let result: WrapResult;
  try {
    result = await runWrapped(plan());
  } catch (error) {
    if (!(error instanceof WrapError)) throw error;
    say(error.message);
    const counts = await end(link, { exitCode: EXIT_NOT_STARTED, signal: null });
    return { kind: 'ended', exitCode: EXIT_NOT_STARTED, counts, started: false };
  }
  if (result.kind === 'lost') {
    say(`the session was lost while the command ran: ${result.why}. Evidence so far: ${session.answer.evidence}`);
    return { kind: 'lost' };
  }
  const counts = await end(link, endRequest(result));
  return counts === null ? { kind: 'lost' } : { kind: 'ended', exitCode: exitCodeOf(result), counts, started: true };
}

/** Null, having said so, when the gateway could not record the end. */
async function end(link: ControlLink, how: EndRequest): Promise<EndAnswer | null> {
  try {
    return await link.end(how);
  } catch (error) {
    say(`the command's end was not recorded: ${messageOf(error)}`);
    return null;
  }
}

function endRequest(result: Exclude<WrapResult, { kind: 'lost' }>): EndRequest {
  return result.kind === 'signalled' ? { exitCode: null, signal: result.signal } : { exitCode: exitCodeOf(result), signal: null };
}

function wrapPlan(
  session: ControlSession,
  link: ControlLink,
  { argv, folder, files, binds, aliases, hide, workspace, filter, isShared }: LinkPlan,
): WrapPlan {
  const { answer } = session;
  const terminal = { ...terminalPlan(), filter };
  // As the kernel gave it: Node's own view of it has lost what is no UTF-8.
  const environment = commandEnvironment(
    splitEnvironment(readFileSync('/proc/self/environ')),
    { passed: new Set(answer.passEnv), identityUrl: answer.identityUrl },
    { output: isatty(1), interactive: terminal.interactive },
  );
  return {
    argv,
    cwd: process.cwd(),
    environment,
    cage: {
      sessionFolder: folder.path,
      resolvers: answer.resolvers,
      ca: answer.ca,
      hide: [...answer.hide, ...hide, folder.parent],
      files,
      binds,
      aliases,
      workspace,
      launchers: findAgents(answer.agents, environment),
      toolFolders: TOOL_FOLDERS,
    },
    shared: isShared ? sharedCage(link) : null,
    within: null,
    hooks: hooksOf(session, link),
    terminal,
    graceMs: GRACE_MS,
  };
}

/** What a running command tells the gateway. */
export function hooksOf(session: ControlSession, link: ControlLink): WrapHooks {
  return {
    enterCage: (place) => link.enterCage({ ...place, launchers: [...place.launchers] }),
    escapesTried: (results) => link.confined({ escapes: results.map(({ name, verdict }) => ({ name, verdict })) }),
    record: link.recording,
    gatewayLost: session.lost,
  };
}

function sharedCage(link: ControlLink): SharedCage {
  return {
    async claim(plan) {
      const claimed = await link.claim({ plan });
      if (claimed.kind === 'make') return null;
      const { init, entrance, network } = claimed;
      return { init, entrance, network };
    },
    hold: () => link.hold(),
  };
}

function terminalPlan(): Omit<TerminalPlan, 'filter'> {
  const interactive = isatty(0) && isatty(1);
  const size = isatty(1) ? { columns: process.stdout.columns, rows: process.stdout.rows } : DEFAULT_SIZE;
  const { columns, rows } = size.columns > 0 && size.rows > 0 ? size : DEFAULT_SIZE;
  return { interactive, columns, rows, stdinFd: 0, stdoutFd: 1, remote: null };
}
