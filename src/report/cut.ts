/** Characters of a text in a list, and texts of a list, that a report shows. */
export const TEXT_CHARACTERS_MAX = 500;
export const TEXTS_MAX = 20;

/** The text, or its beginning with how long it is. */
export function cutText(text: string, charactersMax: number = TEXT_CHARACTERS_MAX): string {
  return text.length <= charactersMax ? text : `${beginning(text, charactersMax)}… (${text.length} characters)`;
}

/** Not with half a character at its end. */
export function beginning(text: string, charactersMax: number): string {
  return text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, '');
}

/** The texts, or the first of them with how many more there are. */
export function cutTexts(texts: readonly string[]): readonly string[] {
  const shown = texts.slice(0, TEXTS_MAX).map((text) => cutText(text));
  const rest = texts.length - shown.length;
  return rest === 0 ? shown : [...shown, `… and ${rest} more`];
}
