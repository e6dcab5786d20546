import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PREFIXES = {
  GITHUB_PATH: 'add_path_',
  GITHUB_ENV: 'set_env_',
  GITHUB_STEP_SUMMARY: 'step_summary_',
  GITHUB_STATE: 'save_state_',
  GITHUB_OUTPUT: 'set_output_',
} as const;
export type FileCommand = keyof typeof PREFIXES;
export type StepFiles = Readonly<Record<FileCommand, string>>;

const SUMMARY_BYTES_MAX = 1024 * 1024;
/** The runner has no such limit, and would take all the memory there is. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** What the files of a step do. */
export type FileCommandTarget = {
  setEnv(name: string, value: string): void;
  addPath(path: string): void;
  setOutput(name: string, value: string): void;
  saveState(name: string, value: string): void;
  /** Each line on its own, as it stands in the file. */
  summary(lines: readonly string[]): void;
  /** Told to the reader; the step is what it was. */
  error(message: string): void;
  /** The step fails. */
  fail(...messages: readonly string[]): void;
};

/** Empty files of a step; those of earlier steps stay where they are. */
export function makeStepFiles(temp: string): StepFiles {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const id = randomUUID();
  const at = (name: FileCommand): string => join(folder, PREFIXES[name] + id);
  const files: StepFiles = {
    GITHUB_PATH: at('GITHUB_PATH'),
    GITHUB_ENV: at('GITHUB_ENV'),
    GITHUB_STEP_SUMMARY: at('GITHUB_STEP_SUMMARY'),
    GITHUB_STATE: at('GITHUB_STATE'),
    GITHUB_OUTPUT: at('GITHUB_OUTPUT'),
  };
  for (const path of Object.values(files)) writeFileSync(path, '');
  return files;
}

/** Each file on its own; what stands before a mistake in one has already happened. */
export function processStepFiles(files: StepFiles, target: FileCommandTarget): void {
  const each = {
    GITHUB_PATH: addPaths,
    GITHUB_ENV: (path) => definitions(readText(path), setEnvUnlessBlocked),
    GITHUB_STEP_SUMMARY: (path) => readSummary(path, target),
    GITHUB_STATE: (path) => definitions(readText(path), target.saveState),
    GITHUB_OUTPUT: (path) => definitions(readText(path), target.setOutput),
  } satisfies Record<FileCommand, (path: string) => void>;
  function addPaths(path: string): void {
    for (const line of linesOf(readText(path))) if (line !== '') target.addPath(line);
  }
  function setEnvUnlessBlocked(name: string, value: string): void {
    // The one name that the runner keeps back; what else it overwrites, it overwrites when a step starts.
    if (name.toUpperCase() === 'NODE_OPTIONS') target.error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    else target.setEnv(name, value);
  }
  for (const name of Object.keys(PREFIXES) as FileCommand[]) {
    try {
      each[name](files[name]);
    } catch (error) {
      const shown = name.replace('GITHUB_', '').toLowerCase();
      target.fail(`Unable to process file command '${shown}' successfully.`, error instanceof Error ? error.message : String(error));
    }
  }
}

function readSummary(path: string, target: FileCommandTarget): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > SUMMARY_BYTES_MAX) {
    const [most, is] = [SUMMARY_BYTES_MAX, size].map((bytes) => Math.floor(bytes / 1024));
    target.error(`$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${most}k, got ${is}k.`);
  } else if (size > 0) target.summary(linesOf(readText(path)));
}

/**
 * Follows links, whoever made them: that is for others to prevent. Where the runner would wait for ever (a pipe that
 * nobody writes into), or read without end, this one says so.
 */
function readText(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return '';
  if (!file.isFile()) throw new Error(`Access to the path '${path}' is denied: not a regular file`);
  if (file.size > FILE_BYTES_MAX) throw new Error(`Cannot read ${path}: it has ${file.size} bytes, expected at most ${FILE_BYTES_MAX}`);
  return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** `NAME=value` lines and `NAME<<DELIMITER` blocks. Only a line feed ends a line: a carriage return belongs to the value. */
export function definitions(text: string, define: (name: string, value: string) => void): void {
  const lines = text.split('\n');
  const isClosed = lines.at(-1) === '';
  if (isClosed) lines.pop();
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) define(line.slice(0, equals), line.slice(equals + 1));
    else if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
    else {
      const end = endOfBlock(lines, index, heredoc, isClosed);
      define(line.slice(0, heredoc), lines.slice(index + 1, end).join('\n'));
      index = end;
    }
  }
}

function endOfBlock(lines: readonly string[], start: number, heredoc: number, isClosed: boolean): number {
  const line = lines[start] ?? '';
  const delimiter = line.slice(heredoc + 2);
  if (heredoc === 0 || delimiter === '')
    throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
  const end = lines.indexOf(delimiter, start + 1);
  if (end >= 0) return end;
  if (!isClosed && start + 1 < lines.length) throw new Error('Invalid value. EOF marker missing new line.');
  throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
}
