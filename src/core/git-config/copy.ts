import { type GitConfigEntry, gitConfigText, parseGitConfig } from './parse.ts';

/**
 * A repository's configuration as a command may see it: without what would let it act in the job's name (R12). Its comments are left out,
 * too, and what cannot be read is not shown at all.
 */
export function withoutCredentials(text: string): string {
  const entries = parseGitConfig(text) ?? [];
  return gitConfigText(
    entries.flatMap((entry) => {
      const value = shownValue(entry);
      return value === undefined ? [] : [{ ...entry, value }];
    }),
  );
}

/** Whether it has what a command may not see; what cannot be read may. */
export function holdsCredentials(text: string): boolean {
  return parseGitConfig(text)?.some((entry) => shownValue(entry) !== entry.value) ?? true;
}

/** Undefined: nothing of it is shown. */
function shownValue({ section, name, value, subsection }: GitConfigEntry): string | null | undefined {
  if (value === null) return value;
  if (section === 'http' && name === 'extraheader') return undefined;
  if (section === 'credential' && value.includes('password')) return undefined;
  if (/(?:pass|passwd|password|token|secret)$/.test(name)) return undefined;
  // What actions/checkout includes holds the same header.
  if (section.startsWith('include') && /(?:^|\/)git-credentials-[^/]*\.config$/.test(value)) return undefined;
  if (section === 'url' && subsection !== null && withoutUser(subsection) !== subsection) return undefined;
  return withoutUser(value);
}

/** `https://user:secret@host/…` without its user; `ssh://git@host` has none that is a secret. */
function withoutUser(url: string): string {
  return url.replace(/^((?:https?|ftps?):\/\/)[^/@\s]*@/i, '$1');
}
