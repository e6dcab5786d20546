import * as z from 'zod';
import { KnownEntrySchema, LineEnvelope } from './entry-schema.ts';

/**
 * JSON Schema of one line of `audit.jsonl`, for programs of others. Members and kinds that it does not name are legal: later
 * versions add some. What one line cannot show (the chain, order, counts) docs/evidence.md says.
 */
export function lineJsonSchema(): Readonly<Record<string, unknown>> {
  const options = { io: 'input', target: 'draft-7', unrepresentable: 'any' } as const;
  const { $schema, ...line } = z.toJSONSchema(LineEnvelope, options);
  const { $schema: _, ...entry } = z.toJSONSchema(KnownEntrySchema, options);
  const kinds = KnownEntrySchema.options.map((option) => option.shape.kind.value);
  const ofOtherKind = { allOf: [line.properties?.['entry'] ?? {}, { properties: { kind: { not: { enum: kinds } } } }] };
  return {
    $schema,
    title: 'A line of duty-gate evidence',
    ...line,
    properties: { ...line.properties, entry: { anyOf: [entry, ofOtherKind] } },
  };
}

/** As it is committed at docs/evidence.schema.json. */
export function lineJsonSchemaText(): string {
  return `${JSON.stringify(lineJsonSchema(), null, 2)}\n`;
}
