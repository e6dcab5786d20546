import * as z from 'zod';
import { ActionError } from './action-error.ts';
import { artifactNameFault } from './artifact-name.ts';
import { parseSecretsInput } from './secrets-input.ts';
import { visible } from './untrusted-text.ts';

/** Every input that action.yml names. */
export const INPUT_NAMES = [
  'policy',
  'policy-ref',
  'duty',
  'secrets',
  'gateway',
  'egress-policy',
  'confinement',
  'artifact-name',
  'retention-days',
  'attest',
  'github-token',
] as const;
export type InputName = (typeof INPUT_NAMES)[number];
export type RawInputs = Readonly<Record<InputName, string>>;

export type PolicyInput = {
  /** `owner/name`; null: the job's own. */
  readonly repository: string | null;
  readonly path: string;
  /** Null: its default branch. */
  readonly ref: string | null;
};

export type Inputs = {
  readonly policy: PolicyInput;
  readonly duty: string | null;
  readonly secrets: Readonly<Record<string, string>>;
  /** Null: one from run, job and session. */
  readonly artifactName: string | null;
  /** Null: as the repository has it. */
  readonly retentionDays: number | null;
  /** Whether Sigstore is to vouch for the evidence, too. */
  readonly attest: boolean;
  readonly token: string;
};

export function readInputs(getInput: (name: string) => string): RawInputs {
  return Object.fromEntries(INPUT_NAMES.map((name) => [name, getInput(name)])) as Record<InputName, string>;
}

const DEFAULT_POLICY = '.github/duty-gate.yml';
const RETENTION_DAYS_MAX = 400;

const ONLY_ONE = {
  gateway: { value: 'embedded', why: 'a gateway elsewhere is not available in this version' },
  'egress-policy': { value: 'block', why: 'inputs may only tighten a policy' },
  confinement: { value: 'required', why: 'inputs may only tighten a policy' },
} as const;

const ONLY_ONE_NAMES = ['gateway', 'egress-policy', 'confinement'] as const;

const Path = z.string().min(1).max(1024).refine(isPathInRepository);
const Ref = z.string().regex(/^(?!-)[^\p{C}\p{Z}~^:?*[\\]{1,1024}$/u);
const Duty = z.string().regex(/^[^\p{C}]{1,256}$/u);
const Days = z.coerce.number().int().min(1).max(RETENTION_DAYS_MAX);
const Switch = z.enum(['true', 'false']).transform((text) => text === 'true');
const Token = z.string().regex(/^[!-~]{1,65536}$/);

/** Parses all of them, so that one message tells all that is wrong. @throws ActionError `inputs` */
export function parseInputs(raw: RawInputs): Inputs {
  const faults = ONLY_ONE_NAMES.map((name) => onlyOneFault(name, raw));
  const check = <T>(name: InputName, schema: z.ZodType<T>, absent: T, expected: string): T => {
    if (raw[name] === '') return absent;
    const parsed = schema.safeParse(raw[name]);
    if (parsed.success) return parsed.data;
    faults.push(inputFault(name, quoted(name, raw), expected));
    return absent;
  };
  const path = check('policy', Path, DEFAULT_POLICY, 'a path in the repository, without leading / and without ..');
  const { repository, ref } = splitPolicyRef(check<string | null>('policy-ref', Ref, null, 'a branch, a tag, or owner/name@ref'));
  const duty = check<string | null>('duty', Duty, null, 'the name of a duty');
  const retentionDays = check<number | null>('retention-days', Days, null, `a whole number from 1 to ${RETENTION_DAYS_MAX}`);
  const attest = check('attest', Switch, false, '"true" or "false"');
  const token = check('github-token', Token, '', 'a token');
  if (raw['github-token'] === '')
    faults.push(inputFault('github-token', 'empty', 'the default, or another token that may read the policy'));
  const nameFault = raw['artifact-name'] === '' ? null : artifactNameFault(raw['artifact-name']);
  if (nameFault !== null) faults.push(inputFault('artifact-name', quoted('artifact-name', raw), nameFault));
  const secrets = parseSecretsInput(raw.secrets);
  if (!secrets.ok) faults.push(secretsFault(secrets));

  const found = faults.filter((fault) => fault !== null);
  if (found.length > 0 || !secrets.ok) throw new ActionError('inputs', found.join('\n'));
  return {
    policy: { repository, path, ref },
    duty,
    secrets: secrets.secrets,
    artifactName: raw['artifact-name'] || null,
    retentionDays,
    attest,
    token,
  };
}

function onlyOneFault(name: (typeof ONLY_ONE_NAMES)[number], raw: RawInputs): string | null {
  const { value, why } = ONLY_ONE[name];
  return raw[name] === '' || raw[name] === value ? null : inputFault(name, quoted(name, raw), `"${value}": ${why}`);
}

/** `owner/name@ref`, or a ref. A branch whose own name looks like the former is written `refs/heads/…`. */
function splitPolicyRef(text: string | null): { readonly repository: string | null; readonly ref: string | null } {
  const [, repository, ref] = /^([A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100})@(.+)$/s.exec(text ?? '') ?? [];
  return repository === undefined ? { repository: null, ref: text } : { repository, ref: ref ?? null };
}

function isPathInRepository(path: string): boolean {
  return /^[^\p{C}\\]+$/u.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

const SECRET_INPUTS: ReadonlySet<InputName> = new Set(['secrets', 'github-token']);
const QUOTED_CHARACTERS_MAX = 200;

function quoted(name: InputName, raw: RawInputs): string {
  return SECRET_INPUTS.has(name) ? 'malformed' : `"${visible(raw[name], QUOTED_CHARACTERS_MAX)}"`;
}

function inputFault(name: InputName, state: string, expected: string): string {
  return `Cannot use the ${name === 'gateway' ? name : `input ${name}`}: it is ${state}, expected ${expected}`;
}

/** What the workflow's author can write so that no value is read as YAML. */
const AS_IT_IS = `With toJSON a value stays what it is, whatever it holds: NAME: \${{ toJSON(secrets.NAME) }}`;

function secretsFault({ line, state }: { readonly line: number | null; readonly state: string }): string {
  const where = line === null ? '' : `in line ${line}, `;
  return `Cannot use the input secrets: ${where}${state}, expected lines NAME: value. ${AS_IT_IS}`;
}
