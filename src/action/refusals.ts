import { ControlError } from '#control/fault.ts';
import { GatewayStartError } from '#control/gateway-process.ts';
import { ActionError, type ActionErrorCode, type Place } from './action-error.ts';
import type { PolicyInput } from './inputs.ts';
import type { Toolkit } from './toolkit.ts';
import { logLine, visible, visibleLines } from './untrusted-text.ts';

/** Why the action ends here, as the log shows it: one message, and places in the policy where there are any. */
export type Refusal = { readonly title: string; readonly message: string; readonly places: readonly Place[] };

/** Past it the runner cuts a message off. */
const MESSAGE_CHARACTERS_MAX = 4000;
const PLACE_CHARACTERS_MAX = 1000;
/** The runner shows ten errors of a step; one is the message itself. */
const ANNOTATIONS_MAX = 9;

const TITLES: Readonly<Record<ActionErrorCode, string>> = {
  inputs: 'duty-gate: inputs',
  runner: 'duty-gate: runner',
  'second-use': 'duty-gate: second use',
  identity: 'duty-gate: identity token',
  policy: 'duty-gate: policy',
  gateway: 'duty-gate: gateway',
  folder: 'duty-gate: folder',
  upload: 'duty-gate: upload',
  cancelled: 'duty-gate: cancelled',
};

/** The gateway's own words where it has any: they say what is and what is wanted. Of a fault of ours only the name is told: its message may hold anything. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ActionError) return refusal(TITLES[error.code], error.message);
  if (error instanceof GatewayStartError) {
    if (error.problems.length === 0) return refusal(error.code === 'policy' ? TITLES.policy : TITLES.gateway, error.message);
    // The message lists them again, and each is shown once.
    return { ...refusal(TITLES.policy, error.message.split('\n', 1)[0] ?? ''), places: error.problems };
  }
  if (error instanceof ControlError) return refusal(error.code === 'forbidden' ? 'duty-gate: duty' : TITLES.gateway, error.message);
  return refusal('duty-gate: fault', `Cannot go on: ${faultName(error)}, expected no fault of the action's own`);
}

function refusal(title: string, message: string): Refusal {
  return { title, message: visibleLines(message, MESSAGE_CHARACTERS_MAX), places: [] };
}

function faultName(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown fault';
  const [, place = ''] = /\n {4}at ([^\n]{1,200})/.exec(error.stack ?? '') ?? [];
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `${error.name}${code}${place === '' ? '' : ` at ${place}`}`;
}

/** @param policy whose file the places are in; null before it is known. */
export function tellRefusal(toolkit: Toolkit, { title, message, places }: Refusal, policy: PolicyInput | null): void {
  const shown = places.slice(0, ANNOTATIONS_MAX);
  const rest = places.slice(ANNOTATIONS_MAX);
  const hint =
    places.length === 0
      ? ''
      : `. Each is ${rest.length === 0 ? 'an annotation at its line' : 'an annotation at its line, or stands above this one'}`;
  for (const place of rest) toolkit.info(logLine(`${policyLabel(policy)}:${place.line}:${place.column} ${place.message}`));
  for (const { line, column, message: what } of shown)
    tellPlace(toolkit, { line, column, message: visible(what, PLACE_CHARACTERS_MAX) }, policy);
  toolkit.error(`${message}${hint}`, { title });
}

function tellPlace(toolkit: Toolkit, { line, column, message }: Place, policy: PolicyInput | null): void {
  // A path is taken for one of the repository that the job is of.
  if (policy === null || policy.repository !== null)
    return toolkit.error(`${policyLabel(policy)}:${line}:${column} ${message}`, { title: TITLES.policy });
  toolkit.error(message, { title: TITLES.policy, file: policy.path, startLine: line, startColumn: column });
}

function policyLabel(policy: PolicyInput | null): string {
  if (policy === null) return 'policy';
  return policy.repository === null ? policy.path : `${policy.repository}@${policy.ref ?? 'default'}:${policy.path}`;
}
