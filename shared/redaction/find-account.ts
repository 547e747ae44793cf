import { sensitiveAt, type Sensitive } from "./sensitive.ts";

/** 13 to 19 digits: bare, or in groups as they are printed on cards. */
const CARD =
  /(?<![\p{L}\p{N}]|\d[.-])(?:\d{4}([ \u00a0-])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{3})?|\d{4}([ \u00a0-])\d{6}\2\d{4,5}|\d{13,19})(?![\p{L}\p{N}]|[.-]\d)/gu;

/** Prefix and lengths of each issuer (ISO/IEC 7812). */
const ISSUERS: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^3(?:0[0-5]|095|6|[89])/, lengths: [14, 15, 16, 17, 18, 19] },
  { prefix: /^(?:6011|64[4-9]|65|62|60|8[12]|508)/, lengths: [16, 17, 18, 19] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { prefix: /^220[0-4]/, lengths: [16, 17, 18, 19] },
  {
    prefix: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/,
    lengths: [13, 14, 15, 16, 17, 18, 19],
  },
];

const IBAN = /(?<![\p{L}\p{N}])[a-z]{2}\d{2}(?:[ \u00a0-]?[a-z\d]){11,30}/giu;

/** Length of an account number in each country (SWIFT IBAN registry). */
const IBAN_LENGTHS = new Map(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 " +
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 " +
    "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 " +
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 " +
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Card numbers: prefix and length of an issuer, and the check digit after Luhn (ISO/IEC 7812-1). */
export function findCards(text: string): Sensitive[] {
  const found: Sensitive[] = [];
  CARD.lastIndex = 0;
  for (let match = CARD.exec(text); match; match = CARD.exec(text)) {
    const number = [match[0], withoutLastGroup(match[0])].find(isCard);
    if (number === undefined) {
      // The groups may belong to a card that starts one group later.
      const first = match[0].search(/[^\d]/);
      if (first > 0) CARD.lastIndex = match.index + first + 1;
      continue;
    }
    found.push(sensitiveAt(text, "card", match.index, match.index + number.length));
  }
  return found;
}

function withoutLastGroup(number: string): string {
  return number.replace(/[^\d]\d+$/, "");
}

function isCard(number: string): boolean {
  const digits = number.replace(/\D/g, "");
  return (
    ISSUERS.some(({ prefix, lengths }) => prefix.test(digits) && lengths.includes(digits.length)) &&
    hasLuhnSum(digits)
  );
}

function hasLuhnSum(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.charAt(digits.length - 1 - i));
    sum += i % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}

/** Account numbers with the length of their country and the remainder 1 modulo 97 (ISO 13616). */
export function findIbans(text: string): Sensitive[] {
  const found: Sensitive[] = [];
  for (const match of text.matchAll(IBAN)) {
    const length = IBAN_LENGTHS.get(match[0].slice(0, 2).toUpperCase());
    const end = length === undefined ? 0 : endOfCharacters(match[0], length);
    if (end === 0 || /^[\p{L}\p{N}]/u.test(text.slice(match.index + end, match.index + end + 2)))
      continue;
    if (remainder97(match[0].slice(0, end)) === 1)
      found.push(sensitiveAt(text, "iban", match.index, match.index + end));
  }
  return found;
}

/** Where the first `count` letters and digits end; 0 if there are fewer. */
function endOfCharacters(text: string, count: number): number {
  let seen = 0;
  for (let i = 0; i < text.length; i++) {
    if (/[a-z\d]/i.test(text.charAt(i)) && ++seen === count) return i + 1;
  }
  return 0;
}

function remainder97(iban: string): number {
  const compact = iban.replace(/[^a-z\d]/gi, "").toUpperCase();
  let remainder = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}
