import { parseArgs } from 'node:util';
import { printable } from '#core/recording/safe-terminal.ts';
import { verificationPage } from '#core/verify/page.ts';
import { exitCodeOf, type Verification } from '#core/verify/verification.ts';
import { type Outside, verifyBundle } from '#core/verify/verify-bundle.ts';
import { findBundle, openBundle, PATH_HELP } from './bundle-path.ts';
import { type CommandIo, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './io.ts';
import { OUTSIDE_HELP, OUTSIDE_OPTIONS, type OutsideFiles, readOutside } from './outside.ts';

const HELP = `duty-gate verify PATH [--keys FILE] [--log FILE] [--identity FILE] [--json] [--allow-local]

Checks an evidence bundle offline: form, chain, seal, recordings, policy, token, signature.
${PATH_HELP}

${OUTSIDE_HELP}
  --json           print one JSON object instead of the page
  --allow-local    accept sealed evidence of issuer "local", for which only its own machine vouches
  --help           this text

Exit code: 0 sealed and anchored, 1 broken, 2 usage, 3 intact but unanchored, 4 unsealed.
`;

/** `duty-gate verify`. Answers the exit code (R1). */
export async function verifyCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') return usage(io, options);
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const found = findBundle(options.path);
  if ('why' in found) return usage(io, found.why);
  const outside = readOutside(options);
  if ('why' in outside) return usage(io, outside.why);
  return verifyAt(found.bundle, { ...options, outside }, io);
}

type Options = OutsideFiles & {
  readonly path: string;
  readonly json: boolean;
  readonly allowLocal: boolean;
  readonly help: boolean;
};

function readOptions(args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...OUTSIDE_OPTIONS,
        json: { type: 'boolean' },
        'allow-local': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [path = '', ...more] = positionals;
    const help = values.help === true;
    if (!help && (path === '' || more.length > 0)) return `Cannot verify: ${positionals.length} paths given, expected one`;
    const { keys = null, log = null, identity = null } = values;
    return { path, help, keys, log, identity, json: values.json === true, allowLocal: values['allow-local'] === true };
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'Cannot read the options';
  }
}

type Chosen = Pick<Options, 'json' | 'allowLocal'> & { readonly outside: Outside };

async function verifyAt(path: string, { outside, json, allowLocal }: Chosen, io: CommandIo): Promise<number> {
  let verification: Verification;
  try {
    const bundle = await openBundle(path);
    try {
      verification = await verifyBundle(bundle, outside);
    } finally {
      bundle.close();
    }
  } catch (cause) {
    io.stderr.write(`Cannot verify ${printable(path)}: ${printable(cause instanceof Error ? cause.message : String(cause))}\n`);
    return EXIT_FAILED; // what cannot be read is not intact (P2)
  }
  const exitCode = exitCodeOf(verification, allowLocal);
  io.stdout.write(json ? `${JSON.stringify({ ok: exitCode === EXIT_OK, exitCode, ...verification })}\n` : verificationPage(verification));
  return exitCode;
}

function usage(io: CommandIo, why: string): number {
  io.stderr.write(`${printable(why)}\n\n${HELP}`);
  return EXIT_USAGE;
}
