import type { KnownEntry } from '#core/audit/entry-schema.ts';

type Pair = Extract<KnownEntry, { kind: 'decision' }>['pairs'][number];

/**
 * An effect and what it touches, in words: `read public.customers`. Names that could be taken for something else (two parts for
 * one, another spelling) are in quotes, as SQL has them. Objects belong to protocols, of which later versions have more.
 */
export function describePair({ effect, object }: Pair): string {
  const { kind, path, name, what, why } = object;
  switch (kind) {
    case 'none':
      return effect;
    case 'catalog':
    case 'relation':
      return `${effect} ${describePath(path)}`;
    case 'function':
      return `${effect} function ${describePath(path)}`;
    case 'setting':
      return `${effect} setting ${describeName(name)}`;
    case 'other':
      return `${effect} ${typeof what === 'string' ? what : 'object'} ${describeName(name)}`;
    case 'undecidable':
      return `${effect}: ${typeof why === 'string' ? why : 'nobody can tell'}`;
    default:
      return `${effect} ${kind}`;
  }
}

function describePath(path: unknown): string {
  return Array.isArray(path) && path.length > 0 ? path.map(describeName).join('.') : 'of no name';
}

function describeName(name: unknown): string {
  if (typeof name !== 'string') return 'of no name';
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
