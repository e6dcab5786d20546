import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { holdsCredentials, withoutCredentials } from '#core/git-config/copy.ts';
import { type GitConfigMerge, mergeGitConfig } from '#core/git-config/merge.ts';
import { GIT_CONFIG_CHARACTERS_MAX } from '#core/git-config/parse.ts';
import { gitFolders } from './git-folders.ts';
import type { AliasPlan } from './plan.ts';
import { openRegular, putRegular, readUpTo, writeAll } from './regular-file.ts';

export type GitConfigReport = Pick<GitConfigMerge, 'refused'> & { readonly path: string };

export type GitConfigs = {
  readonly aliases: readonly AliasPlan[];
  /** Real paths of the repositories' own folders. */
  readonly folders: readonly string[];
  /** Passes on what may stay. Once, after the command's end. Never throws. */
  finish(): readonly GitConfigReport[];
};

const COPIES_FOLDER = 'git-configs';
/** What the command got, and of what it was made: out of its reach. */
const GIVEN_FOLDER = 'git-configs-given';
const NAME_DIGITS = 16;
const CONFIGS_MAX = 32;

type Handled = { readonly path: string; readonly copy: string; readonly given: string; readonly real: string };

/**
 * A repository's configuration is code for later steps (`core.hooksPath`, `core.fsmonitor`, `alias`), and `actions/checkout` keeps the
 * job's token in it. Inside, the command gets a copy without credentials (R12), which git can replace by renaming as it does; what it
 * leaves in it is judged, and what may stay is written into the real one (R17). What one command left in its copy, the next one of the
 * job finds there, unless the real file was changed meanwhile.
 *
 * Covered are the workspace's own repository, and those in it that hold credentials: what a command clones is its own.
 *
 * @param workspace a real path, or null; @param folder the job's own: private, on a path out of sight.
 * @param keepsCredentials the policy gives the job's token to commands anyway.
 */
export function prepareGitConfigs(workspace: string | null, folder: string, keepsCredentials: boolean): GitConfigs {
  const prepared = (workspace === null ? [] : gitFolders(workspace))
    .map((own) => ({ own, path: join(own, 'config') }))
    .map((each) => ({ ...each, text: read(each.path) }))
    .filter(({ own, text }) => dirname(own) === workspace || (!keepsCredentials && (text === null || holdsCredentials(text))))
    .slice(0, CONFIGS_MAX)
    .map(({ path, text }) => prepare(path, text, { folder, keepsCredentials }));
  return {
    aliases: prepared.map(({ path, copy }) => ({ point: path, folder: dirname(copy) })),
    folders: prepared.map(({ path }) => dirname(path)),
    finish: () => prepared.map(finishOne),
  };
}

type Job = { readonly folder: string; readonly keepsCredentials: boolean };

/** @param real what the file says; null: it cannot be read. */
function prepare(path: string, real: string | null, { folder, keepsCredentials }: Job): Handled {
  const name = createHash('sha256').update(path).digest('hex').slice(0, NAME_DIGITS);
  const [copies, kept] = [join(folder, COPIES_FOLDER, name), join(folder, GIVEN_FOLDER, name)];
  for (const each of [copies, kept]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const handled = { path, copy: join(copies, 'config'), given: join(kept, 'given'), real: join(kept, 'real') };
  if (real === null || real !== read(handled.real) || read(handled.copy) === null) {
    const given = keepsCredentials ? (real ?? '') : withoutCredentials(real ?? '');
    putRegular(handled.copy, Buffer.from(given, 'latin1'), { aside: kept, mayStay: () => false });
    keep(handled.given, given);
    keep(handled.real, real ?? '');
  }
  return handled;
}

function finishOne(handled: Handled): GitConfigReport {
  const { path } = handled;
  try {
    return { path, refused: passOn(handled) };
  } catch {
    return { path, refused: [{ name: '*', why: 'it could not be passed on' }] };
  }
}

function passOn({ path, copy, given, real }: Handled): GitConfigMerge['refused'] {
  const fd = openConfig(path, constants.O_RDWR);
  const left = read(copy);
  if (fd === null || left === null) return [{ name: '*', why: 'it cannot be opened as a regular file' }];
  try {
    const now = textOf(fd);
    const { text, refused } = mergeGitConfig(now, read(given) ?? '', left);
    // In its place: another file of this name would not be covered where commands run.
    if (text !== null) {
      writeAll(fd, Buffer.from(text, 'latin1'));
      ftruncateSync(fd, text.length);
    }
    keep(given, left);
    keep(real, text ?? now);
    return refused;
  } finally {
    closeSync(fd);
  }
}

/** Null for what is no configuration of a size that one has, or leads elsewhere. */
function read(path: string): string | null {
  const fd = openConfig(path, constants.O_RDONLY);
  if (fd === null) return null;
  try {
    return textOf(fd);
  } finally {
    closeSync(fd);
  }
}

function openConfig(path: string, flags: number): number | null {
  const fd = openRegular(path, flags);
  if (fd === null) return null;
  const { size, nlink } = fstatSync(fd);
  if (nlink === 1 && size <= GIT_CONFIG_CHARACTERS_MAX && readlinkSync(`/proc/self/fd/${fd}`) === path) return fd;
  closeSync(fd);
  return null;
}

/** Byte by byte: what is no UTF-8 stays what it is. */
function textOf(fd: number): string {
  return readUpTo(fd, GIT_CONFIG_CHARACTERS_MAX).toString('latin1');
}

/** Where nobody inside reaches. */
function keep(path: string, text: string): void {
  writeFileSync(path, Buffer.from(text, 'latin1'), { mode: 0o600 });
}
