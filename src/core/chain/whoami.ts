import * as z from 'zod';
import { CAGE_IPV4, CAGE_IPV6 } from '#core/cage-networks.ts';
import type { EffectiveDuty } from '#core/policy/effective-duty.ts';
import type { Duty, GlobList, MaskEntry, Rule } from '#core/policy/policy.ts';
import { printable } from '#core/recording/safe-terminal.ts';
import type { ChainLink } from './chain.ts';

/** Where the processes of a cage reach the gateway: beside the resolvers. */
export const INNER_CONTROLS = [`${CAGE_IPV4[0]}.0.3`, `${CAGE_IPV6}::3`] as const;
export const INNER_CONTROL_PORT = 80;

/** What a process inside is told when it asks who it is: its chain, and what each duty along it allows, in the policy's own words. */
const Texts = z.array(z.string());
const RuleText = z.object({
  rule: z.string(),
  on: Texts,
  /** Null: every effect but unknown; every object. */
  effects: Texts.nullable(),
  relations: Texts.nullable(),
  functions: Texts.nullable(),
  databases: Texts.nullable(),
  reason: z.string().nullable(),
});
type RuleText = z.infer<typeof RuleText>;
const MaskText = z.object({ rule: z.string(), on: Texts, columns: Texts.nullable(), detect: Texts.nullable(), with: z.string() });
const LinkText = z.object({
  link: z.string(),
  principal: z.string(),
  duty: z.string(),
  executable: z.string(),
  started: z.string(),
  keyThumbprint: z.string().nullable(),
});

export const Whoami = z.object({
  v: z.literal(1),
  session: z.string(),
  /** The command in whose cage the question was asked. */
  link: z.string(),
  chain: z.array(LinkText).min(1),
  duties: z
    .array(
      z.object({
        duty: z.string(),
        allow: z.array(RuleText),
        deny: z.array(RuleText),
        mask: z.array(MaskText),
        operationsMax: z.int().nullable(),
      }),
    )
    .min(1),
  /** The chain as the gateway signs it, for others. */
  token: z.string(),
});
export type Whoami = z.infer<typeof Whoami>;

export type WhoamiFacts = {
  readonly session: string;
  readonly link: string;
  readonly chain: readonly ChainLink[];
  readonly right: EffectiveDuty;
  readonly token: string;
};

export function whoamiOf({ session, link, chain, right, token }: WhoamiFacts): Whoami {
  return { v: 1, session, link, chain: chain.map((each) => ({ ...each })), duties: right.duties.map(dutyText), token };
}

function dutyText({ name, allow, deny, mask, operationsMax }: Duty): Whoami['duties'][number] {
  return { duty: name, allow: allow.map(ruleText), deny: deny.map(ruleText), mask: mask.map(maskText), operationsMax };
}

function ruleText({ id, on, effects, relations, functions, databases, reason }: Rule): RuleText {
  const lists = { relations: globTexts(relations), functions: globTexts(functions), databases: globTexts(databases) };
  return { rule: id, on: globTexts(on) ?? [], effects: effects === null ? null : [...effects], ...lists, reason };
}

function maskText({ id, on, what, with: method }: MaskEntry): Whoami['duties'][number]['mask'][number] {
  const columns = what.kind === 'columns' ? globTexts(what.columns) : null;
  return { rule: id, on: globTexts(on) ?? [], columns, detect: what.kind === 'detect' ? [...what.detectors] : null, with: method };
}

function globTexts(list: GlobList | null): string[] | null {
  if (list === null) return null;
  return [...list.include.map((parts) => parts.join('.')), ...list.exclude.map((parts) => `!${parts.join('.')}`)];
}

/** For people. Nothing in it can act on a terminal. */
export function whoamiPage({ session, link, chain, duties }: Whoami): string {
  const lines = [
    `Command ${link} of session ${session}, on behalf of:`,
    ...chain.map(
      ({ principal, duty, executable }, depth) => `  ${'  '.repeat(depth)}${executable === '' ? principal : executable} as ${duty}`,
    ),
    '',
    duties.length === 1 ? 'What it may do:' : 'What it may do is what each of these duties allows, masked as any of them wants:',
    ...duties.flatMap(({ duty, allow, deny, mask, operationsMax }) => [
      `  ${duty}`,
      ...(allow.length === 0 ? ['    allows nothing'] : allow.map((rule) => `    allows ${ruleWords(rule)}`)),
      ...deny.map((rule) => `    denies ${ruleWords(rule)}`),
      ...mask.map((entry) => `    masks ${(entry.columns ?? entry.detect ?? []).join(', ')} on ${entry.on.join(', ')}: ${entry.with}`),
      ...(operationsMax === null ? [] : [`    allows no more than ${operationsMax} operations in one session`]),
    ]),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function ruleWords({ on, effects, relations, functions, databases, reason }: RuleText): string {
  const objects = [relations, functions].flatMap((list) => list ?? []);
  return [
    `${effects === null ? 'everything' : effects.join(', ')} on ${on.join(', ')}`,
    databases === null ? '' : ` in ${databases.join(', ')}`,
    objects.length === 0 ? '' : `: ${objects.join(', ')}`,
    reason === null ? '' : ` (${reason})`,
  ].join('');
}
