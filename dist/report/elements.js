// How text gets into the page. All of it may have been written by an attacker, so it is never markup, and it shows all it has.

/**
 * Everything that shows nothing or reorders what is beside it: controls, formats, separators, fillers, lone surrogates; spaces that
 * are none; and marks stacked so high that they draw over the lines around them. Line feeds and tabs stay where lines have a place.
 */
const HIDDEN = /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]|(?<=\p{M}{4})\p{M}/gu;

/** Appends an element with a text in it. */
function put(parent, tag, text, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) fill(element, String(text));
  parent.append(element);
  return element;
}

/** Fills in a text, with a mark for each character of it that would not be seen. */
function fill(element, text) {
  let from = 0;
  let marks = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (marks === MARKS_MAX) break;
    marks += 1;
    element.append(text.slice(from, match.index));
    const mark = document.createElement('span');
    mark.className = 'hidden-character';
    mark.textContent = codePoint(match[0]);
    element.append(mark);
    from = match.index + match[0].length;
  }
  element.append(text.slice(from).replace(HIDDEN, (character) => `[${codePoint(character)}]`));
}

/** Elements are dearer than text: past these, a text's hidden characters are shown in brackets. */
const MARKS_MAX = 100;

function codePoint(character) {
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A list of names and values. */
function putList(parent, pairs, className) {
  const list = put(parent, 'dl', null, className);
  for (const [name, value] of pairs) {
    put(list, 'dt', name);
    put(list, 'dd', value);
  }
  return list;
}

/** Something to open: its title, and what is inside. */
function putDetails(parent, title, className) {
  const details = put(parent, 'details', null, className);
  put(details, 'summary', title);
  return details;
}

function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** `2026-01-02T03:04:05.678Z` as `03:04:05.678`, with the whole of it for those who ask. */
function putTime(parent, at) {
  const time = put(parent, 'time', at.slice(11, 23));
  time.dateTime = at;
  time.title = at;
  return time;
}

window.dutyGateReport = { put, putList, putDetails, putTime, plural };
