import { parseArgs } from 'node:util';

export type JsonOptions = { readonly json: boolean; readonly help: boolean };

/** Of a subcommand that takes `--json`, `--help` and nothing else. In words, what is wrong with them. */
export function readJsonOptions(args: readonly string[]): JsonOptions | string {
  try {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    return { json: values.json === true, help: values.help === true };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
