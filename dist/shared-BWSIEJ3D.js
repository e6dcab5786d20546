import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  printable
} from "./shared-45OH65BV.js";
import {
  array,
  int,
  literal,
  object,
  string
} from "./shared-2T7SPHVJ.js";

// src/core/cage-networks.ts
var CAGE_IPV4 = ["198.18", "198.19"];
var CAGE_IPV6 = "fd64:7574:7900";

// src/core/chain/whoami.ts
var INNER_CONTROLS = [`${CAGE_IPV4[0]}.0.3`, `${CAGE_IPV6}::3`];
var INNER_CONTROL_PORT = 80;
var Texts = array(string());
var RuleText = object({
  rule: string(),
  on: Texts,
  /** Null: every effect but unknown; every object. */
  effects: Texts.nullable(),
  relations: Texts.nullable(),
  functions: Texts.nullable(),
  databases: Texts.nullable(),
  reason: string().nullable()
});
var MaskText = object({ rule: string(), on: Texts, columns: Texts.nullable(), detect: Texts.nullable(), with: string() });
var LinkText = object({
  link: string(),
  principal: string(),
  duty: string(),
  executable: string(),
  started: string(),
  keyThumbprint: string().nullable()
});
var Whoami = object({
  v: literal(1),
  session: string(),
  /** The command in whose cage the question was asked. */
  link: string(),
  chain: array(LinkText).min(1),
  duties: array(
    object({
      duty: string(),
      allow: array(RuleText),
      deny: array(RuleText),
      mask: array(MaskText),
      operationsMax: int().nullable()
    })
  ).min(1),
  /** The chain as the gateway signs it, for others. */
  token: string()
});
function whoamiOf({ session, link, chain, right, token }) {
  return { v: 1, session, link, chain: chain.map((each) => ({ ...each })), duties: right.duties.map(dutyText), token };
}
function dutyText({ name, allow, deny, mask, operationsMax }) {
  return { duty: name, allow: allow.map(ruleText), deny: deny.map(ruleText), mask: mask.map(maskText), operationsMax };
}
function ruleText({ id, on, effects, relations, functions, databases, reason }) {
  const lists = { relations: globTexts(relations), functions: globTexts(functions), databases: globTexts(databases) };
  return { rule: id, on: globTexts(on) ?? [], effects: effects === null ? null : [...effects], ...lists, reason };
}
function maskText({ id, on, what, with: method }) {
  const columns = what.kind === "columns" ? globTexts(what.columns) : null;
  return { rule: id, on: globTexts(on) ?? [], columns, detect: what.kind === "detect" ? [...what.detectors] : null, with: method };
}
function globTexts(list) {
  if (list === null) return null;
  return [...list.include.map((parts) => parts.join(".")), ...list.exclude.map((parts) => `!${parts.join(".")}`)];
}
function whoamiPage({ session, link, chain, duties }) {
  const lines = [
    `Command ${link} of session ${session}, on behalf of:`,
    ...chain.map(
      ({ principal, duty, executable }, depth) => `  ${"  ".repeat(depth)}${executable === "" ? principal : executable} as ${duty}`
    ),
    "",
    duties.length === 1 ? "What it may do:" : "What it may do is what each of these duties allows, masked as any of them wants:",
    ...duties.flatMap(({ duty, allow, deny, mask, operationsMax }) => [
      `  ${duty}`,
      ...allow.length === 0 ? ["    allows nothing"] : allow.map((rule) => `    allows ${ruleWords(rule)}`),
      ...deny.map((rule) => `    denies ${ruleWords(rule)}`),
      ...mask.map((entry) => `    masks ${(entry.columns ?? entry.detect ?? []).join(", ")} on ${entry.on.join(", ")}: ${entry.with}`),
      ...operationsMax === null ? [] : [`    allows no more than ${operationsMax} operations in one session`]
    ])
  ];
  return `${lines.map(printable).join("\n")}
`;
}
function ruleWords({ on, effects, relations, functions, databases, reason }) {
  const objects = [relations, functions].flatMap((list) => list ?? []);
  return [
    `${effects === null ? "everything" : effects.join(", ")} on ${on.join(", ")}`,
    databases === null ? "" : ` in ${databases.join(", ")}`,
    objects.length === 0 ? "" : `: ${objects.join(", ")}`,
    reason === null ? "" : ` (${reason})`
  ].join("");
}

export {
  CAGE_IPV4,
  CAGE_IPV6,
  INNER_CONTROLS,
  INNER_CONTROL_PORT,
  Whoami,
  whoamiOf,
  whoamiPage
};
