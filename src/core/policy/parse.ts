import { compilePolicy } from './compile.ts';
import { linkFaults, linkWarnings } from './link.ts';
import type { Policy } from './policy.ts';
import { type Fault, listProblems, type PolicyProblem } from './problems.ts';
import { PolicySchema } from './schema.ts';
import { shapeFaults, valueAt } from './shape.ts';
import { readYaml, type YamlData } from './yaml-document.ts';

export type ParsedPolicy =
  | {
      readonly ok: true;
      readonly policy: Policy /** What is legal and likely not meant, by line. */;
      readonly warnings: readonly PolicyProblem[];
    }
  | { readonly ok: false /** Everything that is wrong, by line; never empty. */; readonly problems: readonly PolicyProblem[] };

/**
 * Reads a policy (docs/policy.md). Never throws: every fault is a problem with its line, all of them at once. What this
 * version does not know is a fault, never passed over.
 */
export function parsePolicy(text: string): ParsedPolicy {
  const reading = readYaml(text);
  if (!reading.ok) return { ok: false, problems: listProblems(reading.problems) };
  const { data } = reading;

  const faults = isOtherVersion(data.value) ? [otherVersion(data.value)] : [...shapeFaults(data.value), ...linkFaults(data.value)];
  const problems = [...data.problems, ...faults.map(data.problem)];
  if (problems.length > 0) return { ok: false, problems: listProblems(problems) };

  const shaped = PolicySchema.safeParse(data.value);
  if (!shaped.success) return { ok: false, problems: [unexplained(data)] };
  return { ok: true, policy: compilePolicy(shaped.data), warnings: listProblems(linkWarnings(data.value).map(data.problem)) };
}

/** A text of another version is judged by nothing but its version. */
function isOtherVersion(value: unknown): boolean {
  const version = valueAt(value, ['version']);
  return typeof version === 'number' && version !== 1;
}

function otherVersion(value: unknown): Fault {
  const version = String(valueAt(value, ['version']));
  return { path: ['version'], at: 'value', message: `version ${version} is not supported by this version of duty-gate, expected 1` };
}

/** INVARIANT (P2): a shape that fails without a fault to show for it is refused all the same. */
function unexplained(data: YamlData): PolicyProblem {
  return data.problem({ path: [], at: 'value', message: 'is no policy' });
}
