import { canonicalJson } from '#core/audit/canonical-json.ts';

/** A token's claims as policy and evidence see them: strings as they are, everything else as canonical JSON. */
export function claimStrings(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, typeof value === 'string' ? value : canonicalJson(value)]),
  );
}
