import type { TableMeta } from "../../model/table.ts";
import { NUMBER, queryRows } from "../../tables/rows.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { ident } from "../../tables/sql.ts";
import { arrivalColumn } from "../quality/arrival-lag.ts";
import { nameWords } from "../quality/name-hints.ts";

/** A table of features and the table of the predictions that are made from them. */
export interface TablePair {
  readonly features: TableMeta;
  readonly predictions: TableMeta;
  /** The column of each that names the same entity. */
  readonly featureEntity: string;
  readonly predictionEntity: string;
  /** When a feature row came to be known; null where the table does not say. */
  readonly created: string | null;
}

/** Share of predictions whose entity the feature table has to know. */
const LEAST_OVERLAP = 0.5;
const OVERLAP_SAMPLE = 1000;
/** A handful of small numbers agree by chance. */
const LEAST_SHARED = 10;

/**
 * Pairs of a feature table (own table with a time, an entity and features, no
 * prediction or score) and a prediction table (own table with a time and a
 * prediction or score; a label where no table has these) that share an entity: by
 * the column's name, else where at least half of the predictions of 1,000 entities
 * (those with the smallest hashes) are about one of the feature table.
 * @throws Fault<EngineError>
 */
export async function findTablePairs(
  engine: Engine,
  tables: readonly TableMeta[],
  options: QueryOptions = {},
): Promise<TablePair[]> {
  const own = tables.filter(
    (t) => t.target === "own" && t.timeColumn !== null && entitiesOf(t).length > 0,
  );
  const predicting = own.filter((t) => hasRole(t, ["prediction", "score"]));
  const predictions = predicting.length > 0 ? predicting : own.filter((t) => hasRole(t, ["label"]));
  const features = own.filter(
    (t) => !hasRole(t, ["prediction", "score"]) && !predictions.includes(t) && hasFeatures(t),
  );
  const pairs: TablePair[] = [];
  for (const p of predictions) {
    for (const f of features) {
      const shared = sharedByName(f, p) ?? (await sharedByValues(engine, f, p, options));
      if (shared === null) continue;
      pairs.push({ features: f, predictions: p, ...shared, created: arrivalColumn(f) });
    }
  }
  return pairs;
}

/** Columns that name what a row is about: entities, and ids of which there are few. */
export function entitiesOf(table: TableMeta): string[] {
  const entities = table.columns.filter((c) => c.role === "entity").map((c) => c.name);
  const few = table.columns
    .filter((c) => c.role === "segment" && nameWords(c.name).includes("id"))
    .map((c) => c.name);
  return [...entities, ...few];
}

/** Feature columns of a table; numbers without a role of their own count as well. */
export function featuresOf(table: TableMeta): string[] {
  return table.columns.filter((c) => c.role === "feature" || c.role === "value").map((c) => c.name);
}

function hasFeatures(table: TableMeta): boolean {
  return featuresOf(table).length > 0;
}

function hasRole(table: TableMeta, roles: readonly string[]): boolean {
  return table.columns.some((c) => roles.includes(c.role));
}

type SharedEntity = Pick<TablePair, "featureEntity" | "predictionEntity">;

function sharedByName(features: TableMeta, predictions: TableMeta): SharedEntity | null {
  const plain = (name: string): string => nameWords(name).join(" ");
  for (const featureEntity of entitiesOf(features)) {
    const predictionEntity = entitiesOf(predictions).find((p) => plain(p) === plain(featureEntity));
    if (predictionEntity !== undefined) return { featureEntity, predictionEntity };
  }
  return null;
}

async function sharedByValues(
  engine: Engine,
  features: TableMeta,
  predictions: TableMeta,
  options: QueryOptions,
): Promise<SharedEntity | null> {
  for (const predictionEntity of entitiesOf(predictions)) {
    for (const featureEntity of entitiesOf(features)) {
      const [row] = await queryRows(
        engine,
        `WITH p AS (SELECT CAST(${ident(predictionEntity)} AS VARCHAR) AS e, count(*) AS n FROM ${ident(predictions.name)}
  WHERE e IS NOT NULL GROUP BY e ORDER BY hash(e) LIMIT ${String(OVERLAP_SAMPLE)})
SELECT coalesce(sum(n), 0) AS n, count(*) FILTER (WHERE is_known) AS entities, coalesce(sum(n) FILTER (WHERE is_known), 0) AS known
FROM (SELECT n, e IN (SELECT CAST(${ident(featureEntity)} AS VARCHAR) FROM ${ident(features.name)}) AS is_known FROM p)`,
        { n: NUMBER, entities: NUMBER, known: NUMBER },
        options,
      );
      if (row !== undefined && row.entities >= LEAST_SHARED && row.known >= LEAST_OVERLAP * row.n) {
        return { featureEntity, predictionEntity };
      }
    }
  }
  return null;
}
