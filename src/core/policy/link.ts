import { parseAddress } from './address.ts';
import { matchesGlobs } from './glob.ts';
import { globList, parseGlob } from './glob-text.ts';
import { linkAgents } from './link-agents.ts';
import { linkBindings, warnBindings } from './link-bindings.ts';
import { neverMatches } from './link-effects.ts';
import { entriesOf, itemsOf, textsOf } from './loose.ts';
import { type Fault, type Path, printable, suggestion } from './problems.ts';
import { DUTY_NAME, TARGET_NAME } from './schema.ts';
import { valueAt } from './shape.ts';

/**
 * Faults across the text: names that nothing defines, and rules that can never match. Works on the text's plain data,
 * whatever its shape, so that these are reported together with the faults of shape.
 */
export function linkFaults(policy: unknown): readonly Fault[] {
  const targets = entriesOf(valueAt(policy, ['targets'])).map(([name]) => name);
  const duties = entriesOf(valueAt(policy, ['duties']));
  return [
    ...misnamed('targets', targets, TARGET_NAME, 'a target name, expected lower-case letters, digits and -, at most 63'),
    ...misnamed(
      'duties',
      duties.map(([name]) => name),
      DUTY_NAME,
      'a duty name, expected letters, digits, - and _, at most 63',
    ),
    ...duties.flatMap(([name, duty]) => linkDuty(['duties', name], duty, targets)),
    ...linkNames(policy),
    ...linkAgents(
      valueAt(policy, ['agents']),
      duties.map(([name]) => name),
    ),
    ...linkBindings(
      valueAt(policy, ['bindings']),
      duties.map(([name]) => name),
    ),
  ];
}

/** Legal, and likely not meant. */
export function linkWarnings(policy: unknown): readonly Fault[] {
  const duties = entriesOf(valueAt(policy, ['duties']));
  return [...warnTargets(policy), ...duties.flatMap(([name, duty]) => warnDuty(['duties', name], duty)), ...warnBindings(policy)];
}

function misnamed(table: string, names: readonly string[], allowed: RegExp, form: string): readonly Fault[] {
  return names.filter((name) => !allowed.test(name)).map((name) => ({ path: [table, name], at: 'key', message: `is not ${form}` }));
}

function linkDuty(path: Path, duty: unknown, targets: readonly string[]): readonly Fault[] {
  return (['allow', 'deny', 'mask'] as const).flatMap((list) =>
    itemsOf(valueAt(duty, [list])).flatMap((rule, index) => {
      const here = [...path, list, index];
      return [
        ...linkTargets([...here, 'on'], valueAt(rule, ['on']), targets),
        ...['on', 'relations', 'functions', 'databases', 'columns'].flatMap((key) => linkSubtraction([...here, key], valueAt(rule, [key]))),
        ...(list === 'mask' ? [] : neverMatches(here, rule)),
      ];
    }),
  );
}

/** Each glob over targets, negative or not, has to match one. */
function linkTargets(path: Path, on: unknown, targets: readonly string[]): readonly Fault[] {
  return textsOf(on, path).flatMap(({ text, path: at }) => {
    const parsed = parseGlob(text, 'whole');
    if (!parsed.ok) return [];
    const name = parsed.negative ? text.slice(1) : text;
    const list = globList([name], 'whole');
    if (targets.some((target) => matchesGlobs(list, [target]))) return [];
    return [{ path: at, at: 'value', message: `matches no target: "${printable(name)}" is defined nowhere${suggestion(name, targets)}` }];
  });
}

/** A list whose negatives are its positives again, or everything, leaves nothing. */
function linkSubtraction(path: Path, list: unknown): readonly Fault[] {
  const texts = textsOf(list, path).map(({ text }) => text);
  const taken = new Set(texts.filter((text) => text.startsWith('!')).map((text) => text.slice(1)));
  const positives = texts.filter((text) => !text.startsWith('!'));
  if (taken.size === 0 || positives.length === 0) return [];
  const everything = [...taken].some((text) => /^\*+(?:\.\*+)*$/.test(text));
  if (!everything && !positives.every((text) => taken.has(text))) return [];
  return [{ path, at: 'value', message: 'takes away all that it names, so it can never match' }];
}

/** One host name leads to one target. */
function linkNames(policy: unknown): readonly Fault[] {
  const owners = new Map<string, string>();
  const targets = entriesOf(valueAt(policy, ['targets']));
  for (const [target] of targets) owners.set(`${target}.duty-gate`, target);
  return targets.flatMap(([target, body]) =>
    textsOf(valueAt(body, ['names']), ['targets', target, 'names']).flatMap(({ text, path }) => {
      const owner = owners.get(text);
      owners.set(text, target);
      return owner === undefined ? [] : [{ path, at: 'value' as const, message: `is already a name of target "${printable(owner)}"` }];
    }),
  );
}

function warnTargets(policy: unknown): readonly Fault[] {
  const seen = new Map<string, string>();
  const used = entriesOf(valueAt(policy, ['duties'])).flatMap(([, duty]) =>
    itemsOf(valueAt(duty, ['allow'])).map((rule) => valueAt(rule, ['on'])),
  );
  const lists = used.map((on) =>
    globList(
      textsOf(on, []).map(({ text }) => text),
      'whole',
    ),
  );
  return entriesOf(valueAt(policy, ['targets'])).flatMap(([name, target]) => {
    const faults: Fault[] = [];
    const path = ['targets', name];
    const warn = (key: string, message: string) => faults.push({ path: [...path, key], at: 'value', message });
    if (!lists.some((list) => matchesGlobs(list, [name])))
      faults.push({ path, at: 'key', message: 'no allow rule of any duty names this target' });
    const address = parseAddress(String(valueAt(target, ['address'])));
    const place = address === null ? '' : `${address.host}:${address.port}`;
    const other = seen.get(place);
    if (other !== undefined) warn('address', `is also the address of target "${other}": only their names tell them apart`);
    seen.set(place, name);
    const tls = valueAt(target, ['tls']);
    if (tls === 'disable' || tls === 'prefer')
      warn('tls', `"${tls}" lets anybody between the gateway and the server read and change what passes`);
    return faults;
  });
}

function warnDuty(path: Path, duty: unknown): readonly Fault[] {
  return valueAt(duty, ['allow']) === undefined ? [{ path, at: 'key', message: 'allows nothing: nothing matched = deny' }] : [];
}
