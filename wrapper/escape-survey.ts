import { spawn } from 'node:child_process';
import { type EscapeResult, parseEscapeLine } from './escape-report.ts';

/** Beyond the probe's own deadline. */
const SURVEY_MS_MAX = 3000;
const REPORT_CHARS_MAX = 64 * 1024;

/**
 * Tries the escapes on the host, as who we are and without a cage: what there is to reach, and whether the attempts work.
 *
 * @param scope `kernel`: only those that the kernel or the machine may have nothing for, which is what a run needs to know.
 * @returns what was told; nothing when the program would not run.
 */
export function surveyHost(program: string, baits: readonly string[], scope: 'kernel' | 'all'): Promise<readonly EscapeResult[]> {
  const records = [...baits, 'outside=1', ...(scope === 'kernel' ? ['only=kernel'] : [])];
  return new Promise((resolve) => {
    const child = spawn(program, ['probe', '0'], {
      ...{ cwd: '/', env: {}, stdio: ['pipe', 'ignore', 'pipe'], detached: true, timeout: SURVEY_MS_MAX, killSignal: 'SIGKILL' },
    });
    let report = '';
    child.once('error', () => resolve([]));
    child.stdin?.on('error', () => undefined);
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      if (report.length < REPORT_CHARS_MAX) report += chunk;
    });
    child.once('close', () => resolve(report.split('\n').flatMap((line) => parseEscapeLine(line) ?? [])));
    child.stdin?.end(records.map((record) => `${record}\0`).join(''));
  });
}
