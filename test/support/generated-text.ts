import { isoOf, secondsOf, type Drawn, type FileFamily } from "./generated-files.ts";

/** Texts of lines: the good one, then one per damage. */
type Lines = (record: Drawn) => readonly [good: string, ...damaged: string[]];

function linesOf(before: string, lines: Lines): FileFamily["make"] {
  return (records) =>
    before + records.map((record) => `${lines(record)[record.damage] ?? ""}\n`).join("");
}

const BLANK = "blank";

/** Blank lines are no records. */
function blanks(damages: readonly string[]): (record: Drawn) => number {
  return ({ damage }) => (damages[damage - 1] === BLANK ? 0 : 1);
}

const DELIMITED = [
  "too many fields",
  "too few fields",
  "a text for a number",
  "a quote in the middle",
  BLANK,
  "bad UTF-8",
];
const SERIES = ["too few fields", "no time", "no number", "too many fields"];
const SAMPLES = [
  "no number",
  "labels without end",
  "only a name",
  "a time that is none",
  "other text",
];
const METRICS = ["other text", "no number", "no time"];

/** What a run of MLflow says of itself. */
const RUN = "0123456789abcdef0123456789abcdef";
const META = `artifact_uri: x\nend_time: null\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: ${RUN}\nrun_name: one\nstart_time: 1771236000000\nstatus: 3\nuser_id: ada\n`;

export const TEXT_FAMILIES: readonly FileFamily[] = [
  {
    importer: "delimited",
    kind: "a table",
    lines: 1,
    file: "x.csv",
    damages: DELIMITED,
    counts: blanks(DELIMITED),
    make: linesOf("ts,id,name,score\n", (r) => {
      const score = r.number / 8;
      return [
        `${isoOf(r)},${r.number},"a, b",${score}`,
        `${isoOf(r)},${r.number},a,${score},more,and more`,
        `${isoOf(r)},${r.number}`,
        `${isoOf(r)},many,a,${score}`,
        `${isoOf(r)},${r.number},a "quoted" b,${score}`,
        "",
        `${isoOf(r)},${r.number},\uFFFD,${score}`,
      ];
    }),
  },
  {
    importer: "grafana-csv",
    kind: "series as rows",
    lines: 1,
    lead: 20,
    file: "x.csv",
    damages: SERIES,
    make: linesOf("Series;Time;Value\n", (r) => [
      `load{svc="api"};${isoOf(r)};${r.number / 8}`,
      `load{svc="api"};${isoOf(r)}`,
      `load{svc="api"};soon;${r.number}`,
      `load{svc="api"};${isoOf(r)};many`,
      `load{svc="api"};${isoOf(r)};1;2;3`,
    ]),
  },
  {
    importer: "wandb-history",
    kind: "a chart",
    lines: 1,
    file: "x.csv",
    damages: ["too few fields", "no number", "no step"],
    make: linesOf('"Step","run-a - loss","run-a - loss__MIN","run-a - loss__MAX"\n', (r) => [
      `"${r.number}","0.5","0.5","0.5"`,
      `"${r.number}"`,
      `"${r.number}","many","0.5","0.5"`,
      '"soon","0.5","0.5","0.5"',
    ]),
  },
  {
    importer: "prometheus-text",
    kind: "samples",
    lines: 2,
    lead: 500,
    file: "x.prom",
    damages: SAMPLES,
    make: linesOf("# HELP load The load.\n# TYPE load gauge\n", (r) => [
      `load{svc="api"} ${r.number} ${secondsOf(r)}000`,
      `load{svc="api"} many ${secondsOf(r)}000`,
      `load{svc="api ${r.number} ${secondsOf(r)}000`,
      "load",
      `load{svc="api"} ${r.number} soon`,
      "<html>",
    ]),
  },
  {
    importer: "mysql-slow",
    kind: "queries",
    file: "x.log",
    damages: ["no statement", "no numbers", "a time that is none", "a user that is none"],
    make: linesOf("", (r) => {
      const time = `# Time: ${isoOf(r)}`;
      const user = "# User@Host: pay[pay] @ web-1 [10.0.0.7]  Id:    12";
      const numbers = "# Query_time: 2.5  Lock_time: 0.01 Rows_sent: 1  Rows_examined: 900";
      const statement = `SET timestamp=${secondsOf(r)};\nSELECT ${r.number}\nFROM orders;`;
      return [
        [time, user, numbers, statement],
        [time, user, numbers],
        [time, user, statement],
        ["# Time: soon", user, numbers, statement],
        [time, "# User@Host: ", numbers, statement],
      ].map((lines) => lines.join("\n")) as [string, ...string[]];
    }),
  },
  {
    importer: "mlflow-store",
    kind: "lines of a metric",
    several: true,
    file: "",
    damages: METRICS,
    // The run itself.
    beside: 1,
    make: (records) => ({
      [`1/${RUN}/meta.yaml`]: META,
      [`1/${RUN}/metrics/loss`]: metricLines(records),
    }),
  },
  {
    importer: "wandb-run",
    kind: "lines of the history",
    several: true,
    file: "",
    damages: ["other text", "a list", "not even JSON"],
    beside: 1,
    make: (records) => ({
      "files/wandb-metadata.json":
        '{"startedAt": "2026-03-01T10:00:00Z", "python": "3", "program": "x"}',
      "files/wandb-history.jsonl": historyLines(records),
    }),
  },
  {
    importer: "hive-table",
    kind: "files of a table",
    file: "",
    damages: ["a file that is none"],
    counts: ({ damage }) => (damage === 0 ? 2 : 1),
    make: (records) =>
      Object.fromEntries(
        records.map((r, i) => [
          `part=${i}/a.${r.damage === 0 ? "csv" : "parquet"}`,
          r.damage === 0 ? `id,score\n${r.number},1\n${r.number},0.5\n` : "PAR1 is not enough",
        ]),
      ),
  },
];

function metricLines(records: readonly Drawn[]): string {
  return linesOf("", (r) => [
    `${secondsOf(r)}000 ${r.number / 8} ${r.number}`,
    "nonsense",
    `${secondsOf(r)}000 many 1`,
    "soon 0.5 1",
  ])(records) as string;
}

function historyLines(records: readonly Drawn[]): string {
  return linesOf("", (r) => [
    JSON.stringify({ _step: r.number, _timestamp: secondsOf(r), _runtime: 1, loss: r.number / 7 }),
    '"text"',
    "[7]",
    '{"_step": tru}',
  ])(records) as string;
}
