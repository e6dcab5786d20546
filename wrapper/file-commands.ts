import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, realpathSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { valueIn } from './environment.ts';
import { type Judged, judgeDefinitions, judgePaths, refusedWhole, SUMMARY_BYTES_MAX, summaryPart } from './file-command-judge.ts';
import { environmentNameFault, outputNameFault } from './file-command-rules.ts';
import type { BindPlan } from './plan.ts';
import { asideName, discard, openRegular, putRegular, readUpTo, writeAll } from './regular-file.ts';

/** By these variables the runner names the files that a step may leave behind. */
export const FILE_COMMANDS = ['GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const;
export type FileCommand = (typeof FILE_COMMANDS)[number];

export type FileCommandReport = {
  readonly passed: readonly { readonly file: FileCommand; readonly name: string }[];
  /** `name` null: the whole file. Names are shown with what is odd in them replaced. */
  readonly refused: readonly { readonly file: FileCommand; readonly name: string | null; readonly why: string }[];
};

export type FileCommands = {
  /** What the command is to see in the real files' places. */
  readonly binds: readonly BindPlan[];
  /** Passes on what is allowed. Once, after the command's end; what goes on in its cage is too late. Never throws. */
  finish(): FileCommandReport;
};

/** The runner's own folder for them, with nothing else in it: covered whole, so that files in it may be replaced. */
const RUNNERS_FOLDER = '_runner_file_commands';
const COPIES_FOLDER = 'file-commands';
const TAKEN_FOLDER = 'file-commands-taken';

/** More than any step says; env(1) and execve have their own bounds (file-command-judge.ts). */
const FILE_BYTES_MAX: Readonly<Record<FileCommand, number>> = {
  GITHUB_ENV: 1024 * 1024,
  GITHUB_PATH: 64 * 1024,
  GITHUB_OUTPUT: 1024 * 1024,
  GITHUB_STATE: 1024 * 1024,
  GITHUB_STEP_SUMMARY: SUMMARY_BYTES_MAX,
};
const REFUSALS_TOLD_MAX = 20;
const DELIMITER_BYTES = 16;
const FOLDER_NAME_DIGITS = 16;

type Handled = { readonly file: FileCommand; readonly copy: string; readonly taken: string; readonly realFd: number };

/**
 * File commands are a way out of the cage (R18): inside, the command gets copies; what it leaves in them is judged outside,
 * and only what passes is written to the runner's files, in one rendering. Those are opened here, before the command
 * runs, so that no name leads elsewhere later. The copies lie where all cages of the job have them, and whatever an earlier command left
 * running can write there too: what it may say is what the command may.
 *
 * @param environment `NAME=value` entries as the step got them; @param folder the job's own: private, on a path out of sight.
 * @param passed names of variables that the policy passes on.
 * @param ownBin the folder of our launcher: it comes last in $GITHUB_PATH, and so first for the next `shell:`.
 */
export function prepareFileCommands(
  environment: readonly Uint8Array[],
  folder: string,
  passed: ReadonlySet<string>,
  ownBin: string | null,
): FileCommands {
  const copies = join(folder, COPIES_FOLDER);
  const takenFolder = join(folder, TAKEN_FOLDER);
  for (const each of [copies, takenFolder]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const handled: Handled[] = [];
  const binds = new Map<string, BindPlan>();
  const refused: FileCommandReport['refused'][number][] = [];
  for (const file of FILE_COMMANDS) {
    const path = valueIn(environment, file);
    if (path === null || !path.startsWith('/')) continue;
    const place = makeCopy(path, copies, takenFolder);
    const realFd = place === null ? null : openReal(place.real);
    if (place === null || realFd === null) {
      refused.push({ file, name: null, why: 'the file that it names cannot be opened, expected a regular one' });
      continue;
    }
    handled.push({ file, copy: place.copy, taken: asideName(takenFolder), realFd });
    binds.set(place.bind.target, place.bind);
  }
  return { binds: [...binds.values()], finish: () => finish(handled, refused, { environment, passed, ownBin }) };
}

/** A file of the same name; a folder of their own for each real folder. */
function makeCopy(
  path: string,
  copies: string,
  aside: string,
): { readonly real: string; readonly copy: string; readonly bind: BindPlan } | null {
  try {
    const realFolder = realpathSync(dirname(path));
    const real = join(realFolder, basename(path));
    const folder = join(copies, createHash('sha256').update(realFolder).digest('hex').slice(0, FOLDER_NAME_DIGITS));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const copy = join(folder, basename(path));
    // One that another command of the step is writing stays; what cannot be one is taken away.
    putRegular(copy, Buffer.alloc(0), { aside, mayStay: (found) => found.isFile() && found.nlink === 1 });
    const isRunners = basename(realFolder) === RUNNERS_FOLDER;
    return { real, copy, bind: isRunners ? { source: folder, target: realFolder } : { source: copy, target: real } };
  } catch {
    return null;
  }
}

function openReal(path: string): number | null {
  return openRegular(path, constants.O_WRONLY | constants.O_APPEND);
}

type Circumstances = {
  readonly environment: readonly Uint8Array[];
  readonly passed: ReadonlySet<string>;
  readonly ownBin: string | null;
};

function finish(handled: readonly Handled[], before: FileCommandReport['refused'], around: Circumstances): FileCommandReport {
  const passed: FileCommandReport['passed'][number][] = [];
  const refused = [...before];
  for (const each of handled) {
    const judged = passOn(each, around);
    const { file } = each;
    passed.push(...judged.passed.map((name) => ({ file, name })));
    refused.push(...judged.refused.slice(0, REFUSALS_TOLD_MAX).map((refusal) => ({ file, ...refusal })));
    const untold = judged.refused.length - REFUSALS_TOLD_MAX;
    if (untold > 0) refused.push({ file, name: null, why: `${untold} more of its definitions are refused` });
  }
  return { passed, refused };
}

function passOn({ file, copy, taken, realFd }: Handled, around: Circumstances): Judged {
  try {
    const written = fstatSync(realFd).size;
    const judged = judgeCopy(file, take(copy, taken), written, around);
    const own = file === 'GITHUB_PATH' && around.ownBin !== null ? `${around.ownBin}\n` : '';
    // What stands there without a line's end must not join with ours.
    const gap = written > 0 && file !== 'GITHUB_STEP_SUMMARY' ? '\n' : '';
    if (judged.text.length + own.length > 0) writeAll(realFd, Buffer.concat([Buffer.from(gap), judged.text, Buffer.from(own)]));
    return judged;
  } catch {
    return refusedWhole('it could not be passed on');
  } finally {
    closeSync(realFd);
    discard(taken);
  }
}

/** Out of the reach of names inside; whoever still has it open may go on writing. */
function take(copy: string, taken: string): string {
  if (lstatSync(copy, { throwIfNoEntry: false }) !== undefined) renameSync(copy, taken);
  return taken;
}

/** Whatever is wrong with the copy, our own folder still comes last. */
function judgeCopy(file: FileCommand, copy: string, written: number, around: Circumstances): Judged {
  try {
    return judge(file, readCopy(file, copy), written, around);
  } catch {
    return refusedWhole('it could not be read');
  }
}

function judge(file: FileCommand, content: Content, written: number, { environment, passed }: Circumstances): Judged {
  if (content.kind === 'refused') return refusedWhole(content.why);
  const { bytes } = content;
  const delimiter = `duty_gate_${randomBytes(DELIMITER_BYTES).toString('hex')}`;
  switch (file) {
    case 'GITHUB_ENV':
      return judgeDefinitions(bytes, { fault: (name) => environmentNameFault(name, passed), delimiter, environment });
    case 'GITHUB_OUTPUT':
    case 'GITHUB_STATE':
      return judgeDefinitions(bytes, { fault: outputNameFault, delimiter, environment: null });
    case 'GITHUB_PATH':
      return judgePaths(bytes, environment);
    case 'GITHUB_STEP_SUMMARY':
      return summaryPart(bytes, content.isWhole, written);
  }
}

type Content =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly isWhole: boolean }
  | { readonly kind: 'refused'; readonly why: string };

/** The command may have put anything in the copy's place, of any size. One that is gone says nothing, as to the runner. */
function readCopy(file: FileCommand, copy: string): Content {
  if (lstatSync(copy, { throwIfNoEntry: false }) === undefined) return { kind: 'bytes', bytes: Buffer.alloc(0), isWhole: true };
  const fd = openRegular(copy, constants.O_RDONLY);
  if (fd === null) return { kind: 'refused', why: 'it cannot be opened as a regular file any more' };
  try {
    const { size, nlink } = fstatSync(fd);
    if (nlink !== 1) return { kind: 'refused', why: 'it has other names besides' };
    const bytesMax = FILE_BYTES_MAX[file];
    if (size > bytesMax && file !== 'GITHUB_STEP_SUMMARY')
      return { kind: 'refused', why: `it has ${size} bytes, expected ${bytesMax} at most` };
    return { kind: 'bytes', bytes: readUpTo(fd, Math.min(size, bytesMax)), isWhole: size <= bytesMax };
  } finally {
    closeSync(fd);
  }
}
