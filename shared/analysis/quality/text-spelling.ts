import { formatShare, quoteValue } from "../sentences.ts";
import { hitFacts, shareGain, type ContentFinding } from "./content-finding.ts";

/** How a text spells its value, as the SQL of `spellingSql` tells them apart. */
export const SPELLINGS = {
  number: "plain numbers",
  thousands: "numbers with thousands separators",
  comma: "numbers with a decimal comma",
  unit: "numbers with a unit or currency sign",
  hex: "hexadecimal numbers",
  truth: "true or false",
  time: "dates or times",
  text: "other texts",
} as const;
export type Spelling = keyof typeof SPELLINGS;

/** An SQL expression that names the spelling of a text; NULL for NULL and the empty text. */
export function spellingSql(value: string): string {
  const matches = (pattern: string): string => `regexp_full_match(${value}, '\\s*${pattern}\\s*')`;
  return `CASE WHEN nullif(trim(${value}), '') IS NULL THEN NULL
  WHEN try_cast(${value} AS DOUBLE) IS NOT NULL THEN 'number'
  WHEN ${matches("[-+]?[1-9]\\d{0,2}(,\\d{3})+(\\.\\d+)?")} THEN 'thousands'
  WHEN ${matches("[-+]?\\d{1,3}([. ’'''']?\\d{3})*,\\d+")} OR ${matches("[-+]?\\d*,\\d+")} THEN 'comma'
  WHEN ${matches("[-+]?\\d[\\d.,]*\\s?[%A-Za-zµ°€$£]{1,5}")} OR ${matches("[€$£]\\s?[-+]?\\d[\\d.,]*")} THEN 'unit'
  WHEN ${matches("0x[0-9a-fA-F]+")} THEN 'hex'
  WHEN lower(trim(${value})) IN ('true', 'false') THEN 'truth'
  WHEN try_cast(${value} AS TIMESTAMP) IS NOT NULL THEN 'time'
  ELSE 'text' END`;
}

/** Rows of one spelling in both windows, with a value for each. */
export interface SpellingCount {
  readonly spelling: Spelling;
  readonly baseline: number;
  readonly incident: number;
  readonly baselineExample: string | null;
  readonly incidentExample: string | null;
}

/** A share that changed less is no change of spelling. */
const LEAST_GAIN = 0.01;

/**
 * Finds a column of texts whose values used to be numbers, dates or truth
 * values in one spelling and now come in another. Null where the baseline had
 * no such spelling in most rows.
 */
export function findRetyping(
  name: string,
  spellings: readonly SpellingCount[],
): ContentFinding | null {
  const counts = withDecimalCommas(spellings);
  const rowsB = counts.reduce((s, c) => s + c.baseline, 0);
  const rowsI = counts.reduce((s, c) => s + c.incident, 0);
  if (rowsB < 20 || rowsI < 20) return null;
  const usual = counts.find((c) => c.baseline > rowsB / 2);
  if (usual === undefined || usual.spelling === "text") return null;
  const lost = usual.baseline / rowsB - usual.incident / rowsI;
  const gained = counts
    .filter((c) => c !== usual)
    .map((c) => ({ count: c, gain: c.incident / rowsI - c.baseline / rowsB }))
    .sort((a, b) => b.gain - a.gain)[0];
  if (gained === undefined || lost < LEAST_GAIN || gained.gain < LEAST_GAIN) return null;
  const b = { hits: rowsB - usual.baseline, rows: rowsB };
  const i = { hits: rowsI - usual.incident, rows: rowsI };
  const { statistic, effect } = shareGain("respelt_share", b, i);
  const before = usual.baselineExample;
  const now = gained.count.incidentExample;
  const example =
    before !== null && now !== null
      ? ` (such as ${quoteValue(now)}, formerly such as ${quoteValue(before)})`
      : "";
  return {
    kind: "retyped",
    statistic,
    effect,
    measure: "row_share",
    size: lost,
    sentence: `\`${name}\` held ${SPELLINGS[usual.spelling]}; ${formatShare(i.hits / i.rows)} of rows now hold ${SPELLINGS[gained.count.spelling]}${example}`,
    facts: counts.flatMap((c) =>
      hitFacts(
        `Rows with ${SPELLINGS[c.spelling]}`,
        { hits: c.baseline, rows: rowsB },
        { hits: c.incident, rows: rowsI },
      ),
    ),
    condition: (x) => `(${spellingSql(x)}) <> '${usual.spelling}'`,
  };
}

/** `1,234` beside `0,5` is no thousand: three digits after a comma are decimals too then. */
function withDecimalCommas(counts: readonly SpellingCount[]): SpellingCount[] {
  const comma = counts.find((c) => c.spelling === "comma");
  const thousands = counts.find((c) => c.spelling === "thousands");
  if (comma === undefined || thousands === undefined) return [...counts];
  if (comma.incident === 0 || thousands.baseline > 0) return [...counts];
  const both: SpellingCount = {
    ...comma,
    incident: comma.incident + thousands.incident,
  };
  return [...counts.filter((c) => c !== comma && c !== thousands), both];
}
