import type { CaseState } from "../../../shared/model/case.ts";
import type { Evidence } from "../../../shared/model/evidence.ts";
import type { Finding } from "../../../shared/model/finding.ts";
import type {
  ColumnComparison,
  ColumnStats,
  Distribution,
  Shift,
} from "../../../shared/model/shift.ts";
import type { Suspect } from "../../../shared/model/suspect.ts";
import { NO_ITEMS } from "../../../shared/model/reasoning.ts";
import { buildReport } from "../../../shared/report/build-report.ts";
import { renderHtml } from "../../../shared/report/html.ts";
import { renderMarkdown } from "../../../shared/report/markdown.ts";
import type { ReportInput } from "../../../shared/report/report-input.ts";

const at = (iso: string): number => Date.parse(iso) * 1000;
const HOUR = 3_600_000_000;
export const BASELINE = { from: at("2024-05-01T00:00:00Z"), to: at("2024-05-15T00:00:00Z") };
export const INCIDENT = { from: at("2024-05-15T00:00:00Z"), to: at("2024-05-16T12:00:00Z") };

/** Names that break a careless report: markup, quotes, backticks, pipes, another direction, great length. */
export const HOSTILE = {
  script: `<script>alert("1")</script>`,
  quotes: `a"b'c&d`,
  markdown: "`code` | *star* _under_ [link](x)",
  hebrew: "\u202eשלום_עולם",
  long: "feature_".repeat(40),
};

const stats = (rows: number, mean: number): ColumnStats => ({
  rows,
  nulls: 12,
  distinct: 900,
  mean,
  sd: 3.25,
  min: -4.5,
  max: 99.75,
  quantiles: [1, 2, 3, mean, 5, 60, 99].map((q) => q + 0.125),
});

export const numericDistribution: Distribution = {
  kind: "numeric",
  edges: Array.from({ length: 31 }, (_, i) => -20 + i * 10),
  baseline: Array.from({ length: 30 }, (_, i) => Math.round(9000 * Math.exp(-((i - 9) ** 2) / 20))),
  incident: Array.from({ length: 30 }, (_, i) => Math.round(900 * Math.exp(-((i - 17) ** 2) / 30))),
};

export const categoricalDistribution: Distribution = {
  kind: "categorical",
  categories: ["mobile", "desktop", "tv", "", HOSTILE.script, HOSTILE.long, HOSTILE.hebrew].concat(
    Array.from({ length: 9 }, (_, i) => `device_${i}`),
  ),
  baseline: [52_000, 31_000, 4100, 310, 0, 120, 90, 80, 70, 60, 50, 40, 30, 20, 10, 5],
  incident: [3100, 2900, 2450, 0, 640, 12, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
  otherBaseline: 240,
  otherIncident: 31,
};

const shift = (name: string, change: Partial<Shift> = {}): Shift => ({
  id: `features/${name}/distribution`,
  table: "features",
  kind: "distribution",
  subject: { type: "column", name },
  role: "feature",
  layer: "features",
  service: null,
  statistic: { name: "ks", value: 0.6172, p: 1e-9 },
  effect: { name: "cliffs_delta", value: -0.7431 },
  p: 1e-9,
  q: 3e-8,
  verdict: "major",
  score: 0.91,
  sentence: `\`${name}\` fell: median 41.25 → 17.5 days, mean 44.5 → 19.75 days`,
  sql: `SELECT count(*) FROM features -- ${name}`,
  evidenceIds: ["E1"],
  ...change,
});

const column = (name: string, ...shifts: Shift[]): ColumnComparison => ({
  table: "features",
  column: name,
  type: "double",
  role: "feature",
  baseline: stats(183_542, 41.25),
  incident: stats(20_417, 17.5),
  statistics: [{ name: "ks", value: 0.6172, p: 1e-9 }],
  distribution: numericDistribution,
  shifts,
});

const evidence = (id: string, name: string, change: Partial<Evidence> = {}): Evidence => ({
  id,
  path: `/data/case/${name}`,
  name,
  size: 48_213_771,
  mtimeMs: 1,
  sha256: id.toLowerCase().padEnd(64, "0a1b2c3d"),
  importer: "delimited",
  options: { timezone: "Europe/Berlin" },
  target: "own",
  table: "features",
  columns: [],
  rows: 203_959,
  rejected: 17,
  tableRows: 203_959,
  from: BASELINE.from,
  to: INCIDENT.to,
  notes: [{ kind: "warning", message: "rows with too few fields", count: 17 }],
  ...change,
});

const finding = (id: string, change: Partial<Finding>): Finding => ({
  id,
  kind: "shift",
  title: `Finding ${id}`,
  note: "",
  statement: "",
  provenance: {
    sql: `SELECT "age", count(*)\nFROM features\nWHERE ts < TIMESTAMP '2024-05-15'\nGROUP BY 1 -- ${id}`,
    parameters: { baseline: "2024-05-01/2024-05-15" },
    resultDigest: id.padEnd(64, "f0"),
    resultRows: 1234,
  },
  evidenceIds: ["E1"],
  rows: [],
  chart: null,
  numbers: null,
  createdAt: "2024-05-20T10:00:00.000Z",
  ...change,
});

const times = Array.from({ length: 372 }, (_, i) => BASELINE.from + i * HOUR);
const level = (i: number): number => (i < 336 ? 120 : 310) + 25 * Math.sin(i / 3.8);

const findings = [
  finding("a1", {
    title: "account_age in features changed",
    statement: "`account_age` fell: median 41.25 → 17.5 days",
    note: "The export was cut at 30 days.\n\nThe pipeline's owner confirmed it.",
    chart: {
      kind: "distribution",
      title: "account_age: share of rows",
      unit: "days",
      distribution: numericDistribution,
    },
    numbers: {
      header: ["", "Baseline", "Incident"],
      cells: [
        ["rows", "183542", "20417"],
        ["mean", "44.5", "-19.75"],
        ["ks", "", "0.6172"],
      ],
    },
  }),
  finding("b2", {
    title: `device ${HOSTILE.script} ${HOSTILE.quotes}`,
    chart: {
      kind: "distribution",
      title: "device: share of rows",
      distribution: categoricalDistribution,
    },
  }),
  finding("c3", {
    kind: "chart",
    title: "Latency rose",
    evidenceIds: ["E2"],
    chart: {
      kind: "series",
      title: "p95 latency of ranking",
      unit: "ms",
      times,
      values: times.map((_, i) => (i > 100 && i < 112 ? null : level(i))),
      min: times.map((_, i) => (i > 100 && i < 112 ? null : level(i) - 30)),
      max: times.map((_, i) => (i > 100 && i < 112 ? null : level(i) + 60)),
    },
  }),
  finding("d4", {
    kind: "rows",
    title: "The loader gave up",
    evidenceIds: ["E3"],
    rows: [
      {
        evidenceId: "E3",
        line: 48_213,
        offset: 1,
        text: `ERROR ${HOSTILE.markdown} ${HOSTILE.script}`,
      },
      { evidenceId: "E3", line: 48_214, offset: 2, text: `${HOSTILE.hebrew} ${"x".repeat(300)}` },
    ],
  }),
  finding("e5", {
    kind: "note",
    title: "Note",
    note: "Spoke to the team.",
    provenance: null,
    evidenceIds: [],
  }),
];

const suspect = (rank: number, name: string, change: Partial<Suspect> = {}): Suspect => ({
  rank,
  kind: "feature",
  name,
  table: "features",
  service: null,
  layer: "features",
  onset: { at: INCIDENT.from, from: INCIDENT.from - HOUR, to: INCIDENT.from + HOUR },
  score: 0.82,
  sentence: `\`${name}\` fell strongly, at the time of the symptom`,
  checks: [
    { name: "strength", result: "supports", why: "strength 0.91 of 1" },
    { name: "event nearby", result: "unknown", why: "no event is known" },
    {
      name: "specificity",
      result: "contradicts",
      why: "strength 0.31 between the baseline's halves",
    },
  ],
  shiftIds: [`features/${name}/distribution`],
  evidenceIds: ["E1"],
  ...change,
});

const state: CaseState = {
  name: `Ranking lost ${HOSTILE.quotes} <b>quality</b>`,
  evidence: [
    evidence("E1", "features.csv"),
    evidence("E2", "metrics.parquet", {
      importer: "parquet",
      rejected: 0,
      notes: [],
      table: "metrics",
      target: "metrics",
    }),
    evidence("E3", `${HOSTILE.script}.log`, {
      importer: "text-log",
      from: null,
      to: null,
      table: "logs",
      target: "logs",
    }),
  ],
  lastEvidenceNumber: 3,
  unfinishedImports: [],
  windows: { baseline: BASELINE, incident: INCIDENT },
  symptom: { metric: "ctr", direction: "down" },
  impact: { requests_per_hour: 125_000, value_per_request: 0.02, currency: "EUR" },
  dependencies: [],
  timelineNotes: [],
  findings,
  summary: "Click-through fell by a third.\n\nThe feature export was truncated.",
  templateEdits: [],
  logPatterns: [],
  rules: [],
  exports: [],
  items: NO_ITEMS,
  texts: {},
  priorityTable: null,
  redactionNames: [],
  pseudonyms: [],
  guide: null,
  review: [],
};

/** A case as it looks at the end of an investigation. Every call gives a new one. */
export function reportFixture(change: Partial<ReportInput> = {}): ReportInput {
  const strong = [
    shift("account_age"),
    shift(HOSTILE.script, { q: 0.0213 }),
    shift(HOSTILE.hebrew),
    shift(HOSTILE.long),
  ];
  const weak = Array.from({ length: 46 }, (_, i) =>
    shift(`feature_${String(i)}`, { verdict: "minor", score: 0.4, q: null, p: null }),
  );
  const shifts = [...strong, ...weak];
  return structuredClone({
    state,
    comparison: {
      tables: [
        {
          table: "features",
          baselineRows: 183_542,
          incidentRows: 20_417,
          columns: [...shifts.map((s) => column(s.subject.name, s)), column("steady")],
          shifts: [],
          skipped: null,
        },
      ],
      schemaChanges: [
        { table: "features", column: "locale", change: "added", why: "in E1 since 2024-05-15" },
      ],
      shifts,
    },
    suspects: [
      suspect(1, "account_age"),
      suspect(2, HOSTILE.script, { onset: null }),
      suspect(3, HOSTILE.hebrew),
    ],
    timeline: [
      {
        at: INCIDENT.from - HOUR,
        kind: "deployment",
        title: `ranking 2.41 ${HOSTILE.script}`,
        service: "ranking",
        evidence: 3,
        line: 48_100,
      },
      {
        at: INCIDENT.from + 1_500_000,
        kind: "configuration",
        title: HOSTILE.markdown,
        service: null,
        evidence: 3,
        line: 48_212,
      },
    ],
    failed: [
      {
        path: `broken ${HOSTILE.script}.parquet`,
        reason: "the footer is missing.",
        advice: "Ask for the file again.",
      },
    ],
    generatedAt: "2024-05-20T12:34:56.000Z",
    version: "0.1.0",
    ...change,
  });
}

/** The technical report as HTML and as Markdown. */
export const htmlOf = (input: ReportInput): string => renderHtml(buildReport(input, "technical"));
export const markdownOf = (input: ReportInput): string =>
  renderMarkdown(buildReport(input, "technical"));
