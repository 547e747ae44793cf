import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { WindowPair } from "../../../shared/analysis/windows.ts";
import { MINUTE, SECOND, parseIso } from "../../../shared/base/time.ts";
import type { Dependency, Symptom } from "../../../shared/model/case.ts";
import { parseCsv } from "../templates/log-sets.ts";
import type { InputFile } from "../truth/import-tables.ts";

/** An incident whose root cause is known. */
export interface RcaCase {
  readonly set: string;
  readonly name: string;
  /** Cases with the same key share their files. */
  readonly filesKey: string;
  readonly files: () => InputFile[];
  readonly windows: WindowPair;
  readonly symptom: Symptom | null;
  readonly dependencies: readonly Dependency[];
  readonly service: string;
  /** What the name of the root cause's series contains; null where it is not known. */
  readonly metric: string | null;
}

const file = (path: string): InputFile => ({
  name: basename(path),
  content: readFileSync(path),
});

/** Sets of cases by their folder below the data. */
export const RCA_SETS: readonly { folder: string; cases: (folder: string) => RcaCase[] }[] = [
  { folder: "A_metric_rca/petshop", cases: petshop },
  { folder: "A_metric_rca/nezha", cases: nezha },
  { folder: "A_metric_rca/rootcausebench", cases: rootCauseBench },
];

/** The set whose cases name the commit at fault, or that it is none. */
export const COMMIT_SET = { folder: "A_metric_rca/rootcausebench", cases: rootCauseBench };

function truthOf(folder: string): Readonly<Record<string, string>>[] {
  const [header = "", ...lines] = readFileSync(join(folder, "truth.tsv"), "utf8")
    .trimEnd()
    .split("\n");
  const names = header.split("\t");
  return lines.map((line) =>
    Object.fromEntries(line.split("\t").map((value, k) => [names[k] ?? "", value])),
  );
}

/** The incident's own file against two days without trouble. */
function petshop(folder: string): RcaCase[] {
  return truthOf(folder).map((row) => {
    const name = row["case"] ?? "";
    const [traffic = ""] = name.split("/");
    const quiet = join(folder, traffic, "noissue", "metrics.csv");
    const incident = join(folder, name, "metrics.csv");
    const rootMetric = row["root_cause_metric"] ?? "";
    return {
      set: "petshop",
      name,
      filesKey: name,
      files: () => [
        { ...file(quiet), name: "quiet.csv" },
        { ...file(incident), name: "incident.csv" },
      ],
      windows: { baseline: rangeOf(quiet), incident: rangeOf(incident) },
      symptom: {
        metric: row["symptom_metric"] ?? "",
        service: row["symptom_node"] ?? "",
        direction: row["symptom_metric"] === "availability" ? "down" : "up",
      },
      dependencies: adjacency(join(folder, traffic, "graph.csv")),
      service: row["root_cause_node"] ?? "",
      metric: rootMetric === "" ? null : rootMetric,
    };
  });
}

/** From the first to the last Unix time in the first column. */
function rangeOf(path: string): { from: number; to: number } {
  const times = readFileSync(path, "utf8")
    .split("\n")
    .map((line) => Number(line.split(",", 1)[0]))
    .filter((t) => t > 1e9);
  return { from: Math.min(...times) * SECOND, to: (Math.max(...times) + 1) * SECOND };
}

function adjacency(path: string): Dependency[] {
  const [header = [], ...rows] = parseCsv(readFileSync(path, "utf8"));
  return rows.flatMap(([caller = "", ...cells]) =>
    cells.flatMap((cell, k) => (Number(cell) > 0 ? [{ caller, callee: header[k + 1] ?? "" }] : [])),
  );
}

const NEZHA_BEFORE = 15 * MINUTE;
const NEZHA_AFTER = 5 * MINUTE;

/** A day's metrics of every pod; each fault with the quarter of an hour before it. */
function nezha(folder: string): RcaCase[] {
  const days = readdirSync(folder).filter((d) => existsSync(join(folder, d, "truth.tsv")));
  return days.flatMap((day) => {
    const metrics = join(folder, day, "metric");
    const pods = readdirSync(metrics).filter((n) => n.endsWith("_metric.csv"));
    const names = [...pods, "front_service.csv"].filter((n) => existsSync(join(metrics, n)));
    const dependency = join(metrics, "dependency.csv");
    return truthOf(join(folder, day)).map((row, k) => {
      // As text: one of the numbers is wrong at the source, others are of another zone.
      const at = parseIso(`${(row["inject_time_utc"] ?? "").replace(" ", "T")}Z`) ?? 0;
      const label = row["inner_label"] ?? "";
      return {
        set: `nezha ${day.slice(0, 4)}`,
        name: `${day}/${String(k)} ${row["fault"] ?? ""}`,
        filesKey: `nezha ${day}`,
        files: () => names.map((n) => file(join(metrics, n))),
        windows: {
          baseline: { from: at - NEZHA_BEFORE, to: at },
          incident: { from: at, to: at + NEZHA_AFTER },
        },
        symptom: null,
        dependencies: existsSync(dependency) ? sourceTarget(dependency) : [],
        service: row["root_cause_service"] ?? "",
        metric: /^[A-Z]\w+\(.+\)$/u.test(label) ? label : null,
      };
    });
  });
}

function sourceTarget(path: string): Dependency[] {
  const [, ...rows] = parseCsv(readFileSync(path, "utf8"));
  return rows.map(([caller = "", callee = ""]) => ({ caller, callee }));
}

/** An alert with the metrics around it. */
function rootCauseBench(folder: string): RcaCase[] {
  return truthOf(folder).flatMap((row) => {
    const name = row["case"] ?? "";
    const metrics = join(folder, name, "metrics.csv");
    if (!existsSync(metrics)) return [];
    const alert = JSON.parse(readFileSync(join(folder, name, "alert.json"), "utf8")) as {
      fired_at: string;
      service: string;
      metric: string;
    };
    const fired = parseIso(alert.fired_at) ?? 0;
    const times = readFileSync(metrics, "utf8")
      .split("\n")
      .map((line) => parseIso(line.split(",", 1)[0] ?? ""))
      .filter((t) => t !== null);
    return [
      {
        set: "rootcausebench",
        name,
        filesKey: name,
        files: () => [file(metrics)],
        windows: {
          baseline: { from: Math.min(...times), to: fired },
          incident: { from: fired, to: Math.max(...times) + 1 },
        },
        symptom: { metric: alert.metric, service: alert.service, direction: "up" as const },
        dependencies: [],
        service: row["first_failing_service"] ?? "",
        metric: null,
      },
    ];
  });
}
