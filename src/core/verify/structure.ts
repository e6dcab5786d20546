import { auditFiles } from './audit-pieces.ts';
import { BUNDLE_MEMBERS_MAX, type BundleMember } from './bundle-reader.ts';
import {
  auditFile,
  auditFileNumber,
  BUNDLE_FILES_MAX,
  MANIFEST_BYTES_MAX,
  MANIFEST_FILE,
  POLICY_BYTES_MAX,
  POLICY_FILE,
  parseRecordingPath,
  SIGNATURE_BYTES_MAX,
  SIGNATURE_DRAFT_FILE,
  SIGNATURE_FILE,
  TOKEN_BYTES_MAX,
  TOKEN_FILE,
} from './manifest.ts';
import type { Problem } from './verification.ts';

/** Largest file that is read at all; it is read in pieces. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024 * 1024;

const FOLDER = /^recordings(?:\/[A-Za-z0-9_-]{1,64})?$/;

const LIMITS: ReadonlyMap<string, number> = new Map([
  [POLICY_FILE, POLICY_BYTES_MAX],
  [TOKEN_FILE, TOKEN_BYTES_MAX],
  [MANIFEST_FILE, MANIFEST_BYTES_MAX],
  [SIGNATURE_FILE, SIGNATURE_BYTES_MAX],
  [SIGNATURE_DRAFT_FILE, SIGNATURE_BYTES_MAX],
]);

export type Structure = {
  readonly files: ReadonlyMap<string, BundleMember>;
  /** It has a signature, so it must be complete. */
  readonly sealed: boolean;
  readonly problems: readonly Problem[];
};

/** Names from a closed list, regular files only, bounded sizes (R37). A bundle that fails here is not read. */
export function checkStructure(members: readonly BundleMember[]): Structure {
  const files = new Map(members.filter((member) => member.kind === 'file').map((member) => [member.path, member]));
  const sealed = files.has(SIGNATURE_FILE);
  if (new Set(members.map(({ path }) => path)).size < members.length) {
    return { files, sealed, problems: [problem('the bundle', 'it holds two members of one name')] };
  }
  if (members.length > BUNDLE_MEMBERS_MAX || files.size > BUNDLE_FILES_MAX) {
    return { files, sealed, problems: [problem('the bundle', `it holds more than ${BUNDLE_FILES_MAX} files`)] };
  }
  const problems = members.flatMap((member) => checkMember(member, sealed));
  if (sealed) problems.push(...checkComplete(members, files));
  problems.push(...checkAuditFiles(files));
  return { files, sealed, problems };
}

/** The first is there, and none is missing between it and the last. */
function checkAuditFiles(files: Structure['files']): readonly Problem[] {
  const numbers = auditFiles(files.values()).map(({ path }) => auditFileNumber(path));
  const missing = numbers.findIndex((number, index) => number !== index + 1);
  if (numbers.length > 0 && missing < 0) return [];
  return [problem(auditFile(Math.max(missing, 0) + 1), 'it is missing')];
}

function checkMember({ path, kind, bytes }: BundleMember, sealed: boolean): readonly Problem[] {
  switch (kind) {
    case 'other':
      return [problem(path, 'it is a link or a special file, expected regular files and folders only')];
    case 'folder':
      return FOLDER.test(path) ? [] : [problem(path, 'a bundle has no folder of this name')];
    case 'file': {
      const max = LIMITS.get(path) ?? (isLarge(path) ? FILE_BYTES_MAX : null);
      if (max === null || (sealed && path === SIGNATURE_DRAFT_FILE)) return [problem(path, 'a bundle has no file of this name')];
      return bytes <= max ? [] : [problem(path, `it has ${bytes} bytes, expected at most ${max}`)];
    }
  }
}

function isLarge(path: string): boolean {
  return parseRecordingPath(path) !== null || auditFileNumber(path) !== null;
}

function checkComplete(members: readonly BundleMember[], files: Structure['files']): readonly Problem[] {
  const missing = [POLICY_FILE, TOKEN_FILE, MANIFEST_FILE].filter((path) => !files.has(path));
  const paths = [...files.keys()];
  const empty = members.filter(({ kind, path }) => kind === 'folder' && !paths.some((file) => file.startsWith(`${path}/`)));
  return [...missing.map((path) => problem(path, 'it is missing')), ...empty.map(({ path }) => problem(path, 'it is an empty folder'))];
}

function problem(where: string, what: string): Problem {
  return { code: 'structure', where, what };
}
