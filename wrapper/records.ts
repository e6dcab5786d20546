import type { Tools } from './tools.ts';

/** Settings as the programs that make a cage read them: each with a NUL at its end. */
export function nulTerminated(records: readonly string[]): string {
  return records.map((record) => `${record}\0`).join('');
}

export function toolRecords(tools: Tools): readonly string[] {
  return Object.entries(tools).flatMap(([name, path]) => (path === null ? [] : [`tool:${name}=${path}`]));
}
