import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

export type Bundle = {
  /** Path in `dist/` and content. */
  readonly outputs: readonly (readonly [string, Uint8Array])[];
  /** Folders of the packages that went in, `node_modules/…`, sorted. */
  readonly packages: readonly string[];
};

const ENTRIES = [
  { out: 'action-attest', in: 'src/action/attest.ts' },
  { out: 'action-main', in: 'src/action/main.ts' },
  { out: 'action-post', in: 'src/action/post.ts' },
  { out: 'action-upload', in: 'src/action/upload.ts' },
  { out: 'duty-gate', in: 'src/cli/main.ts' },
  { out: 'gateway', in: 'src/gateway/main.ts' },
  { out: 'listen-inside', in: 'src/gateway/cage/listen-inside.ts' },
  { out: 'nested', in: 'wrapper/nested-main.ts' },
];

/** What a report is made of: our page, and the player as its makers bundled it, with what that is made of. */
const PAGE = 'src/report/assets';
const PLAYER = 'node_modules/asciinema-player';
const PLAYER_FILES = ['asciinema-player.css', 'asciinema-player.min.js'];
const PLAYER_PARTS = ['node_modules/solid-js'];

/** What CommonJS packages take for granted. All output lies in one folder, so these mean the same in each file. */
const BANNER = [
  `import { createRequire as __createRequire } from 'node:module';`,
  'const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;',
].join('\n');

/** Bundles the programs; what they share lies in common files. Names and order follow from the content alone. */
export async function bundle(root: string): Promise<Bundle> {
  const outdir = join(root, 'dist');
  const result = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir,
    entryNames: '[name]',
    chunkNames: 'shared-[hash]',
    bundle: true,
    preserveSymlinks: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: { js: BANNER },
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [nativePty, uploadOnly],
  });
  const outputs = result.outputFiles.map((file) => [relative(outdir, file.path), file.contents] as const);
  const packages = [...packagesOf(Object.keys(result.metafile.inputs)), PLAYER, ...PLAYER_PARTS].sort();
  return { outputs: [...outputs, ...(await reportAssets(root))], packages };
}

/** Text that goes into `dist/` as it is. The package manager's lock file says what the player is. */
async function reportAssets(root: string): Promise<Bundle['outputs']> {
  const own = (await readdir(join(root, PAGE))).map((name) => join(root, PAGE, name));
  const player = PLAYER_FILES.map((name) => join(root, PLAYER, 'dist/bundle', name));
  return Promise.all([...own, ...player].map(async (path) => [`report/${basename(path)}`, await readFile(path)] as const));
}

/**
 * node-pty tries six places for its native module, two of them outside `dist/` and one a debug build, and keeps the last
 * error only. The bundle has one place: beside itself.
 */
const nativePty: Plugin = {
  name: 'native-pty',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/node-pty\/lib\/utils\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const begin = source.indexOf('function loadNativeModule(name) {');
      const end = source.indexOf('\n}\n', begin);
      if (begin < 0 || end < 0) throw new Error(`Cannot patch ${path}: loadNativeModule not found, expected as in node-pty 1.2.0-beta.15`);
      const replacement = [
        'function loadNativeModule(name) {',
        `    var dir = "./prebuilds/".concat(process.platform, "-").concat(process.arch);`,
        '    return { dir: dir, module: require("".concat(dir, "/").concat(name, ".node")) };',
      ].join('\n');
      return { contents: source.slice(0, begin) + replacement + source.slice(end), loader: 'js' };
    });
  },
};

/** The artifact client can also download; we do not, and what it unpacks archives with comes without a licence. */
const uploadOnly: Plugin = {
  name: 'upload-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^unzip-stream$/ }, ({ path }) => ({ path, namespace: 'upload-only' }));
    onLoad({ filter: /.*/, namespace: 'upload-only' }, () => ({ contents: 'export default null;' }));
  },
};

function packagesOf(inputs: readonly string[]): readonly string[] {
  const found = inputs.map((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(found.filter((folder) => folder !== undefined))].sort();
}
