import { parseArgs } from 'node:util';
import { printable } from '#core/recording/safe-terminal.ts';
import { type KnownKeys, pinnedKeys } from '#core/verify/issuer-keys.ts';
import { exitCodeOf, type Verification } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { outPath, ReportFault } from '#report/out-file.ts';
import { writeReportOf } from '#report/write-report.ts';
import { findBundle, openBundle, PATH_HELP } from './bundle-path.ts';
import { type CommandIo, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './io.ts';
import { readKeysFile } from './keys-file.ts';

const HELP = `duty-gate report PATH [--out FILE] [--keys FILE] [--allow-local]

Makes one HTML file of an evidence bundle: who did what, what was refused and why, and the terminals to play again.
It loads nothing from anywhere. ${PATH_HELP}

  --out FILE     where (duty-gate-report.html)
  --keys FILE    issuers' keys from outside the bundle, as for verify
  --allow-local  exit 0 for sealed evidence of issuer "local", as for verify
  --help         this text

Exit code: as of verify, the report being written all the same; 2 usage.
`;

/** `duty-gate report`. Answers the exit code. */
export async function reportCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') return usage(io, options);
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const found = findBundle(options.path);
  if ('why' in found) return usage(io, found.why);
  const keys = options.keys === null ? pinnedKeys() : readKeysFile(options.keys);
  if ('why' in keys) return usage(io, keys.why);
  try {
    return await report(found.bundle, { ...options, keys }, io);
  } catch (cause) {
    if (cause instanceof ReportFault && cause.code !== 'bundle-changed') return usage(io, cause.message);
    io.stderr.write(`Cannot make the report: ${printable(cause instanceof Error ? cause.message : String(cause))}\n`);
    return EXIT_FAILED;
  }
}

type Options = {
  readonly path: string;
  readonly out: string;
  readonly keys: string | null;
  readonly allowLocal: boolean;
  readonly help: boolean;
};

function readOptions(args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string', default: 'duty-gate-report.html' },
        keys: { type: 'string' },
        'allow-local': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [path = '', ...more] = positionals;
    const help = values.help === true;
    if (!help && (path === '' || more.length > 0)) return `Cannot make a report: ${positionals.length} paths given, expected one`;
    return { path, out: values.out, keys: values.keys ?? null, allowLocal: values['allow-local'] === true, help };
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'Cannot read the options';
  }
}

type Known = Omit<Options, 'keys'> & { readonly keys: KnownKeys };

async function report(bundle: string, { out, keys, allowLocal }: Known, io: CommandIo): Promise<number> {
  const path = outPath(bundle, out); // before the work, which may be long
  const opened = await openBundle(bundle);
  let verification: Verification;
  try {
    verification = await verifyBundle(opened, { keys });
    await writeReportOf(opened, path, verification);
  } finally {
    opened.close();
  }
  io.stdout.write(`${printable(path)}: ${verification.verdict}, ${verification.anchoring}\n`);
  return exitCodeOf(verification, allowLocal);
}

function usage(io: CommandIo, why: string): number {
  io.stderr.write(`${printable(why)}\n\n${HELP}`);
  return EXIT_USAGE;
}
