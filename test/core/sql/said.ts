import { describeObject } from '#core/operation/operation.ts';
import { classify } from '#core/sql/classify.ts';
import type { NameRef, StatementFacts, Unreadable } from '#core/sql/facts.ts';
import { loadGrammar, type ServerMajor } from '#core/sql/grammar.ts';
import type { TextSettings } from '#core/sql/readable.ts';

const LIMITS = { statementBytesMax: 1_048_576 };
const SAFE: TextSettings = { clientEncoding: 'UTF8', standardConformingStrings: 'on' };

/** The facts of a text that must be readable. */
export async function factsOf(sql: string, major: ServerMajor = 18): Promise<StatementFacts> {
  const facts = await classified(sql, major);
  if ('kind' in facts) throw new Error(`unreadable: ${facts.why}: ${sql}`);
  return facts;
}

export async function classified(
  sql: string | Buffer,
  major: ServerMajor = 18,
  settings: TextSettings = SAFE,
): Promise<StatementFacts | Unreadable> {
  return classify(await loadGrammar(major), Buffer.from(sql), LIMITS, settings);
}

/** What a statement does, in one line: `read public.t, update t, session setting x, unknown !names`. */
export async function said(sql: string, major: ServerMajor = 18): Promise<string> {
  const facts = await factsOf(sql, major);
  const parts = [
    ...facts.relations.map(({ effect, relation }) => `${effect} ${named(relation)}`),
    ...facts.objects.map(({ effect, object }) => (object.kind === 'none' ? `${effect} nothing` : `${effect} ${describeObject(object)}`)),
    ...(facts.unknown.length > 0 ? ['unknown'] : []),
  ].sort();
  return `${parts.join(', ')}${facts.barrier === 'none' ? '' : ` !${facts.barrier}`}`.trim();
}

function named({ schema, name }: NameRef): string {
  return schema === null ? name : `${schema}.${name}`;
}

/** One case: what it is about, the text, and what it does. */
export type Case = readonly [about: string, sql: string, does: string];
