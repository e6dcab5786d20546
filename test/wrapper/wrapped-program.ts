import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { type CageTarget, placeTargets } from '#gateway/cage/addresses.ts';
import { openCageListeners } from '#gateway/cage/listeners.ts';
import { commandEnvironment, splitEnvironment } from '#wrapper/environment.ts';
import type { EscapeResult } from '#wrapper/escape-report.ts';
import { exitCodeOf } from '#wrapper/exit-code.ts';
import type { AliasPlan, BindPlan, FilesPlan, WrapPlan } from '#wrapper/plan.ts';
import { runWrapped } from '#wrapper/run.ts';
import { TOOL_FOLDERS } from '#wrapper/tools.ts';
import { WrapError } from '#wrapper/wrap-error.ts';

/**
 * Runs one wrapped command with a gateway's cage side in this very process: every target answers a connect with its name
 * and the address that was meant. Started by wrapped.ts with a WrappedSpec as JSON; the last line of standard error is
 * `RESULT ` and a WrappedReport.
 */
export type WrappedSpec = {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly hide?: readonly string[];
  readonly targets?: readonly CageTarget[];
  /** By default /tmp may be written, for good. */
  readonly files?: Partial<FilesPlan>;
  readonly binds?: readonly BindPlan[];
  readonly aliases?: readonly AliasPlan[];
  readonly toolFolders?: readonly string[];
  readonly graceMs?: number;
  readonly interactive?: boolean;
  /** The session is lost once the command has printed this. */
  readonly loseAt?: string;
  readonly gateway?: 'opens' | 'refuses';
  readonly record?: 'takes' | 'fails' | 'stalls';
};

export type WrappedReport = {
  readonly kind: string;
  readonly exitCode: number;
  readonly code?: string;
  readonly message?: string;
  readonly entrance: string | null;
  readonly recordedBytes: number;
  /** What each escape attempt came to; none when the cage did not get so far. */
  readonly escapes: readonly EscapeResult[];
  /** From the start of the set-up to the command's end. */
  readonly ms: number;
};

const spec: WrappedSpec = JSON.parse(process.argv[2] ?? '');
const folder = mkdtempSync('/tmp/duty-gate-test-');
let entrance: string | null = null;
let escapes: readonly EscapeResult[] = [];
let recordedBytes = 0;
let recorded = '';
const lost = Promise.withResolvers<void>();

const record = new Writable({
  write(chunk: Buffer, _encoding, done) {
    recordedBytes += chunk.length;
    if (spec.record === 'fails') return done(new Error('disk full'));
    if (spec.loseAt !== undefined) {
      recorded += chunk.toString('latin1');
      if (recorded.includes(spec.loseAt)) lost.resolve();
    }
    if (spec.record !== 'stalls') done();
  },
});

const placed = placeTargets(spec.targets ?? []);
const plan: WrapPlan = {
  argv: spec.argv,
  cwd: spec.cwd ?? process.cwd(),
  environment: commandEnvironment(
    splitEnvironment(readFileSync('/proc/self/environ')),
    { passed: new Set(), identityUrl: null },
    {
      output: spec.interactive ?? false,
      interactive: spec.interactive ?? false,
    },
  ),
  cage: {
    sessionFolder: folder,
    resolvers: placed.resolvers,
    ca: 'the authority\n',
    hide: spec.hide ?? [],
    files: { writable: ['/tmp'], layered: [], layersFolder: null, protected: [], ...spec.files },
    binds: spec.binds ?? [],
    aliases: spec.aliases ?? [],
    launchers: [],
    workspace: null,
    toolFolders: spec.toolFolders ?? TOOL_FOLDERS,
  },
  shared: null,
  within: null,
  hooks: {
    async enterCage({ pid, entrance: way }) {
      entrance = way;
      if (spec.gateway === 'refuses') throw new Error('the gateway refuses');
      await openCageListeners({
        pid,
        entrance: way,
        ...placed,
        onConnection: (target, socket) => socket.end(`${target} ${socket.localAddress}\n`),
      });
    },
    escapesTried: async (results) => {
      escapes = results;
    },
    record,
    gatewayLost: lost.promise,
  },
  terminal: { interactive: spec.interactive ?? false, columns: 120, rows: 40, stdinFd: 0, stdoutFd: 1, filter: null, remote: null },
  graceMs: spec.graceMs ?? 20_000,
};

let report: WrappedReport;
const startedAt = performance.now();
try {
  const result = await runWrapped(plan);
  report = { kind: result.kind, exitCode: exitCodeOf(result), entrance, recordedBytes, escapes, ms: performance.now() - startedAt };
} catch (error) {
  if (!(error instanceof WrapError)) throw error;
  report = {
    kind: 'error',
    exitCode: 125,
    code: error.code,
    message: error.message,
    entrance,
    recordedBytes,
    escapes,
    ms: performance.now() - startedAt,
  };
}
rmSync(folder, { recursive: true });
writeSync(2, `RESULT ${JSON.stringify(report)}\n`);
process.exit(report.exitCode);
