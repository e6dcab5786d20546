import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { licences } from './licences.ts';

export type BuiltFile = { readonly bytes: Uint8Array; readonly executable: boolean };

/** Binary files that go into `dist/` as their packages bring them: path in `dist/` → path in the clone. */
const COPIED: Readonly<Record<string, string>> = {
  'prebuilds/linux-arm64/pty.node': 'node_modules/node-pty/prebuilds/linux-arm64/pty.node',
  'prebuilds/linux-x64/pty.node': 'node_modules/node-pty/prebuilds/linux-x64/pty.node',
  'libpg-query-15.wasm': 'node_modules/libpg-query-15/wasm/libpg-query.wasm',
  'libpg-query-16.wasm': 'node_modules/libpg-query-16/wasm/libpg-query.wasm',
  'libpg-query-17.wasm': 'node_modules/libpg-query-17/wasm/libpg-query.wasm',
  'libpg-query-18.wasm': 'node_modules/libpg-query-18/wasm/libpg-query.wasm',
};

/** Text that goes into `dist/` as it is: what a report is made of. The package manager's lock file says what the player is. */
const PLAYER = 'node_modules/asciinema-player';
const REPORT: Readonly<Record<string, string>> = {
  'report/asciinema-player.css': `${PLAYER}/dist/bundle/asciinema-player.css`,
  'report/asciinema-player.min.js': `${PLAYER}/dist/bundle/asciinema-player.min.js`,
  'report/report.css': 'src/report/assets/report.css',
  'report/report.js': 'src/report/assets/report.js',
};

/**
 * The whole of `dist/`, by path. It depends on the clone's content and on nothing else: not its place, the time or the machine.
 *
 * @param programs compiled ones, by path in `dist/` (cage-program.ts).
 */
export async function buildFiles(root: string, programs: ReadonlyMap<string, Uint8Array>): Promise<ReadonlyMap<string, BuiltFile>> {
  const { outputs, packages } = await bundle(root);
  const plain = (bytes: Uint8Array): BuiltFile => ({ bytes, executable: false });
  const files = new Map<string, BuiltFile>();
  for (const [path, bytes] of outputs) files.set(path, plain(bytes));
  for (const [path, bytes] of await copied(root)) files.set(path, plain(bytes));
  for (const [path, source] of Object.entries(REPORT)) files.set(path, plain(await readFile(join(root, source))));
  for (const [path, bytes] of programs) files.set(path, { bytes, executable: true });
  files.set('bin/duty-gate', { bytes: await readFile(join(root, 'build/launcher.bash')), executable: true });
  files.set('LICENSES.txt', plain(Buffer.from(await licences(root, [...packages, PLAYER]))));
  files.set('package.json', plain(Buffer.from('{ "type": "module" }\n')));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Nobody reads these in review; so each must be what `native.sha256` says, and a change of that file is what is reviewed. */
async function copied(root: string): Promise<readonly (readonly [string, Uint8Array])[]> {
  const expected = parseChecksums(await readFile(join(root, 'build/native.sha256'), 'utf8'));
  return Promise.all(
    Object.entries(COPIED).map(async ([path, source]) => {
      const bytes = await readFile(join(root, source));
      const digest = createHash('sha256').update(bytes).digest('hex');
      if (digest !== expected.get(path)) {
        throw new Error(
          `Cannot build dist/${path}: ${source} has SHA-256 ${digest}, expected ${expected.get(path) ?? 'a line in build/native.sha256'}`,
        );
      }
      return [path, bytes] as const;
    }),
  );
}

/** Lines as `sha256sum` writes them: digest, two spaces, path. */
function parseChecksums(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
}
