import { err, ok, type Result } from "../base/result.ts";
import type { PriorityTable } from "../model/reasoning.ts";

type Rule = PriorityTable["rules"][number];
type Range = readonly [number, number];
export type Priority = Rule["priority"];

const DETECTION: readonly Range[] = [
  [7, 10],
  [5, 6],
  [2, 4],
  [1, 1],
];

/** By range of severity and of occurrence: priority for detection 7–10, 5–6, 2–4, 1. */
const HANDBOOK: readonly (readonly [Range, Range, string])[] = [
  [[9, 10], [8, 10], "HHHH"],
  [[9, 10], [6, 7], "HHHH"],
  [[9, 10], [4, 5], "HHHM"],
  [[9, 10], [2, 3], "HMLL"],
  [[9, 10], [1, 1], "LLLL"],
  [[7, 8], [8, 10], "HHHH"],
  [[7, 8], [6, 7], "HHHM"],
  [[7, 8], [4, 5], "HMMM"],
  [[7, 8], [2, 3], "MMLL"],
  [[7, 8], [1, 1], "LLLL"],
  [[4, 6], [8, 10], "HHMM"],
  [[4, 6], [6, 7], "MMML"],
  [[4, 6], [4, 5], "MLLL"],
  [[4, 6], [2, 3], "LLLL"],
  [[4, 6], [1, 1], "LLLL"],
  [[2, 3], [8, 10], "MMLL"],
  [[2, 3], [6, 7], "LLLL"],
  [[2, 3], [4, 5], "LLLL"],
  [[2, 3], [2, 3], "LLLL"],
  [[2, 3], [1, 1], "LLLL"],
  [[1, 1], [1, 10], "LLLL"],
];

const PRIORITIES: Readonly<Record<string, Priority>> = {
  h: "high",
  high: "high",
  m: "medium",
  medium: "medium",
  l: "low",
  low: "low",
};

/**
 * Action priority of design and process FMEA, AIAG & VDA FMEA Handbook, 1st
 * edition 2019 (the table of FMEA-MSR is another). The handbook is sold, not
 * free to read, so the table was checked against public programs on GitHub
 * that implement it, read condition by condition: `calculateActionPriority` of
 * an "FMEA Action Priority (AP) Generator" and `calculateAP` of a PFMEA
 * worksheet (React, alike enough to be of one origin), and the score page of a
 * DRBFM application (`saveSODFinal`), which is written otherwise. All 1,000
 * combinations are the same in them and here. The worked examples of
 * www.biz-pi.com/product/fmea-action-priority-ap-lookup-tables/ (8, 6, 2 is
 * high; 2, 6, 8 is low) agree. Other pages give something else under the same
 * name: summaries that call every severity of 9 or 10 high (specwarden.ai,
 * RBraga01/Quality-Engineering-Skills `ap-table.md`), thresholds of the RPN
 * (learn.nextedy.com), bands of two (ddunnock/claude-plugins
 * `rating-tables.md`); they contradict each other and are not followed.
 */
export const DEFAULT_PRIORITY_TABLE: PriorityTable = {
  name: "AIAG & VDA action priority (DFMEA, PFMEA)",
  source:
    "AIAG & VDA FMEA Handbook, 1st edition 2019, table of action priorities for design and process FMEA. Not taken from the book itself: checked against three published programs, which give the same in all 1,000 combinations, and two worked examples of biz-pi.com. Some summaries differ (for example, every severity of 9 or 10 high). Compare it with your copy of the handbook where it is binding.",
  rules: HANDBOOK.flatMap(([severity, occurrence, row]) =>
    DETECTION.map((detection, i) => ({
      severity: [...severity] as [number, number],
      occurrence: [...occurrence] as [number, number],
      detection: [...detection] as [number, number],
      priority: PRIORITIES[(row[i] ?? "").toLowerCase()] ?? "low",
    })),
  ),
};

/** Why a table of priorities cannot be used, in sentences for the person. */
export type TableFault = readonly string[];

/** How many of a list are named before the rest is counted. */
const NAMED = 5;

/**
 * A table of priorities from text: a line for each rule, severity from, to,
 * occurrence from, to, detection from, to, priority (high, medium, low or
 * their first letters), between commas, semicolons or tabs; a header is
 * skipped. Every one of the 1,000 combinations must be in exactly one rule.
 */
export function readPriorityTable(
  text: string,
  { name, source }: { name: string; source: string },
): Result<PriorityTable, TableFault> {
  const rules: Rule[] = [];
  const faults: string[] = [];
  text.split(/\r\n|\r|\n/).forEach((line, index) => {
    const fields = line.split(/[,;\t]/).map((f) =>
      f
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .trim(),
    );
    if (fields.every((f) => f === "")) return;
    const isHeader = rules.length === 0 && faults.length === 0 && !/^\d/.test(fields[0] ?? "");
    if (isHeader) return;
    const rule = readRule(fields);
    if (typeof rule === "string") faults.push(`Line ${index + 1}: ${rule}.`);
    else rules.push(rule);
  });
  if (faults.length === 0) faults.push(...coverageFaults(rules));
  return faults.length === 0 ? ok({ name, source, rules }) : err(atMost(faults));
}

/** The same table as the text that `readPriorityTable` reads. */
export function writePriorityTable({ rules }: PriorityTable): string {
  const header =
    "severity from,severity to,occurrence from,occurrence to,detection from,detection to,priority";
  const lines = rules.map(({ severity, occurrence, detection, priority }) =>
    [...severity, ...occurrence, ...detection, priority].join(","),
  );
  return `${[header, ...lines].join("\n")}\n`;
}

/** Whether the rule says something of this combination. */
export function ruleCovers(
  rule: Rule,
  severity: number,
  occurrence: number,
  detection: number,
): boolean {
  const within = ([low, high]: Range, score: number): boolean => score >= low && score <= high;
  return (
    within(rule.severity, severity) &&
    within(rule.occurrence, occurrence) &&
    within(rule.detection, detection)
  );
}

function readRule(fields: readonly string[]): Rule | string {
  if (fields.length !== 7) return `7 values are needed, ${fields.length} were found`;
  const numbers = fields.slice(0, 6).map((f) => (/^\d+$/.test(f) ? Number(f) : NaN));
  const bad = numbers.findIndex((n) => !(n >= 1 && n <= 10));
  if (bad >= 0) return `“${fields[bad] ?? ""}” is no whole number from 1 to 10`;
  const [s1 = 0, s2 = 0, o1 = 0, o2 = 0, d1 = 0, d2 = 0] = numbers;
  if (s1 > s2 || o1 > o2 || d1 > d2) return "a range ends before it begins";
  const priority = PRIORITIES[(fields[6] ?? "").toLowerCase()];
  if (priority === undefined) return `“${fields[6] ?? ""}” is none of high, medium, low`;
  return { severity: [s1, s2], occurrence: [o1, o2], detection: [d1, d2], priority };
}

function coverageFaults(rules: readonly Rule[]): string[] {
  const missing: string[] = [];
  const double: string[] = [];
  for (let s = 1; s <= 10; s++) {
    for (let o = 1; o <= 10; o++) {
      for (let d = 1; d <= 10; d++) {
        const count = rules.filter((rule) => ruleCovers(rule, s, o, d)).length;
        if (count === 0) missing.push(`${s}, ${o}, ${d}`);
        if (count > 1) double.push(`${s}, ${o}, ${d}`);
      }
    }
  }
  return [
    ...(missing.length === 0 ? [] : [counted(missing, "in no rule")]),
    ...(double.length === 0 ? [] : [counted(double, "in more than one rule")]),
  ];
}

function counted(combinations: readonly string[], what: string): string {
  const named = combinations.slice(0, NAMED).map((c) => `(${c})`);
  const rest = combinations.length - named.length;
  const verb = combinations.length === 1 ? "combination is" : "combinations are";
  return `${combinations.length} ${verb} ${what}; severity, occurrence, detection: ${named.join(" ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

function atMost(faults: readonly string[]): TableFault {
  const rest = faults.length - NAMED;
  return rest > 0 ? [...faults.slice(0, NAMED), `And ${rest} more lines.`] : faults;
}
