/**
 * The command's environment: the caller's, byte for byte, less a named list and with a few additions.
 */

/** What must not reach a wrapped process: tokens to mint identities (DESIGN 3). */
const SCRUBBED: ReadonlySet<string> = new Set(['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ACTIONS_RUNTIME_TOKEN']);

/** R12: who speaks for the job may approve, dispatch and delete in its name. A policy may pass them on. */
const TOKENS: ReadonlySet<string> = new Set(['GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_ENTERPRISE_TOKEN', 'GH_ENTERPRISE_TOKEN']);

/** Our own variables, whatever they will be called. */
const SCRUBBED_PREFIX = 'DUTY_GATE_';

/** It is there in every cage, and outside of none. */
export const CA_PATH_INSIDE = '/run/duty-gate/ca.pem';

/** Holds `duty-gate` (cage-files.ts). */
const OWN_BIN_INSIDE = '/run/duty-gate/bin';

/**
 * @param entries `NAME=value` as the kernel gave them; the first of a name wins, as `getenv` has it.
 * @param given what the policy gives it: names of variables that pass, and where identity tokens are to be had, if anywhere.
 * @param terminal whether the command's output is a person's terminal, and whether its input is too.
 * @returns entries to start the command with; never one without a name.
 */
export function commandEnvironment(
  entries: readonly Uint8Array[],
  given: { readonly passed: ReadonlySet<string>; readonly identityUrl: string | null },
  terminal: { readonly output: boolean; readonly interactive: boolean },
): readonly Uint8Array[] {
  const kept = new Map<string, Uint8Array>();
  for (const entry of entries.map(givenBack)) {
    const name = nameOf(entry);
    if (name !== null && !kept.has(name) && !isScrubbed(name, given.passed)) kept.set(name, entry);
  }
  const put = (name: string, value: string): void => void kept.set(name, Buffer.from(`${name}=${value}`, 'latin1'));
  put('PGSSLROOTCERT', CA_PATH_INSIDE);
  // Our own program, for commands that have others run: last, so that it stands in for nothing.
  const path = textOf(kept, 'PATH');
  if (path !== '' && !path.split(':').includes(OWN_BIN_INSIDE)) put('PATH', `${path}:${OWN_BIN_INSIDE}`);
  if (given.identityUrl !== null) {
    put('ACTIONS_ID_TOKEN_REQUEST_URL', given.identityUrl);
    // Clients send one and the gateway looks at none: who asks is who is in the cage.
    put('ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'none-is-needed-here');
  }
  // The gate judges UTF-8 only. Where no locale says so, libpq would ask for SQL_ASCII.
  if (!kept.has('PGCLIENTENCODING') && !isUtf8(kept)) put('PGCLIENTENCODING', 'UTF8');
  if (!terminal.output) put('TERM', 'dumb');
  else if (!kept.has('TERM')) put('TERM', 'xterm-256color');
  // The command's output is a terminal even where nobody sits at it; a pager would wait for a key for ever.
  if (!terminal.interactive) for (const name of ['PAGER', 'PSQL_PAGER', 'GIT_PAGER']) put(name, 'cat');
  return [...kept.values()];
}

function textOf(entries: ReadonlyMap<string, Uint8Array>, name: string): string {
  return Buffer.from(entries.get(name) ?? [])
    .toString('latin1')
    .replace(/^[^=]*=/s, '');
}

/** The first of these that is set and not empty counts (locale(7)). */
function isUtf8(entries: ReadonlyMap<string, Uint8Array>): boolean {
  const values = ['LC_ALL', 'LC_CTYPE', 'LANG'].map((name) => textOf(entries, name));
  return /utf-?8/i.test(values.find((value) => value !== '') ?? '');
}

/** The launcher hides variables that would act on our own program behind a prefix (build/launcher.bash). */
const HANDED_OVER_PREFIX = Buffer.from('DUTY_GATE_ENV_');

function givenBack(entry: Uint8Array): Uint8Array {
  return HANDED_OVER_PREFIX.equals(entry.subarray(0, HANDED_OVER_PREFIX.length)) ? entry.subarray(HANDED_OVER_PREFIX.length) : entry;
}

/** Splits `/proc/PID/environ`. */
export function splitEnvironment(bytes: Uint8Array): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0, start);
    const stop = end < 0 ? bytes.length : end;
    if (stop > start) entries.push(bytes.subarray(start, stop));
    start = stop + 1;
  }
  return entries;
}

/** latin1 keeps each byte apart, so that names which are no UTF-8 stay themselves. */
function nameOf(entry: Uint8Array): string | null {
  const equals = entry.indexOf(0x3d);
  return equals > 0 ? Buffer.from(entry.buffer, entry.byteOffset, equals).toString('latin1') : null;
}

function isScrubbed(name: string, passed: ReadonlySet<string>): boolean {
  return SCRUBBED.has(name) || (TOKENS.has(name) && !passed.has(name)) || name.startsWith(SCRUBBED_PREFIX);
}

/** The first of a name, as getenv(3) has it; null: there is none. */
export function valueIn(environment: readonly Uint8Array[], name: string): string | null {
  const prefix = Buffer.from(`${name}=`);
  const entry = environment.find((each) => prefix.equals(each.subarray(0, prefix.length)));
  return entry === undefined ? null : Buffer.from(entry.subarray(prefix.length)).toString('utf8');
}
