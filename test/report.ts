import { run } from 'node:test';

export type TestEvent = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** A batch of test files: so many at a time, each for so long at most. */
export type Batch = { readonly files: readonly string[]; readonly concurrency: number; readonly fileMs: number };

export type ReportOptions = {
  /** A skipped test fails the run: on CI nothing is missing that a test may need. */
  readonly skipsFail: boolean;
  readonly passed: (ok: boolean) => void;
};

type Counts = Readonly<Record<'tests' | 'suites' | 'passed' | 'failed' | 'cancelled' | 'skipped' | 'todo', number>>;
type FileReport = { readonly events: readonly TestEvent[]; readonly counts: Counts };

const CLOSING: readonly (readonly [string, keyof Counts])[] = [
  ['tests', 'tests'],
  ['suites', 'suites'],
  ['pass', 'passed'],
  ['fail', 'failed'],
  ['cancelled', 'cancelled'],
  ['skipped', 'skipped'],
  ['todo', 'todo'],
];

/**
 * One report of several runs of node's test runner, batch after batch: the events of each file together, and at the end
 * node's closing lines with the sums. Each file has a runner of its own, whose end ends the file's process: node's own
 * limit is for single tests, and neither ends a busy loop nor a process that does not want to end.
 */
export async function* mergedReport(batches: readonly Batch[], options: ReportOptions): AsyncGenerator<TestEvent> {
  const startedMs = performance.now();
  const reports: FileReport[] = [];
  for (const batch of batches) {
    for await (const report of inBatch(batch)) {
      reports.push(report);
      yield* report.events;
    }
  }
  const counts = sum(reports.map((report) => report.counts));
  const unrun = counts.skipped + counts.todo;
  if (unrun > 0) yield* reports.flatMap(({ events }) => events).flatMap(skipNotice);
  if (unrun > 0 && options.skipsFail) yield diagnostic(`${unrun} tests did not run: on CI that is a failure`);
  options.passed(counts.tests > 0 && counts.failed + counts.cancelled === 0 && !(unrun > 0 && options.skipsFail));
  for (const [word, key] of CLOSING) yield diagnostic(`${word} ${counts[key]}`);
  yield diagnostic(`duration_ms ${Math.round(performance.now() - startedMs)}`);
}

/** The reports in the order in which the files end. */
async function* inBatch({ files, concurrency, fileMs }: Batch): AsyncGenerator<FileReport> {
  const waiting = [...files];
  const running = new Map<string, Promise<readonly [string, FileReport]>>();
  for (;;) {
    while (running.size < concurrency) {
      const file = waiting.shift();
      if (file === undefined) break;
      running.set(
        file,
        runFile(file, fileMs).then((report) => [file, report] as const),
      );
    }
    if (running.size === 0) return;
    const [file, report] = await Promise.race(running.values());
    running.delete(file);
    yield report;
  }
}

async function runFile(file: string, fileMs: number): Promise<FileReport> {
  const signal = AbortSignal.timeout(fileMs);
  const events: TestEvent[] = [];
  let counts = sum([]);
  for await (const event of run({ files: [file], signal, execArgv: ['--disable-warning=ExperimentalWarning'] })) {
    if (event.type === 'test:summary' && event.data.file === undefined) counts = { ...event.data.counts };
    else if (!isClosing(event)) events.push({ type: event.type, data: { ...event.data } });
  }
  if (signal.aborted) events.push(diagnostic(`${file} was ended: it took more than ${fileMs} ms`));
  return { events, counts };
}

/** Of the runner, not of a file: its counts, which are summed up here. */
function isClosing(event: { readonly type: string; readonly data: unknown }): boolean {
  if (event.type === 'test:summary') return true;
  return (
    event.type === 'test:diagnostic' && event.data !== null && typeof event.data === 'object' && !('file' in event.data && event.data.file)
  );
}

function skipNotice({ type, data }: TestEvent): readonly TestEvent[] {
  const why = data.skip ?? data.todo;
  if (type !== 'test:pass' || why === undefined) return [];
  return [diagnostic(`did not run: ${data.name} (${typeof why === 'string' && why !== '' ? why : 'no reason given'})`)];
}

function diagnostic(message: string): TestEvent {
  return { type: 'test:diagnostic', data: { nesting: 0, message, level: 'info' } };
}

function sum(all: readonly Counts[]): Counts {
  const total = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
  for (const counts of all) for (const [, key] of CLOSING) total[key] += counts[key];
  return total;
}
