import { randomBytes } from 'node:crypto';
import { lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

export type ReportFaultCode = 'inside-bundle' | 'not-a-file' | 'no-folder' | 'bundle-changed';

export class ReportFault extends Error {
  override readonly name = 'ReportFault';
  readonly code: ReportFaultCode;
  constructor(code: ReportFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The absolute path where a report may be put. Not in the bundle by whatever way, since one file more, or one that was written over,
 * breaks it; and not in the place of a link or a device.
 * @throws ReportFault
 */
export function outPath(bundle: string, out: string): string {
  const folder = realFolder(out);
  const inside = realpathSync(bundle);
  if (folder === inside || folder.startsWith(`${inside}${sep}`))
    throw new ReportFault('inside-bundle', 'Cannot write the report: its place is inside the bundle, expected another');
  const path = join(folder, basename(resolve(out)));
  if (path === inside) throw new ReportFault('inside-bundle', 'Cannot write the report: its place is that of the bundle, expected another');
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile())
    throw new ReportFault('not-a-file', 'Cannot write the report: in its place is a link, folder or device, expected a file or nothing');
  return path;
}

/** Puts the page there whole or not at all. Through no link: one that appears meanwhile is replaced, not followed. */
export function putReport(path: string, page: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, page, { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw cause;
  }
}

function realFolder(out: string): string {
  try {
    return realpathSync(dirname(resolve(out)));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed';
    throw new ReportFault('no-folder', `Cannot write the report: its folder gives ${code}, expected a folder that exists`);
  }
}
