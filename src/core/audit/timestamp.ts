/** Fixed width: RFC 3339, UTC, milliseconds. As the source of a regular expression. */
export const TIMESTAMP_FORM = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

const FORM = new RegExp(`^${TIMESTAMP_FORM}$`);

/** Whether it is a time that exists, from year 1 on, in its only spelling. Every line of a bundle has one: no Date is made for it. */
export function isTimestamp(text: string): boolean {
  return FORM.test(text) && isTime(text);
}

/** The same for text that has the form. */
export function isTime(text: string): boolean {
  const [year, month, day] = [number(text, 0, 4), number(text, 5, 2), number(text, 8, 2)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  return number(text, 11, 2) < 24 && number(text, 14, 2) < 60 && number(text, 17, 2) < 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function number(text: string, from: number, digits: number): number {
  let value = 0;
  for (let at = from; at < from + digits; at += 1) value = value * 10 + text.charCodeAt(at) - DIGIT_ZERO;
  return value;
}

const DIGIT_ZERO = 0x30;
