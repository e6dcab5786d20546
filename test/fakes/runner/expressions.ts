/** Just enough of the workflow language: `${{ a.b }}`, comparisons of names and texts, `&&`, `||`, `!`, and the status functions. */
export type Contexts = { readonly [name: string]: string | undefined };
export type Status = 'success' | 'failure' | 'cancelled';

export function expand(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/gs, (_, expression: string) => evaluate(expression, contexts, 'success'));
}

/** Of an `if:`; without a status function of its own it means success() as well. */
export function holds(condition: string | undefined, contexts: Contexts, status: Status): boolean {
  const text = (condition ?? '').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1').trim();
  if (text === '') return status === 'success';
  const value = isTrue(evaluate(text, contexts, status));
  return /\b(?:success|failure|always|cancelled)\(\)/.test(text) ? value : value && status === 'success';
}

function evaluate(text: string, contexts: Contexts, status: Status): string {
  const either = text.split('||');
  if (either.length > 1) return either.map((part) => evaluate(part, contexts, status)).find(isTrue) ?? '';
  const both = text.split('&&');
  if (both.length > 1) return String(both.every((part) => isTrue(evaluate(part, contexts, status))));
  const [, left, operator, right] = /^(.*?)(==|!=)(.*)$/s.exec(text) ?? [];
  if (left !== undefined && right !== undefined) {
    const same = evaluate(left, contexts, status).toLowerCase() === evaluate(right, contexts, status).toLowerCase();
    return String(same === (operator === '=='));
  }
  const term = text.trim();
  if (term.startsWith('!')) return String(!isTrue(evaluate(term.slice(1), contexts, status)));
  if (/^'.*'$/s.test(term)) return term.slice(1, -1).replaceAll("''", "'");
  const called = /^(success|failure|always|cancelled)\(\)$/.exec(term)?.[1];
  if (called !== undefined) return String(called === 'always' || called === status);
  if (/^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(term)) return term === 'null' ? '' : term;
  if (/^[A-Za-z_][\w.-]*$/.test(term)) return contexts[term] ?? '';
  throw new Error(`Cannot evaluate ${JSON.stringify(text)}: it is more of the workflow language than this runner knows`);
}

function isTrue(value: string): boolean {
  return value !== '' && value !== 'false' && value !== '0';
}
