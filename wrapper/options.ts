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

/** A command under the session that the job's action opened. */
export type JobRunOptions = {
  readonly jobFolder: string;
  /** Null: the session's own. */
  readonly duty: string | null;
  /** Never empty. */
  readonly argv: readonly string[];
};

type Help = { readonly kind: 'help' };
type Fault = { readonly kind: 'error'; readonly message: string };
type InJob = { readonly kind: 'in-job'; readonly options: JobRunOptions };
/** A command within the one that we are. */
export type NestedRunOptions = { readonly duty: string; readonly agent: number | null; readonly argv: readonly string[] };

type Nested = { readonly kind: 'nested'; readonly options: NestedRunOptions };
export type ParsedRun = { readonly kind: 'alone'; readonly options: RunOptions } | InJob | Nested | Help | Fault;
export type ParsedShell = InJob | Help | Fault;

export const RUN_USAGE = `duty-gate run [OPTIONS] -- CMD [ARG…]

  --policy FILE    the policy; its duty is held against everything CMD starts. In a job whose action has opened a
                   session it may be left out: CMD then runs under that session
  --secrets FILE   with --policy: YAML map of names to values; readable by its owner only
  --duty NAME      which duty, where the policy binds several. Inside a command that duty-gate runs: the duty that CMD is
                   held to, besides those that hold already; it gets a cage within the cage. Like ssh, it may read ahead
                   of CMD on its standard input: </dev/null where the rest is somebody else's
  --evidence DIR   with --policy: where bundles go, a folder for each session (default: duty-gate-evidence)
  --help           this text

CMD runs in a cage whose only way out is the gate. Exit codes: CMD's own; 123 the session was lost while it ran;
125 it could not be started safely and nothing ran; 126 and 127 as shells do; 128+n for a signal.
`;

export const SHELL_USAGE = `duty-gate shell [--duty NAME] FILE

Runs FILE by bash under the session that the job's action has opened, as GitHub's own \`shell: bash\` would:
bash --noprofile --norc -eo pipefail FILE. In a workflow:

  - shell: duty-gate shell {0}
    run: psql …

Exit codes are those of duty-gate run.
`;

const JOB_SHELL = ['bash', '--noprofile', '--norc', '-eo', 'pipefail'] as const;
const NO_SESSION = "no session is open here: this is no step of a job after duty-gate's action";

const DEFAULT_EVIDENCE_FOLDER = 'duty-gate-evidence';
/** `agent` is for our own launchers (wrapper/find-agents.ts). */
const OPTION_NAMES = ['policy', 'secrets', 'duty', 'evidence', 'agent'] as const;
type OptionName = (typeof OPTION_NAMES)[number];

export type RunPlace = {
  readonly cwd: string;
  /** Of the job's session, where there is one. */
  readonly jobFolder: string | null;
  /** Whether we are inside a command that duty-gate runs. */
  readonly isInside: boolean;
};

/**
 * @param args what follows `duty-gate run`; the command begins after `--` or at the first word that is no option.
 */
export function parseRunOptions(args: readonly string[], place: RunPlace): ParsedRun {
  const words = splitWords(args);
  if (words.kind !== 'words') return words;
  const { values, rest: argv } = words;
  if (argv.length === 0 || argv[0] === '') return error('no command is given', 'one after --');
  const policy = values.get('policy');
  const duty = values.get('duty') ?? null;
  const agent = values.get('agent') ?? null;
  if (agent !== null && !(place.isInside && policy === undefined && /^\d{1,2}$/.test(agent)))
    return error('there is no option --agent', 'one of those that --help lists');
  if (policy === undefined) {
    const without = (['secrets', 'evidence'] as const).find((name) => values.has(name));
    if (without !== undefined) return error(`--${without} is given without --policy`, 'both, or neither in a job');
    if (place.isInside) {
      if (duty === null) return error('no duty is named, and inside a command each further one is held to one more', '--duty NAME');
      return { kind: 'nested', options: { duty, agent: agent === null ? null : Number(agent), argv } };
    }
    if (place.jobFolder === null) return error('no policy is named and no session is open', '--policy FILE');
    return { kind: 'in-job', options: { jobFolder: place.jobFolder, duty, argv } };
  }
  const at = (path: string) => resolve(place.cwd, path);
  const secrets = values.get('secrets');
  const secretsPath = secrets === undefined ? null : at(secrets);
  const evidenceFolder = at(values.get('evidence') ?? DEFAULT_EVIDENCE_FOLDER);
  return { kind: 'alone', options: { policyPath: at(policy), secretsPath, duty, evidenceFolder, argv } };
}

/** @param args what follows `duty-gate shell`. */
export function parseShellOptions(args: readonly string[], jobFolder: string | null): ParsedShell {
  const words = splitWords(args);
  if (words.kind !== 'words') return words;
  const { values, rest } = words;
  const other = OPTION_NAMES.find((name) => name !== 'duty' && values.has(name));
  if (other !== undefined) return error(`--${other} is no option of shell`, 'one of those that --help lists');
  const [file = '', ...more] = rest;
  if (file === '' || more.length > 0)
    return error(`${rest.length} words stand where the script's path should`, 'one: shell: duty-gate shell {0}');
  if (jobFolder === null) return error(NO_SESSION, 'a step with `uses: …/duty-gate` before this one');
  return { kind: 'in-job', options: { jobFolder, duty: values.get('duty') ?? null, argv: [...JOB_SHELL, file] } };
}

type Words = { readonly kind: 'words'; readonly values: ReadonlyMap<OptionName, string>; readonly rest: readonly string[] };

function splitWords(args: readonly string[]): Words | Help | Fault {
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
  return { kind: 'words', values, rest: args.slice(next) };
}

function splitOption(word: string): { readonly name: OptionName; readonly value: string | null } | null {
  const [, key, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
  const name = OPTION_NAMES.find((known) => known === key);
  return name === undefined ? null : { name, value: value ?? null };
}

function error(state: string, expected: string): Fault {
  return { kind: 'error', message: `Cannot run: ${state}, expected ${expected}` };
}
