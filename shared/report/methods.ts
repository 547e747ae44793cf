import { Q_LIMIT, THRESHOLDS } from "../analysis/verdict.ts";
import type { Shift } from "../model/shift.ts";
import { statisticLabel } from "../model/statistic-label.ts";
import { number } from "./format.ts";

/** What was done, in words that a reader can check; the same in every format. */
export const METHODS: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: "Windows",
    text: "Baseline and incident are half-open: the end does not belong to them. All times are UTC; times without an offset were read in the zone that the evidence inventory names.",
  },
  {
    title: "Comparison",
    text: "Each column of each table is compared over all rows of both windows, not a sample. Numbers: quantiles, population stability index (PSI) over ten bins of baseline quantiles, Jensen-Shannon distance (base 2), two-sample Kolmogorov-Smirnov, Cliff's delta, Cohen's d. Categories: chi-squared over the contingency table, Cramér's V, PSI, Jensen-Shannon distance, new and vanished values. Missing values: difference of rates with Cohen's h.",
  },
  {
    title: "Verdict",
    text: `The verdict comes from the size of the effect: minor and major begin at ${threshold("cliffs_delta")} for Cliff's delta, ${threshold("cramers_v")} for Cramér's V, ${threshold("psi")} for PSI, ${threshold("jensen_shannon")} for the Jensen-Shannon distance, ${threshold("cohens_h")} for Cohen's h. In addition q must be below ${number(Q_LIMIT)}. A p-value alone never makes a verdict: with a million rows everything is significant. Where the baseline has room, each change is measured again in four to twenty-four windows inside it (at the incident's hours where that is shorter than a day), each against the rest: what changes as much there is no change.`,
  },
  {
    title: "Multiple testing",
    text: "q is the p-value after Benjamini and Hochberg's correction over all tests of the comparison.",
  },
  {
    title: "Suspects",
    text: "A suspect is something that moved. Its rank weighs the strength of its shift, whether it moved before the symptom, and how much it moves between two halves of the baseline, when nothing was known to be wrong. A suspect is not a proven cause: what moved together may have moved for a third reason.",
  },
  {
    title: "Rejected records",
    text: "A record that could not become a row is kept with its line and the reason; it is in the counts of the inventory and in no statistic.",
  },
  {
    title: "Repeating it",
    text: "“inquest verify CASE” checks the journal's hash chain, rehashes the originals, reads them again, runs every query of the appendix and compares the digests of the results. The queries are plain SQL for DuckDB over the imported tables.",
  },
];

/** How somebody else comes to the same numbers. */
export const REPEATING: readonly string[] = [
  "Each number of a finding comes from one of these queries. They are plain SQL for DuckDB over the tables made of the evidence; `_ev` and `_line` of a row name its file and its line in it.",
  "`inquest verify CASE` reads the originals again, runs every query and compares the digests. By hand: `inquest import FILE --as csv` writes the rows of a file, to be loaded into a table of the same name.",
];

const EFFECTS: Readonly<Record<string, string>> = {
  category_share:
    "share of the incident’s rows in values that are new, or of the baseline’s in values that are gone",
  cliffs_delta:
    "of all pairs of a baseline row and an incident row, the share in which the incident’s is larger minus the share in which it is smaller; −1 to 1",
  cohens_h:
    "difference of two rates on a scale that treats 1 % and 50 % alike; 0.2 is small, 0.5 medium",
  cramers_v: "how far the shares of all values differ, from 0 (the same) to 1 (nothing in common)",
  log2_ratio: "1 is twice as many rows per time as in the baseline, −1 half as many",
  re_encoded_share: "share of rows whose value is written differently now",
};

/** The words of a table of shifts, as far as they occur in it. */
export function effectMeanings(
  shifts: readonly Shift[],
): readonly { readonly title: string; readonly text: string }[] {
  const used = [...new Set(shifts.map((s) => s.effect.name))];
  return [
    {
      title: "Verdict",
      text: "major is large enough to explain a trouble, minor is worth a look; it rests on the size of the effect, not on q alone",
    },
    ...used.flatMap((name) => {
      const text = EFFECTS[name];
      return text === undefined ? [] : [{ title: statisticLabel(name), text }];
    }),
    {
      title: "q",
      text: "how often a difference like this would come up by chance among all that was compared",
    },
  ];
}

function threshold(name: keyof typeof THRESHOLDS): string {
  const { minor, major } = THRESHOLDS[name];
  return `${number(minor)} and ${number(major)}`;
}
