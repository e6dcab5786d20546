import { writeFileSync } from 'node:fs';
import { policyJsonSchemaText } from '#core/policy/schema-json.ts';

/** Regenerates the committed JSON Schema: `node test/core/policy/write-schema.ts`. */
writeFileSync(new URL('../../../docs/policy.schema.json', import.meta.url), policyJsonSchemaText());
