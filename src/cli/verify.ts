import { parseArgs } from 'node:util';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { printable } from '#core/recording/safe-terminal.ts';
import { type KnownKeys, pinnedKeys } from '#core/verify/issuer-keys.ts';
import { verificationPage } from '#core/verify/page.ts';
import { exitCodeOf, type Verification } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { findBundle } from './bundle-path.ts';
import { type CommandIo, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './io.ts';
import { readKeysFile } from './keys-file.ts';

const HELP = `duty-gate verify PATH [--keys FILE] [--json] [--allow-local]

Checks an evidence bundle offline: form, chain, seal, recordings, policy, token, signature.
PATH is the session's folder, or a folder that holds exactly one.

  --keys FILE    more keys of issuers, from where you trust:
                 {"issuers":[{"issuer":"https://…","keys":[the keys of its key set]}]}
  --json         print one JSON object instead of the page
  --allow-local  accept sealed evidence of issuer "local", for which only its own machine vouches
  --help         this text

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
  const keys = options.keys === null ? pinnedKeys() : readKeysFile(options.keys);
  if ('why' in keys) return usage(io, keys.why);
  return verifyAt(found.bundle, { ...options, keys }, io);
}

type Options = {
  readonly path: string;
  readonly keys: string | null;
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
        keys: { type: 'string' },
        json: { type: 'boolean' },
        'allow-local': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [path = '', ...more] = positionals;
    const help = values.help === true;
    if (!help && (path === '' || more.length > 0)) return `Cannot verify: ${positionals.length} paths given, expected one`;
    return { path, help, keys: values.keys ?? null, json: values.json === true, allowLocal: values['allow-local'] === true };
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'Cannot read the options';
  }
}

type Chosen = Pick<Options, 'json' | 'allowLocal'> & { readonly keys: KnownKeys };

async function verifyAt(path: string, { keys, json, allowLocal }: Chosen, io: CommandIo): Promise<number> {
  let verification: Verification;
  try {
    const folder = openBundleFolder(path);
    try {
      verification = await verifyBundle(folder, keys);
    } finally {
      folder.close();
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
