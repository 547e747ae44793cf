import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as parquet from "parquet-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unwrap } from "../../shared/base/result.ts";
import type { ImportOutcome } from "../../shared/contract/worker.ts";
import { setParquetLoader } from "../../shared/importers/parquet.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  queryRows,
  STRING,
  STRING_OR_NULL,
  TIMESTAMP_OR_NULL,
} from "../../shared/tables/rows.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";
import { openData } from "../support/open-data.ts";
import { sourceOf } from "../support/sources.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures");
const ABSENT = openData(".") === null;

let engine: NodeEngine;
let evidence = 0;

beforeAll(async () => {
  setParquetLoader(() => Promise.resolve(parquet));
  engine = await createNodeEngine();
});
afterAll(() => engine.close());

interface Imported extends ImportOutcome {
  readonly evidence: number;
  readonly content: Uint8Array;
}

/** Imports a file without options and without its name. */
async function importOpen(relative: string): Promise<Imported> {
  const content = readFileSync(openData(relative) ?? "");
  const source = await sourceOf(content, { name: "unknown", chunk: 10_000 });
  const settings = { signal: new AbortController().signal, now: Date.UTC(2026, 11, 31) };
  const outcome = unwrap(await runImport(engine, source, "auto", {}, ++evidence, settings));
  return { ...outcome, evidence, content };
}

const decode = (content: Uint8Array): string => new TextDecoder().decode(content);

/** Lines of a text, a last one without a line end included. */
function linesOf(content: Uint8Array): string[] {
  const lines = decode(content)
    .split("\n")
    .map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The number in front of a note. */
function counted(outcome: Imported, words: RegExp): number {
  const note = outcome.notes.find(({ message }) => words.test(message));
  return note === undefined ? 0 : parseInt(note.message, 10);
}

/** Records of each text log: lines that begin like its first record, counted here by a regular expression. */
const TEXT_LOGS: readonly (readonly [file: string, layout: string, begins: RegExp])[] = [
  ["C_logs/loghub2_templates/Apache_2k.log", "Apache error log", /^\[\w{3} \w{3} \d\d /],
  ["C_logs/loghub2_templates/HDFS_2k.log", "HDFS", /^\d{6} \d{6} /],
  ["C_logs/loghub2_templates/Hadoop_2k.log", "Hadoop", /^2015-10-/],
  ["C_logs/loghub2_templates/Linux_2k.log", "syslog", /^\w{3} [ \d]\d /],
  ["C_logs/loghub2_templates/OpenSSH_2k.log", "syslog", /^Dec 10 /],
  ["C_logs/loghub2_templates/Zookeeper_2k.log", "ZooKeeper", /^2015-/],
  ["C_logs/loghub_labelled/BGL_2k.log", "Blue Gene", /^\S+ 11\d{8} /],
  ["C_logs/elastic_examples/apache_logs", "web server access log", /^[\d.]+ \S+ \S+ \[/],
  [
    "C_logs/ml_training_logs/hf_ds_gpt2_perf_n16_bs4-mbs8.out",
    "Python logging in bracketed parts",
    /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+\] \[/,
  ],
  ["C_logs/ml_training_logs/meg_gpt2_base_n4_dp1_tp4_pp4-1809579.out", "text without times", /./],
  ...lnav([
    ["access_log.0", "web server access log", /^192/],
    ["access_log_dupe.0", "web server access log", /^192/],
    ["bad_access_log.0", "web server access log", /^192/],
    ["block.1", "ctime first", /^Wed/],
    ["blued.0", "syslog", /^Apr/],
    ["crlf.0", "time, level and message with colons", /^20/],
    ["docker_compose_with_ts.0", "docker compose", /^\S*(?:web|redis)\S*-1 /],
    ["filter.0", "syslog", /^Dec/],
    ["for_join.0", "syslog", /^Apr/],
    ["generic.1", "time first", /^2015/],
    ["generic.3", "compact time", /^20/],
    ["generic_with_header.0", "time, level and message with colons", /^20/],
    ["grafana.0", "logfmt", /^logger=/],
    ["java.0", "log4j", /^2025/],
    ["laravel.1", "Laravel", /^\[20/],
    ["logfmt.0", "logfmt", /^time=/],
    ["mux_zookeeper.0", "time first", /^2024/],
    ["mysql_error.0", "MySQL error log", /^2020/],
    ["postgres.1", "PostgreSQL", /^2025/],
    ["pretty.0", "syslog", /^Apr/],
    ["regexp_access_log.0", "web server access log", /^localhost/],
    ["rollover.1", "syslog", /^(?:Nov|Feb)/],
    ["spark.0", "Spark", /^17\//],
    ["syslog.1", "syslog", /^(?:Dec|Jan)/],
    ["syslog.3", "syslog", /^Aug/],
    ["syslog_with_header.0", "syslog", /^Nov/],
    ["tai64n.0", "TAI64N", /^@4/],
    ["uwsgi.0", "uWSGI", /^\[pid/],
    ["vdsm.0", "VDSM", /^.+?::[A-Z]+::20/],
    ["vpxd.0", "VMware", /^2022/],
    ["xml_msg.0", "bracketed time", /^\[20/],
    ["zap_console.0", "time, level", /^2025/],
  ]),
];

function lnav(rows: readonly (readonly [string, string, RegExp])[]): [string, string, RegExp][] {
  return rows.map(([name, ...rest]) => [`C_logs/lnav_formats/logfile_${name}`, ...rest]);
}

describe.skipIf(ABSENT)("plain-text logs", () => {
  test.each(TEXT_LOGS)("%s", async (file, layout, begins) => {
    const outcome = await importOpen(file);
    const lines = linesOf(outcome.content);
    expect(outcome.plan.importer).toBe("text-log");
    expect(outcome.notes[0]?.message).toContain(layout);

    // Rows: the records counted here, and lines before the first of them.
    const plain = (line: string): string => line.replace(/\u001b\[[\d;]*[A-Za-z]/g, "");
    const filled = lines.filter((line) => line !== "").map(plain);
    const leading = filled.findIndex((line) => begins.test(line));
    expect(outcome.rows).toBe(filled.filter((line) => begins.test(line)).length + leading);

    // Every line is in a record, a continuation, blank, or a reject.
    const joined = counted(outcome, /continues? the record/);
    const blank = counted(outcome, /blank line/);
    expect(outcome.rows + joined + blank + outcome.rejected).toBe(lines.length);
    expect(blank).toBe(lines.filter((line) => line === "").length);

    // And the end of each line can be found in the row that it belongs to.
    const rows = await queryRows(
      engine,
      `SELECT _line, _off, message, fields FROM logs WHERE _ev = ${outcome.evidence} ORDER BY _line`,
      {
        _line: NUMBER,
        _off: NUMBER,
        message: STRING,
        fields: STRING_OR_NULL,
      },
    );
    let at = 0;
    lines.forEach((line, i) => {
      while (at + 1 < rows.length && (rows[at + 1]?._line ?? Infinity) <= i + 1) at++;
      const row = rows[at];
      const tail = (
        plain(line)
          .trim()
          .split(/[\s:="\\]+/)
          .filter((word) => word !== "")
          .at(-1) ?? ""
      ).slice(-12);
      const text = `${row?.message ?? ""} ${row?.fields ?? ""}`;
      if (!text.includes(tail) && !layout.includes("access")) expect(text).toContain(tail);
    });

    // Offsets point at the line.
    for (const row of [rows[0], rows.at(-1)]) {
      const from = row?._off ?? 0;
      const end = outcome.content.indexOf(0x0a, from);
      expect(
        decode(outcome.content.subarray(from, end < 0 ? undefined : end)).replace(/\r$/, ""),
      ).toBe(lines[(row?._line ?? 0) - 1]);
    }
  });

  test("BGL: times are the epoch's, alerts are levels", async () => {
    const outcome = await importOpen("C_logs/loghub_labelled/BGL_2k.log");
    const rows = await queryRows(
      engine,
      `SELECT ts, _line FROM logs WHERE _ev = ${outcome.evidence} ORDER BY _line`,
      { ts: TIMESTAMP_OR_NULL, _line: NUMBER },
    );
    const epochs = linesOf(outcome.content).map((line) => Number(line.split(" ")[1]));
    expect(rows.map((row) => Math.floor((row.ts ?? 0) / 1e6))).toEqual(epochs);
  });

  test("access log: status and size add up", async () => {
    const outcome = await importOpen("C_logs/elastic_examples/apache_logs");
    const levels = await queryRows(
      engine,
      `SELECT level, count(*)::DOUBLE AS n FROM logs WHERE _ev = ${outcome.evidence} GROUP BY level`,
      { level: STRING, n: NUMBER },
    );
    const statuses = linesOf(outcome.content).map((line) => Number(/" (\d{3}) /.exec(line)?.[1]));
    const expected = {
      error: statuses.filter((s) => s >= 500).length,
      warn: statuses.filter((s) => s >= 400 && s < 500).length,
      info: statuses.filter((s) => s < 400).length,
    };
    expect(Object.fromEntries(levels.map((row) => [row.level, row.n]))).toEqual(expected);
  });
});

const JSON_LOGS = ABSENT
  ? []
  : [
      ...readdirSync(openData("A_metric_rca/rootcausebench") ?? "", { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `A_metric_rca/rootcausebench/${entry.name}/logs.ndjson`),
      ..."ecs_log.json jsonid.json json2.json json_invalid.json invalid_json.json journald.json mongodb.0 nextcloud.0 pino.0 rust_tracing.0 cloudflare.1"
        .split(" ")
        .map((name) => `C_logs/lnav_formats/logfile_${name}`),
    ];

describe.skipIf(ABSENT)("JSON lines", () => {
  test.each(JSON_LOGS)("%s", async (file) => {
    const outcome = await importOpen(file);
    const lines = linesOf(outcome.content).filter((line) => line.trim() !== "");
    const objects = lines.filter((line) => {
      try {
        const value: unknown = JSON.parse(line.replace(/,\s*$/, ""));
        return typeof value === "object" && value !== null && !Array.isArray(value);
      } catch {
        return false;
      }
    });
    expect(outcome.plan.importer).toBe(file.endsWith("journald.json") ? "journald" : "jsonl");
    expect(outcome.rows).toBe(objects.length);
    expect(outcome.rejected).toBe(lines.length - objects.length);
    expect(outcome.from).not.toBeNull();
    if (file.endsWith("cloudflare.1")) return;

    expect(outcome.plan.target).toBe("logs");
    const [counts] = await queryRows(
      engine,
      `SELECT count(ts)::DOUBLE AS times, count(message)::DOUBLE AS messages FROM logs WHERE _ev = ${outcome.evidence}`,
      { times: NUMBER, messages: NUMBER },
    );
    expect(counts).toEqual({ times: objects.length, messages: objects.length });
  });
});

interface Facts {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly numbers: Readonly<Record<string, { readonly sum: number; readonly nulls: number }>>;
}

describe.skipIf(ABSENT)("Parquet", () => {
  // Counted by pyarrow: test/fixtures/parquet/make.py.
  const facts = JSON.parse(
    readFileSync(join(FIXTURES, "parquet/open-data.json"), "utf8"),
  ) as Record<string, Facts>;

  test.each(Object.entries(facts))("%s", async (file, expected) => {
    const outcome = await importOpen(file);
    expect(outcome.plan.importer).toBe("parquet");
    expect(outcome.rows).toBe(expected.rows);
    expect(outcome.plan.columns.map((column) => column.name)).toEqual(expected.columns);
    expect(outcome.plan.target).toBe("own");
    for (const [name, { sum, nulls }] of Object.entries(expected.numbers)) {
      const sql = `SELECT sum("${name}")::DOUBLE AS total, (count(*) - count("${name}"))::DOUBLE AS nulls FROM "${outcome.plan.table}" WHERE _ev = ${outcome.evidence}`;
      const [row] = await queryRows(engine, sql, { total: NUMBER_OR_NULL, nulls: NUMBER });
      expect(row?.nulls, `${basename(file)} ${name}`).toBe(nulls);
      const total = row?.total ?? 0;
      expect(Math.abs(total - sum), `${basename(file)} ${name}`).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(sum)),
      );
    }
  });
});

test("a column that needs a wider type is read again, and no row is there twice", async () => {
  const lines = Array.from(
    { length: 30_000 },
    (_, i) => `{"user_id":${i},"score":${i},"text":"something that fills the sample up"}`,
  );
  const content = `${lines.join("\n")}\n{"user_id":1.5,"score":"n/a","late":{"x":1}}\n`;
  const source = await sourceOf(new TextEncoder().encode(content), { name: "users.jsonl" });
  const settings = { signal: new AbortController().signal, now: Date.now() };
  const outcome = unwrap(await runImport(engine, source, "auto", {}, ++evidence, settings));
  expect(outcome.tableRows).toBe(30_001);
  expect(outcome.columns.map((c) => [c.name, c.type])).toEqual([
    ["user_id", "double"],
    ["score", "varchar"],
    ["text", "varchar"],
    ["_rest", "varchar"],
  ]);
  const [row] = await queryRows(
    engine,
    `SELECT score, _rest FROM ${outcome.plan.table} WHERE user_id = 1.5`,
    { score: STRING, _rest: STRING },
  );
  expect(row).toEqual({ score: "n/a", _rest: '{"late.x":1}' });
});
