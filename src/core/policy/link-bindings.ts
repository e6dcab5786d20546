import { isLoopbackIssuer, LOCAL_ISSUER } from './claim-glob.ts';
import { dutiesOfAgents } from './link-agents.ts';
import { entriesOf, itemsOf, textsOf } from './loose.ts';
import { type Fault, type Path, printable, suggestion } from './problems.ts';
import { valueAt } from './shape.ts';

/** Claims that single out who may bind: without one of them, a binding to GitHub would take any job of anybody. */
const OWNING_CLAIMS = ['repository', 'workflow-ref', 'job-workflow-ref'] as const;

export function linkBindings(bindings: unknown, duties: readonly string[]): readonly Fault[] {
  return itemsOf(bindings).flatMap((binding, index) => {
    const path = ['bindings', index];
    return [
      ...linkDuties([...path, 'duties'], valueAt(binding, ['duties']), duties),
      ...linkOwner([...path, 'when'], valueAt(binding, ['when'])),
    ];
  });
}

function linkDuties(path: Path, named: unknown, duties: readonly string[]): readonly Fault[] {
  const seen = new Set<string>();
  return textsOf(named, path).flatMap(({ text, path: at }): readonly Fault[] => {
    if (!duties.includes(text)) {
      return [{ path: at, at: 'value', message: `duty "${printable(text)}" is defined nowhere${suggestion(text, duties)}` }];
    }
    if (seen.has(text)) return [{ path: at, at: 'value', message: `duty "${text}" is named twice` }];
    seen.add(text);
    return [];
  });
}

function linkOwner(path: Path, when: unknown): readonly Fault[] {
  if (entriesOf(when).length === 0 && typeof when !== 'object') return []; // a fault of shape already
  if (isLocalOnly(when) || OWNING_CLAIMS.some((claim) => valueAt(when, [claim]) !== undefined)) return [];
  return [
    { path, at: 'key', message: 'names no repository: any job of anybody would match. Add repository or workflow-ref, or issuer: local' },
  ];
}

function isLocalOnly(when: unknown): boolean {
  const issuers = textsOf(valueAt(when, ['issuer']), []);
  return issuers.length > 0 && issuers.every(({ text }) => text === LOCAL_ISSUER);
}

/** R4: a right beyond read should bind the workflow, or whoever can push any workflow has it. */
export function warnBindings(policy: unknown): readonly Fault[] {
  const bindings = itemsOf(valueAt(policy, ['bindings']));
  const duties = valueAt(policy, ['duties']);
  const bound = new Set([
    ...bindings.flatMap((binding) => textsOf(valueAt(binding, ['duties']), []).map(({ text }) => text)),
    ...dutiesOfAgents(valueAt(policy, ['agents'])),
  ]);
  const unbound = entriesOf(duties).filter(([name]) => !bound.has(name));
  return [
    ...unbound.map(
      ([name]): Fault => ({
        path: ['duties', name],
        at: 'key',
        message:
          'no binding gives this duty to anybody, and no agent is held to it: only a command that names it (duty-gate run --duty) has it',
      }),
    ),
    ...bindings.flatMap((binding, index) => warnBinding(['bindings', index], binding, duties)),
  ];
}

function warnBinding(path: Path, binding: unknown, duties: unknown): readonly Fault[] {
  const when = valueAt(binding, ['when']);
  if (isLocalOnly(when)) return [];
  const faults: Fault[] = textsOf(valueAt(when, ['issuer']), [...path, 'when', 'issuer']).flatMap(({ text, path: at }) =>
    isLoopbackIssuer(text) ? [{ path: at, at: 'value', message: 'is whoever listens there on this machine: for simulators only' }] : [],
  );
  const beyondRead = textsOf(valueAt(binding, ['duties']), []).filter(({ text }) => isBeyondRead(valueAt(duties, [text])));
  const namesWorkflow = valueAt(when, ['workflow-ref']) !== undefined || valueAt(when, ['job-workflow-ref']) !== undefined;
  if (beyondRead.length > 0 && !namesWorkflow) {
    const names = beyondRead.map(({ text }) => `"${text}"`).join(', ');
    faults.push({
      path: [...path, 'when'],
      at: 'key',
      message: `${names} may do more than read: bind workflow-ref or job-workflow-ref too`,
    });
  }
  for (const claim of OWNING_CLAIMS) {
    for (const { text, path: at } of textsOf(valueAt(when, [claim]), [...path, 'when', claim])) {
      if (/^[*?{[]/.test(text))
        faults.push({ path: at, at: 'value', message: 'begins with a wildcard, so repositories of other owners may match' });
    }
  }
  return faults;
}

function isBeyondRead(duty: unknown): boolean {
  return itemsOf(valueAt(duty, ['allow'])).some((rule) => {
    const effects = textsOf(valueAt(rule, ['effects']), []);
    return effects.length === 0 || effects.some(({ text }) => text !== 'read' && text !== 'session');
  });
}
