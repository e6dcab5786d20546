import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { zig } from './zig.ts';

/** Node's names of the architectures → the compiler's. */
const TARGETS = { arm64: 'aarch64-linux-musl', x64: 'x86_64-linux-musl' } as const;
const OPTIONS = ['-std=c11', '-D_GNU_SOURCE', '-Os', '-static', '-s', '-Wall', '-Wextra', '-Werror', '-Wl,--build-id=none'] as const;

/** The native part of a cage, compiled from wrapper/cage/ for each architecture: path in `dist/` → bytes. */
export async function compileCageProgram(root: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const compiler = await zig();
  const folder = join(root, 'wrapper', 'cage');
  const sources = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.c')).sort();
  const scratch = await mkdtemp(join(tmpdir(), 'duty-gate-cage-'));
  try {
    const built = new Map<string, Uint8Array>();
    for (const [arch, target] of Object.entries(TARGETS)) {
      const out = join(scratch, arch);
      // Relative paths, seen from the folder: no path of this machine is in the bytes.
      const args = ['cc', '-target', target, ...OPTIONS, ...sources, '-o', relative(folder, out)];
      await promisify(execFile)(compiler.program, args, { cwd: folder, env: compiler.env });
      built.set(`helpers/linux-${arch}/duty-gate-cage`, await readFile(out));
    }
    return built;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where the sources keep what the program must be, and the text that is to stand there. */
export function sumsFile(root: string, programs: ReadonlyMap<string, Uint8Array>): { readonly path: string; readonly text: string } {
  const lines = Object.keys(TARGETS).map((arch) => {
    const bytes = programs.get(`helpers/linux-${arch}/duty-gate-cage`) ?? new Uint8Array();
    return `  ${arch}: '${createHash('sha256').update(bytes).digest('hex')}',\n`;
  });
  const text = [
    "/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */\n",
    'export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {\n',
    ...lines,
    '};\n',
  ].join('');
  return { path: join(root, 'wrapper', 'cage-program-sums.ts'), text };
}

/** Rewrites it; what is bundled afterwards has it. */
export async function writeSums(root: string, programs: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const { path, text } = sumsFile(root, programs);
  if ((await readFile(path, 'utf8')) !== text) await writeFile(path, text);
}
