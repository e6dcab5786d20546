/** What the start-up message asks for, judged by a closed list (R34). */
export type StartupJudgement =
  | {
      readonly ok: true;
      /** Goes to the server as it is; user and database are the gateway's own. */
      readonly upstream: ReadonlyMap<string, string>;
      /** Protocol options (`_pq_.`) that are not spoken, to be said so. */
      readonly unrecognised: readonly string[];
    }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly hint: string };

export function judgeStartup(parameters: ReadonlyMap<string, string>, target: { readonly database: string }): StartupJudgement {
  const upstream = new Map<string, string>();
  const unrecognised: string[] = [];
  // As the server does it: what is in `options` counts less than a parameter of its own.
  const options = parameters.get('options');
  const inOrder = options === undefined ? parameters : new Map([['options', options], ...parameters]);
  for (const [name, value] of inOrder) {
    if (name === 'user' || name === 'database') continue;
    if (name.startsWith('_pq_.')) {
      unrecognised.push(name);
      continue;
    }
    const settings = name === 'options' ? parseOptions(value) : [[name, value] as const];
    if (settings === null) return refusal(`start-up options ${JSON.stringify(value)}`, 'Give settings as "-c name=value".');
    for (const [setting, wanted] of settings) {
      const key = setting.toLowerCase(); // the server does not tell cases of a setting's name apart either
      if (!permits(key, wanted))
        return refusal(`start-up parameter ${setting}`, HINTS.get(key) ?? 'Leave it out of the connection string.');
      if (key !== 'replication') upstream.set(key, wanted);
    }
  }
  return judgeDatabase(parameters, target) ?? { ok: true, upstream, unrecognised };
}

/** libpq asks for a database named as the user when none was named: that asks for nothing in particular. */
function judgeDatabase(parameters: ReadonlyMap<string, string>, target: { readonly database: string }): StartupJudgement | null {
  const wanted = parameters.get('database');
  if (wanted === undefined || wanted === '' || wanted === parameters.get('user') || wanted === target.database) return null;
  return {
    ok: false,
    code: '3D000',
    message: `database ${JSON.stringify(wanted)} is not this target's`,
    hint: `Connect to database ${JSON.stringify(target.database)}, or have the policy name a target for the other one.`,
  };
}

function refusal(what: string, hint: string): StartupJudgement {
  return { ok: false, code: '0A000', message: `duty-gate does not pass on ${what}`, hint };
}

/** Settings that change how values look or how long things may take, never what a statement means or who runs it. */
const FREE: ReadonlySet<string> = new Set([
  'application_name',
  'bytea_output',
  'client_min_messages',
  'datestyle',
  'default_transaction_isolation',
  'extra_float_digits',
  'geqo',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'intervalstyle',
  'jit',
  'lock_timeout',
  'search_path',
  'statement_timeout',
  'timezone',
  'transaction_timeout',
]);

const BY_VALUE: ReadonlyMap<string, RegExp> = new Map([
  ['client_encoding', /^'?(utf-?8|unicode)'?$/i],
  ['standard_conforming_strings', /^(on|true|yes|1)$/i],
  ['default_transaction_read_only', /^(on|true|yes|1)$/i],
  ['replication', /^(off|false|no|0)$/i],
]);

const HINTS: ReadonlyMap<string, string> = new Map([
  ['client_encoding', 'Use UTF8, as with PGCLIENTENCODING=UTF8.'],
  ['standard_conforming_strings', 'Leave it on.'],
  ['default_transaction_read_only', 'It may only be set to on.'],
  ['replication', 'Connect without replication: its commands are not SQL that could be judged.'],
]);

function permits(name: string, value: string): boolean {
  return FREE.has(name) || (BY_VALUE.get(name)?.test(value) ?? false);
}

/**
 * `-c name=value`, `-cname=value` and `--name=value`, split at white space with backslash escapes, as pg_split_opts does it;
 * null for any other option. Dashes in a `--name` mean underscores.
 */
function parseOptions(options: string): readonly (readonly [name: string, value: string])[] | null {
  const settings: (readonly [string, string])[] = [];
  const words = splitOptions(options);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const setting = word === '-c' ? (words[++index] ?? '') : /^(?:-c|--)(.+)$/s.exec(word)?.[1];
    const parts = /^([A-Za-z_][A-Za-z0-9_.-]*)=(.*)$/s.exec(setting ?? '');
    if (parts?.[1] === undefined || parts[2] === undefined) return null;
    settings.push([parts[1].replaceAll('-', '_'), parts[2]]);
  }
  return settings;
}

function splitOptions(options: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let index = 0; index < options.length; index++) {
    const character = options[index] ?? '';
    if (/[ \t\n\v\f\r]/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + (character === '\\' ? (options[++index] ?? '') : character);
    }
  }
  return word === null ? words : [...words, word];
}
