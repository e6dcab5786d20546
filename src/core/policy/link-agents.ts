import { itemsOf } from './loose.ts';
import { type Fault, printable, suggestion } from './problems.ts';
import { valueAt } from './shape.ts';

/** Each rule of `agents` names a duty that is defined. */
export function linkAgents(agents: unknown, duties: readonly string[]): readonly Fault[] {
  return itemsOf(agents).flatMap((rule, index): readonly Fault[] => {
    const duty = valueAt(rule, ['duty']);
    if (typeof duty !== 'string' || duties.includes(duty)) return [];
    const message = `duty "${printable(duty)}" is defined nowhere${suggestion(duty, duties)}`;
    return [{ path: ['agents', index, 'duty'], at: 'value', message }];
  });
}

/** Duties that agents are held to. */
export function dutiesOfAgents(agents: unknown): readonly string[] {
  return itemsOf(agents).flatMap((rule) => {
    const duty = valueAt(rule, ['duty']);
    return typeof duty === 'string' ? [duty] : [];
  });
}
