import type { ModelPerformance, TrainingServing } from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { throwIfCancelled } from "../table-task.ts";
import type { WindowPair } from "../windows.ts";
import { modelChecks } from "./model-checks.ts";
import { trainingServing } from "./training-serving.ts";
import { versionComparison } from "./version-comparison.ts";

/** A table of training rows with the table of the rows that were served. */
export interface TrainingPair {
  readonly training: TableMeta;
  readonly serving: TableMeta;
  /** Whether a name says which is which; otherwise the table that ends first counts as training. */
  readonly named: boolean;
}

/** Columns that two tables must share to be about one model, and the share of the smaller one. */
const LEAST_SHARED = 2;
const SHARED_SHARE = 0.5;
const TRAINING_NAME = /(^|[^a-z])(train(ing)?|fit|reference|offline)([^a-z]|$)/i;

/** Tables whose roles make a model: a prediction, a score or a label among their columns. */
export function modelTables(tables: readonly TableMeta[]): TableMeta[] {
  return tables.filter(
    (t) =>
      t.target === "own" &&
      t.columns.some((c) => ["prediction", "score", "label"].includes(c.role)),
  );
}

/**
 * Pairs of own tables that have most of their features, labels and scores in
 * common, so that one can be the training data of the other. Named pairs first.
 */
export function trainingPairs(tables: readonly TableMeta[]): TrainingPair[] {
  const own = tables.filter((t) => t.target === "own" && inputs(t).size > 0);
  const pairs: TrainingPair[] = [];
  for (const [k, a] of own.entries()) {
    for (const b of own.slice(k + 1)) {
      const [x, y] = [inputs(a), inputs(b)];
      const shared = [...x].filter((name) => y.has(name)).length;
      if (shared < LEAST_SHARED || shared < SHARED_SHARE * Math.min(x.size, y.size)) continue;
      const names = [TRAINING_NAME.test(a.name), TRAINING_NAME.test(b.name)];
      const named = names[0] !== names[1];
      const first = named ? names[0] === true : (a.to ?? -Infinity) <= (b.to ?? -Infinity);
      pairs.push({ training: first ? a : b, serving: first ? b : a, named });
    }
  }
  return pairs.sort((p, q) => Number(q.named) - Number(p.named));
}

function inputs(table: TableMeta): Set<string> {
  const roles = ["feature", "segment", "label", "prediction", "score"];
  return new Set(table.columns.filter((c) => roles.includes(c.role)).map((c) => c.name));
}

/**
 * Everything that the roles of a case's tables allow to say about its models:
 * performance in both windows of each model table, its versions one after the
 * other over all rows, and training against serving for the pairs whose names
 * say so. Empty lists where there is no model; a table that the windows cannot
 * cut comes back with `skipped`.
 * @throws Fault<EngineError>
 */
export async function modelPerformance(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<ModelPerformance> {
  const found: ModelPerformance = { checks: [], versions: [], trainingServing: [] };
  const models = modelTables(tables);
  const pairs = trainingPairs(tables).filter((p) => p.named);
  const total = Math.max(1, models.length * 2 + pairs.length);
  let done = 0;
  const part = (): QueryOptions => {
    throwIfCancelled(options);
    const from = done++;
    return {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: (f) => options.onProgress?.((from + f) / total),
    };
  };
  for (const table of models) {
    found.checks.push(await modelChecks(engine, table, windows, part()));
    if (!table.columns.some((c) => c.role === "model_version")) done++;
    else {
      const versions = await versionComparison(engine, table, null, part());
      if (versions.skipped === null) found.versions.push(versions);
    }
  }
  for (const { training, serving } of pairs) {
    const compared: TrainingServing = await trainingServing(engine, training, serving, part());
    found.trainingServing.push(compared);
  }
  options.onProgress?.(1);
  return found;
}
