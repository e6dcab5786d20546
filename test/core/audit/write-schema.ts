import { writeFileSync } from 'node:fs';
import { lineJsonSchemaText } from '#core/audit/schema-json.ts';

/** Regenerates the committed JSON Schema: `node test/core/audit/write-schema.ts`. */
writeFileSync(new URL('../../../docs/evidence.schema.json', import.meta.url), lineJsonSchemaText());
