import { closeSync, openSync } from 'node:fs';
import { Writable } from 'node:stream';
import { bareCage } from './bare-cage.ts';
import { cageProgram } from './cage-program.ts';
import { layBaits } from './escape-check.ts';
import { ESCAPES, type Escape } from './escape-list.ts';
import type { EscapeResult, EscapeVerdict } from './escape-report.ts';
import { surveyHost } from './escape-survey.ts';
import { checkHost, type HostCheck } from './host-checks.ts';
import type { WrapPlan } from './plan.ts';
import { runWrapped } from './run.ts';
import { makeSessionFolder } from './session-folder.ts';
import { messageOf } from './wrap-error.ts';

/** What an attempt does without a cage: whether it proves anything here. */
export type OutsideVerdict = 'would succeed' | 'the host refuses' | 'nothing to reach' | 'not tried';

export type Examined = Escape & {
  readonly outside: OutsideVerdict;
  /** Null: no cage could be made. */
  readonly inside: EscapeVerdict | null;
  /** What the attempt met inside. */
  readonly detail: string;
};

export type Diagnosis = {
  readonly checks: readonly HostCheck[];
  readonly escapes: readonly Examined[];
  /** Why no command can be started here; null when one can. */
  readonly fault: string | null;
};

const OUTSIDE: Readonly<Record<EscapeVerdict, OutsideVerdict>> = {
  open: 'would succeed',
  held: 'the host refuses',
  absent: 'nothing to reach',
  late: 'nothing to reach',
};

/** Examines the host: what a cage needs, and every escape without a cage and in one. Changes nothing. */
export async function examineHost(uid: number): Promise<Diagnosis> {
  const checks = await checkHost(uid);
  const folder = makeSessionFolder('/tmp', uid);
  try {
    const outside = await tryOutside(folder.path, uid);
    const { inside, fault } = await tryInside(folder.path);
    const escapes = ESCAPES.map((each): Examined => {
      const found = inside.find(({ name }) => name === each.name);
      const free = outside.find(({ name }) => name === each.name);
      return {
        ...each,
        outside: free === undefined ? 'not tried' : OUTSIDE[free.verdict],
        inside: found?.verdict ?? null,
        detail: found?.detail ?? '',
      };
    });
    return { checks, escapes, fault };
  } finally {
    folder.remove();
  }
}

/** Nothing, where there is no program to try them with. */
async function tryOutside(sessionFolder: string, uid: number): Promise<readonly EscapeResult[]> {
  try {
    const baits = await layBaits(sessionFolder, uid);
    return await surveyHost(cageProgram(), baits.records, 'all').finally(baits.close);
  } catch {
    return [];
  }
}

/** As a run does it, for a command that does nothing and a gateway that listens nowhere. */
async function tryInside(sessionFolder: string): Promise<{ readonly inside: readonly EscapeResult[]; readonly fault: string | null }> {
  let inside: readonly EscapeResult[] = [];
  const nothing = openSync('/dev/null', 'r+');
  const take = async (results: readonly EscapeResult[]): Promise<void> => {
    inside = results;
  };
  try {
    await runWrapped(plan(sessionFolder, nothing, take));
    return { inside, fault: null };
  } catch (error) {
    return { inside, fault: messageOf(error) };
  } finally {
    closeSync(nothing);
  }
}

function plan(sessionFolder: string, nothing: number, escapesTried: (results: readonly EscapeResult[]) => Promise<void>): WrapPlan {
  const record = new Writable({ write: (_chunk, _encoding, done) => done() });
  return {
    argv: ['true'],
    cwd: '/',
    environment: [Buffer.from('PATH=/usr/bin:/bin')],
    cage: bareCage({ sessionFolder, resolvers: [], ca: '' }),
    shared: null,
    within: null,
    hooks: { enterCage: async () => undefined, escapesTried, record, gatewayLost: new Promise(() => undefined) },
    terminal: { interactive: false, columns: 80, rows: 24, stdinFd: nothing, stdoutFd: nothing, filter: null, remote: null },
    graceMs: 1000,
  };
}
