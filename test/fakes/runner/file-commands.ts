import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = {
  GITHUB_ENV: 'set_env_',
  GITHUB_PATH: 'add_path_',
  GITHUB_OUTPUT: 'set_output_',
  GITHUB_STATE: 'save_state_',
  GITHUB_STEP_SUMMARY: 'step_summary_',
} as const;
const SUMMARY_BYTES_MAX = 1024 * 1024;

/** The files that a step may leave things in. Read as the runner reads them: links are followed. */
export type StepFiles = {
  readonly environment: Readonly<Record<keyof typeof FILES, string>>;
  env(): readonly (readonly [string, string])[];
  paths(): readonly string[];
  outputs(): readonly (readonly [string, string])[];
  state(): readonly (readonly [string, string])[];
  summary(): string;
};

export function makeStepFiles(temp: string): StepFiles {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const id = randomUUID();
  const paths = Object.fromEntries(Object.entries(FILES).map(([name, prefix]) => [name, join(folder, prefix + id)])) as Record<
    keyof typeof FILES,
    string
  >;
  for (const path of Object.values(paths)) writeFileSync(path, '');
  const text = (name: keyof typeof FILES): string => {
    try {
      return readFileSync(paths[name], 'utf8');
    } catch {
      return '';
    }
  };
  return {
    environment: paths,
    env: () => definitions(text('GITHUB_ENV')),
    paths: () =>
      text('GITHUB_PATH')
        .split(/\r?\n/)
        .filter((line) => line !== ''),
    outputs: () => definitions(text('GITHUB_OUTPUT')),
    state: () => definitions(text('GITHUB_STATE')),
    summary: () =>
      (statSync(paths.GITHUB_STEP_SUMMARY, { throwIfNoEntry: false })?.size ?? 0) > SUMMARY_BYTES_MAX ? '' : text('GITHUB_STEP_SUMMARY'),
  };
}

/** `NAME=value` lines and `NAME<<DELIMITER` blocks. */
function definitions(text: string): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] ?? '').replace(/\r$/, '');
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined) {
      const end = lines.indexOf(delimiter ?? '', index + 1);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
      found.push([name, lines.slice(index + 1, end).join('\n')]);
      index = end;
    } else if (line.includes('=')) found.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  }
  return found;
}
