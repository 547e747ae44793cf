import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compareAll } from "../../../shared/analysis/compare-all.ts";
import { modelChecks } from "../../../shared/analysis/model/model-checks.ts";
import type { MetricChange } from "../../../shared/model/model-checks.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import { createNodeEngine, type NodeEngine } from "../../support/node-engine.ts";
import { parseCsv } from "../templates/log-sets.ts";
import { monthWindow, readTruth, withColumn } from "./drift-cases.ts";
import { importTables } from "./import-tables.ts";
import { shiftText } from "./score.ts";

export const HOUSING = "B_ml_drift/nannyml";

/** One month of the analysis period against all of the reference period. */
export interface ModelMonth {
  readonly month: string;
  /** Area under ROC as published with the data. */
  readonly published: number;
  /** Lower than in any month of the reference. */
  readonly fell: boolean;
  readonly realised: number | null;
  readonly realisedVerdict: string;
  /** CBPE, with the month's labels withheld. */
  readonly estimated: number | null;
  readonly estimatedLow: number | null;
  readonly estimatedHigh: number | null;
  readonly estimatedVerdict: string;
  /** Share of columns with a major shift, and with any. */
  readonly majorShare: number;
  readonly anyShare: number;
  /** The strongest shifts as they are ranked, with the share of the model's change. */
  readonly first: readonly string[];
}

/** The housing model month by month, with its labels and without them. */
export async function modelMonths(folder: string): Promise<ModelMonth[]> {
  const truth = readTruth(folder, "california_realised_auc.tsv");
  const auc = (row: (typeof truth)[number]): number => Number(row["roc_auc"]);
  const worst = Math.min(...truth.filter((r) => r["period"] === "reference").map(auc));
  const reference = monthsOf(truth, "reference");
  const labelled = await openHousing(folder, true);
  const unlabelled = await openHousing(folder, false);
  const months: ModelMonth[] = [];
  try {
    for (const row of truth.filter((r) => r["period"] === "analysis")) {
      const incident = monthWindow(row["month"] ?? "");
      const baseline = {
        from: monthWindow(reference[0] ?? "").from,
        to: monthWindow(reference.at(-1) ?? "").to,
      };
      const windows = { baseline, incident };
      const checks = await modelChecks(labelled.engine, labelled.table, windows);
      const blind = await modelChecks(unlabelled.engine, unlabelled.table, windows);
      const found = await compareAll(labelled.engine, [labelled.table], windows);
      const realised = areaOf(checks.metrics);
      const estimated = areaOf(blind.estimated?.metrics ?? []);
      const columns = found.tables[0]?.columns ?? [];
      const share = (kept: ReadonlySet<string>): number =>
        new Set(found.shifts.filter((s) => kept.has(s.verdict)).map((s) => s.subject.name)).size /
        columns.length;
      months.push({
        month: row["month"] ?? "",
        published: auc(row),
        fell: auc(row) < worst,
        realised: realised?.incident?.value ?? null,
        realisedVerdict: worsening(realised),
        estimated: estimated?.incident?.value ?? null,
        estimatedLow: estimated?.incident?.low ?? null,
        estimatedHigh: estimated?.incident?.high ?? null,
        estimatedVerdict: worsening(estimated),
        majorShare: share(new Set(["major"])),
        anyShare: share(new Set(["major", "minor"])),
        first: found.shifts.slice(0, 3).map((s) => {
          const impact = s.impact === undefined ? "unknown" : s.impact.toFixed(2);
          return `${s.subject.name} ${shiftText(s)} impact=${impact}`;
        }),
      });
    }
  } finally {
    await labelled.engine.close();
    await unlabelled.engine.close();
  }
  return months;
}

/** `major` or `minor` where the metric got worse; everything else is `none`. */
function worsening(change: MetricChange | undefined): string {
  return change?.direction === "worse" ? change.verdict : "none";
}

function areaOf(metrics: readonly MetricChange[]): MetricChange | undefined {
  return metrics.find((m) => m.metric === "roc_auc");
}

function monthsOf(rows: ReturnType<typeof readTruth>, period: string): string[] {
  return rows.filter((r) => r["period"] === period).map((r) => r["month"] ?? "");
}

/** Both periods in one table; the labels of the later one come in a file of their own. */
async function openHousing(
  folder: string,
  withLabels: boolean,
): Promise<{ engine: NodeEngine; table: TableMeta }> {
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const labels = new Map(
    parseCsv(read("california_housing_analysis_gt.csv")).map(([id = "", label = ""]) => [
      id,
      label,
    ]),
  );
  const analysis = withColumn(read("california_housing_analysis.csv"), (line, k) =>
    k === 0 ? "clf_target" : withLabels ? (labels.get(line.split(",")[0] ?? "") ?? "") : "",
  );
  const engine = await createNodeEngine();
  const tables = await importTables(engine, [
    { name: "reference.csv", content: read("california_housing_reference.csv"), table: "housing" },
    { name: "analysis.csv", content: analysis, table: "housing" },
  ]);
  const [table] = tables;
  if (table === undefined || tables.length > 1) throw new Error("the periods share no table");
  return { engine, table };
}
