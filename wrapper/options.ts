import { resolve } from 'node:path';

export type RunOptions = {
  /** Absolute. */
  readonly policyPath: string;
  readonly secretsPath: string | null;
  readonly duty: string | null;
  readonly evidenceFolder: string;
  /** Never empty. */
  readonly argv: readonly string[];
};

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: RunOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'error'; readonly message: string };

export const RUN_USAGE = `duty-gate run --policy FILE [OPTIONS] -- CMD [ARG…]

  --policy FILE    the policy; its duty is held against everything CMD starts
  --secrets FILE   YAML map of names to values; readable by its owner only
  --duty NAME      which duty, where the policy binds several
  --evidence DIR   where bundles go, a folder for each session (default: duty-gate-evidence)
  --help           this text

CMD runs in a cage whose only way out is the gate. Exit codes: CMD's own; 123 the session was lost while it ran;
125 it could not be started safely and nothing ran; 126 and 127 as shells do; 128+n for a signal.
`;

const DEFAULT_EVIDENCE_FOLDER = 'duty-gate-evidence';
const OPTION_NAMES = ['policy', 'secrets', 'duty', 'evidence'] as const;
type OptionName = (typeof OPTION_NAMES)[number];

/**
 * @param args what follows `duty-gate run`; the command begins after `--` or at the first word that is no option.
 * @param cwd what relative paths are relative to.
 */
export function parseRunOptions(args: readonly string[], cwd: string): ParsedOptions {
  const values = new Map<OptionName, string>();
  let next = 0;
  for (; next < args.length; next++) {
    const word = args[next] ?? '';
    if (word === '--help' || word === '-h') return { kind: 'help' };
    if (!word.startsWith('-') || word === '-') break;
    if (word === '--') {
      next += 1;
      break;
    }
    const option = splitOption(word);
    if (option === null) return error(`there is no option ${word}`, 'one of those that --help lists');
    const value = option.value ?? args[++next];
    if (value === undefined || value === '') return error(`--${option.name} has no value`, 'one after it');
    if (values.has(option.name)) return error(`--${option.name} is given twice`, 'once');
    values.set(option.name, value);
  }
  return runOptions(values, args.slice(next), cwd);
}

function runOptions(values: ReadonlyMap<OptionName, string>, argv: readonly string[], cwd: string): ParsedOptions {
  const policy = values.get('policy');
  const secrets = values.get('secrets');
  if (policy === undefined) return error('no policy is named and no session is open', '--policy FILE');
  if (argv.length === 0 || argv[0] === '') return error('no command is given', 'one after --');
  return {
    kind: 'run',
    options: {
      policyPath: resolve(cwd, policy),
      secretsPath: secrets === undefined ? null : resolve(cwd, secrets),
      duty: values.get('duty') ?? null,
      evidenceFolder: resolve(cwd, values.get('evidence') ?? DEFAULT_EVIDENCE_FOLDER),
      argv,
    },
  };
}

function splitOption(word: string): { readonly name: OptionName; readonly value: string | null } | null {
  const [, key, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
  const name = OPTION_NAMES.find((known) => known === key);
  return name === undefined ? null : { name, value: value ?? null };
}

function error(state: string, expected: string): ParsedOptions {
  return { kind: 'error', message: `Cannot run: ${state}, expected ${expected}` };
}
