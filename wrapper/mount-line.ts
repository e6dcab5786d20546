import { WrapError } from './wrap-error.ts';

/** One mount to make inside the cage. */
export type MountLine = {
  /** Absolute path in the cage. */
  readonly point: string;
  /** An absolute path in the cage for `none`, which is a bind, and for `alias`, which is one of a link itself; else any name. */
  readonly source: string;
  readonly type: 'none' | 'alias' | 'tmpfs' | 'devpts' | 'overlay' | 'proc';
  readonly options: readonly string[];
  /** What is to be covered may have gone by itself: then nothing need be here. */
  readonly mayBeGone?: boolean;
};

/** The host's own tree, read-only, while the mounts are made: what an overlay or another mount covers is taken from here. */
export const HOST_ASIDE = '/run/duty-gate-aside/host';
/** The folders of upper layers, writable, while the mounts are made. */
export const LAYERS_ASIDE = '/run/duty-gate-aside/layers';
/** Holds both, and is covered at the end. */
export const ASIDE = '/run/duty-gate-aside';

/** What mount(8) would take apart within one option (overlayfs besides it). */
const OPTION_BREAKERS = /[,:"\\\n]/;

/**
 * fstab(5) text for one call of mount(8) that makes them all, in this order; aliases it cannot make (wrapper/cage/aliases.c).
 *
 * `/.` before each point: `mount --all` passes over what it finds in the mount table, by name, even where another mount
 * covers that since; no name there begins so, and with --no-canonicalize it stays.
 *
 * @throws WrapError `set-up` when an option cannot be told to mount(8).
 */
export function fstab(lines: readonly MountLine[]): string {
  return lines
    .filter(({ type }) => type !== 'alias')
    .map(({ source, point, type, options }) => `${field(source)} /.${field(point)} ${type} ${field(options.join(','))} 0 0\n`)
    .join('');
}

/** A path as one option's value. */
export function optionPath(path: string): string {
  if (!isOptionPath(path)) {
    throw new WrapError('set-up', `Cannot lay an overlay over ${JSON.stringify(path)}: its name has one of , : " \\, expected none`);
  }
  return path;
}

export function isOptionPath(path: string): boolean {
  return !OPTION_BREAKERS.test(path);
}

function field(text: string): string {
  return text.replace(/[ \t\n\r\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
