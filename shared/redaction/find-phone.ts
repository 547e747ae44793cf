import { sensitiveAt, type Sensitive } from "./sensitive.ts";

const GAP = String.raw`[ \-/.()\u00a0\u202f\u2010-\u2013]`;
const ONE_GAP = String.raw`[ \-/.\u00a0\u202f\u2010-\u2013]`;
/** Neither a further group nor a word may follow; an extension (`x12`) may. */
const END = String.raw`(?![\p{N}]|(?!x)\p{L}|[\-./]\p{N}|:\p{N}{2}(?!\p{N}))`;

const INTERNATIONAL = new RegExp(
  String.raw`(?<![\p{L}\p{N}+]|\d[.:\-])(?:\+\(?|(?<!\d[ \u00a0])00)[1-9](?:${GAP}{0,2}\d){6,16}(?![\p{N}]|:\p{N}{2}(?!\p{N}))`,
  "gu",
);
const NATIONAL = [
  // (555) 123-4567
  String.raw`(?<![\p{L}\p{N}_)])\([2-9]\d{2}\)${ONE_GAP}?\d{3}${ONE_GAP}?\d{4}`,
  // (020) 7946 0018
  String.raw`(?<![\p{L}\p{N}_)])\(0\d{1,5}\)${ONE_GAP}?\d{2,8}(?:${ONE_GAP}\d{2,6}){0,5}`,
  // 555-123-4567
  String.raw`(?<![\p{L}\p{N}+]|[\p{L}\d][\-.:/])(?:1[\-. ])?[2-9]\d{2}([\-.\u2010-\u2013])\d{3}\1\d{4}`,
  // 020 7946 0018, 030/1234567, 06 12 34 56 78
  String.raw`(?<![\p{L}\p{N}_+]|[\p{L}\d][\-.:/]|\d[ \u00a0])0[1-9]\d{0,4}(?:${ONE_GAP}\d{2,8}){1,6}`,
  String.raw`(?<!\p{L})(?:tel(?:ephone|efon)?|phone|mobile|fax|whatsapp|sms)\.?(?: ?(?:no\.?|nr\.?|number))?["']? ?[:=#]? ?["']?(?<number>\(?\d{2,5}\)?(?:${ONE_GAP}\d{2,5}){1,6})`,
].map((pattern) => new RegExp(pattern + END, "giu"));

/** Fewest and most digits after the country code, where the numbering plan is closed. */
const NATIONAL_DIGITS: Readonly<Record<string, readonly [number, number]>> = {
  "1": [10, 10],
  "7": [10, 10],
  "31": [9, 9],
  "32": [8, 9],
  "33": [9, 9],
  "34": [9, 9],
  "41": [9, 9],
  "44": [9, 10],
  "45": [8, 8],
  "46": [7, 9],
  "47": [8, 8],
  "48": [9, 9],
  "61": [9, 9],
  "81": [9, 10],
  "91": [10, 10],
  "351": [9, 9],
  "353": [7, 9],
  "420": [9, 9],
};

/**
 * Telephone numbers: international (`+` or `00`, 8 to 15 digits, ITU-T E.164)
 * and national layouts with separators. A bare run of digits is never one.
 */
export function findPhones(text: string): Sensitive[] {
  const found: Sensitive[] = [];
  for (const match of text.matchAll(INTERNATIONAL)) {
    const length = internationalLength(match[0]);
    if (length > 0) found.push(sensitiveAt(text, "phone", match.index, match.index + length));
  }
  for (const pattern of NATIONAL) {
    for (const match of text.matchAll(pattern)) {
      const number = match.groups?.["number"] ?? match[0];
      const start = match.index + match[0].length - number.length;
      const length = nationalLength(number);
      if (length > 0) found.push(sensitiveAt(text, "phone", start, start + length));
    }
  }
  return found;
}

/** Length of the number at the start of what looks like one; 0 if it is something else. */
function internationalLength(match: string): number {
  if (/^\+\d{4}([-/.])\d{2}\1\d{2}(?!\d)/.test(match)) return 0; // a date added in a diff
  if (match.startsWith("0") && !/^00.?\d+[^\d]/.test(match)) return 0;
  const code = countryCode(match);
  const [least, most] = NATIONAL_DIGITS[code] ?? [8 - code.length, 15 - code.length];
  const length = fittingLength(match, code.length + most);
  const number = match.slice(0, length);
  const digits = countDigits(number);
  if (digits < Math.max(8, code.length + least)) return 0;
  if (/^\+\d{1,3}(?:[ \u00a0\u202f]\d{3})+$/.test(number) && digits <= 9) return 0;
  const decimal = /^\+(\d+)\.\d+$/.exec(number);
  if (decimal && (decimal[1] !== code || digits !== code.length + most)) return 0;
  return length;
}

function countryCode(match: string): string {
  const digits = match.replace(/^\+|^00/, "").replace(/\D/g, "");
  const known = [1, 2, 3].map((n) => digits.slice(0, n)).find((code) => code in NATIONAL_DIGITS);
  return known ?? digits.slice(0, 2);
}

/** Characters up to the last group that keeps the number within `most` digits; 0 if there is none. */
function fittingLength(match: string, most: number): number {
  let fitting = 0;
  for (const group of match.matchAll(/\d+/g)) {
    const end = group.index + group[0].length;
    if (startsAnother(match, group.index)) break;
    if (countDigits(match.slice(0, end)) > most) break;
    fitting = end;
  }
  return fitting;
}

/** After a blank, `2024-05` begins a date, and `0049` another number if enough digits came before. */
function startsAnother(match: string, at: number): boolean {
  if (!/\s/.test(match.charAt(at - 1))) return false;
  const rest = match.slice(at);
  return (
    /^(?:19|20)\d{2}[-/.]\d/.test(rest) ||
    (/^00[1-9]\d/.test(rest) && countDigits(match.slice(0, at)) >= 9)
  );
}

/** Digits that are dialled from abroad: no leading `00`, no `(0)`. */
function countDigits(number: string): number {
  return number.replace(/^00/, "").replace(/\(0\)/, "").replace(/\D/g, "").length;
}

/** Length of a national number; 0 if it is something else. Columns that follow are left out. */
function nationalLength(match: string): number {
  const groups = match.match(/\d+/g) ?? [];
  // Pairs are a French number, or the bytes of a dump.
  if (groups.every((group) => group.length === 2) && groups.length !== 5) return 0;
  const length = fittingLength(match, groups[1] !== undefined && groups[1].length > 7 ? 13 : 11);
  const number = match.slice(0, length);
  const least = number.startsWith("0") ? 9 : number.startsWith("(") ? 8 : 7;
  if (countDigits(number) < least || /^\d+$/.test(number)) return 0;
  return isOtherNumber(number) ? 0 : length;
}

/** Dates, decimals, IPv4 addresses and file modes have layouts of their own. */
function isOtherNumber(number: string): boolean {
  return (
    /^\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})(?!\1?\d)/.test(number) ||
    /^(?:19|20)\d{2}([-/. ])\d{2}\1\d{2}(?!\d)/.test(number) ||
    /^\d+\.\d+$/.test(number) ||
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(number) ||
    /^0(?:6[046][046]|7[057][057]) /.test(number)
  );
}
