import { expect, test } from "vitest";
import type { ColumnComparison, Shift } from "../../../shared/model/shift.ts";
import { shiftMarkdown } from "../../../shared/report/shift-markdown.ts";
import { BASELINE, categoricalDistribution, HOSTILE, INCIDENT } from "./report-fixture.ts";

const stats = { rows: 1000, nulls: 25, distinct: 4, mean: null, sd: null, min: null, max: null };
const shift = (change: Partial<Shift>): Shift => ({
  id: "users/gender/re_encoding",
  table: "users",
  kind: "re_encoding",
  subject: { type: "column", name: "gender" },
  role: "feature",
  layer: "features",
  service: null,
  statistic: { name: "re_encoded_share", value: 0.4, p: 1e-9 },
  effect: { name: "re_encoded_share", value: 0.4 },
  p: 1e-9,
  q: 1e-8,
  verdict: "major",
  score: 0.9,
  sentence: "`gender` lost 2 of its 4 values; every former `F` now reads `0`",
  facts: [{ name: "`F` → `0`", value: "400 rows in the baseline, 0 left" }],
  sql: "SELECT 1",
  evidenceIds: ["E1"],
  ...change,
});
const column: ColumnComparison = {
  table: "users",
  column: "gender",
  type: "varchar",
  role: "feature",
  baseline: { ...stats, quantiles: null },
  incident: { ...stats, rows: 500, quantiles: null },
  statistics: [{ name: "cramers_v", value: 0.61234, p: 0.0004 }],
  distribution: {
    kind: "categorical",
    categories: ["F", "0", ""],
    baseline: [400, 0, 5],
    incident: [0, 200, 0],
    otherBaseline: 95,
    otherIncident: 0,
  },
  shifts: [
    shift({ id: "b", kind: "distribution", verdict: "minor", score: 0.2, sentence: "weaker" }),
    shift({}),
    shift({ id: "c", verdict: "none", sentence: "not told" }),
  ],
};
const windows = { baseline: BASELINE, incident: INCIDENT };

test("sentence with facts, windows, numbers, values, statistics and files", () => {
  expect(shiftMarkdown({ column, windows, files: ["users.csv", "more users.csv"] })).toBe(
    `### \`gender\` in \`users\`

- **major**: \`gender\` lost 2 of its 4 values; every former \`F\` now reads \`0\`.
  - \`F\` → \`0\`: 400 rows in the baseline, 0 left
- **minor**: weaker.

Baseline: 2024-05-01 00:00:00 UTC to 2024-05-15 00:00:00 UTC  
Incident: 2024-05-15 00:00:00 UTC to 2024-05-16 12:00:00 UTC

| Measure | Baseline | Incident |
| --- | --- | --- |
| rows | 1,000 | 500 |
| null | 25 (2.5 %) | 25 (5.0 %) |
| distinct | 4 | 4 |

| Value | Baseline rows | Incident rows |
| --- | --- | --- |
| \`F\` | 400 (80 %) | 0 (0.0 %) |
| \`0\` | 0 (0.0 %) | 200 (100 %) |
| (empty) | 5 (1.0 %) | 0 (0.0 %) |
| all other values | 95 (19 %) | 0 (0.0 %) |

| Statistic | Value | p |
| --- | --- | --- |
| Cramér’s V | 0.6123 | \\< 0.001 |

Files: \`users.csv\`, \`more users.csv\`
`,
  );
});

test("a numeric column has its quantiles and unit; filtered windows say so", () => {
  const quantiles = [1, 2, 3, 4, 5, 6, 7];
  const text = shiftMarkdown({
    column: {
      ...column,
      unit: "ms",
      distribution: null,
      statistics: [],
      shifts: [],
      baseline: { ...stats, mean: 4, sd: 1.5, min: 0, max: 8, quantiles },
      incident: { ...stats, mean: null, quantiles: null },
    },
    windows: {
      baseline: { from: null, to: null, filter: { column: "version", values: ["v1", "v2"] } },
      incident: INCIDENT,
    },
    files: Array.from({ length: 11 }, (_, k) => `part-${String(k)}.csv`),
  });
  expect(text).toContain("No change beyond the thresholds.");
  expect(text).toContain("Baseline: `version` = v1, v2");
  expect(text).toContain("| Measure (ms) | Baseline | Incident |");
  expect(text).toContain("| 95 % | 6 | – |");
  expect(text).toContain("`part-7.csv` and 3 more");
  expect(text).not.toContain("Statistic");
});

test("hostile names stay text and tables keep their width", () => {
  const text = shiftMarkdown({
    column: {
      ...column,
      column: HOSTILE.markdown,
      table: HOSTILE.script,
      distribution: categoricalDistribution,
    },
    windows: null,
    files: [HOSTILE.hebrew],
  });
  const outsideCode = text.replace(/`[^`\n]*`/g, "code");
  expect(outsideCode).not.toMatch(/(?<!\\)<script/);
  expect(text).not.toContain("\u202e");
  const values = text
    .slice(text.indexOf("| Value"), text.indexOf("| Statistic"))
    .trim()
    .split("\n");
  for (const line of values) expect(line.split(/(?<!\\)\|/)).toHaveLength(5);
});
