import * as z from 'zod';
import { PolicySchema } from './schema.ts';

/** The policy's JSON Schema, for editors. The parser checks more: names across the text, globs, secrets. */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(PolicySchema, { io: 'input', target: 'draft-7' });
  return { $schema, title: 'duty-gate policy', ...schema };
}

/** As it is committed at docs/policy.schema.json. */
export function policyJsonSchemaText(): string {
  return `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
}
