/**
 * What MLflow keeps, as plain objects: the file store, the REST API and the
 * database of a tracking server differ in how they write it only
 * (https://mlflow.org/docs/latest/rest-api.html#data-structures).
 * Times are µs UTC; a time that could not be read is null and stands in `fields`.
 */

/** A name and its value. */
export type Pair = readonly [key: string, value: string];

export interface Experiment {
  readonly id: string;
  readonly name: string | null;
  readonly lifecycleStage: string | null;
  readonly created: number | null;
  readonly updated: number | null;
  readonly artifactLocation: string | null;
  readonly tags: readonly Pair[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface Run {
  readonly id: string;
  readonly name: string | null;
  readonly experimentId: string | null;
  readonly experiment: string | null;
  /** `RUNNING`, `SCHEDULED`, `FINISHED`, `FAILED` or `KILLED`. */
  readonly status: string | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly lifecycleStage: string | null;
  /** The run, or its experiment, was deleted. */
  readonly deleted: boolean;
  /** When, if that is known. */
  readonly deletedAt?: number | null;
  /** The service that the experiment speaks of, where the run's own tags do not. */
  readonly service?: string | null;
  readonly user: string | null;
  readonly sourceName: string | null;
  readonly artifactUri: string | null;
  readonly params: readonly Pair[];
  /** The last value of each metric. */
  readonly metrics: readonly (readonly [key: string, value: number])[];
  readonly tags: readonly Pair[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What a metric point says of its run. */
export interface RunLabels {
  readonly runId: string | null;
  readonly runName: string | null;
  readonly experiment: string | null;
  readonly service: string | null;
}

export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  readonly ts: number | null;
  readonly step: number | null;
  /** The logged model that it was measured on. */
  readonly modelId?: string | null;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A name in the model registry. */
export interface RegisteredModel {
  readonly name: string;
  readonly created: number | null;
  readonly updated: number | null;
  readonly description: string | null;
  readonly tags: readonly Pair[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface ModelVersion {
  readonly name: string;
  readonly version: string;
  /** `None`, `Staging`, `Production` or `Archived`. */
  readonly stage: string | null;
  readonly aliases: readonly string[];
  readonly created: number | null;
  readonly updated: number | null;
  readonly runId: string | null;
  readonly source: string | null;
  readonly status: string | null;
  readonly description: string | null;
  readonly user: string | null;
  readonly tags: readonly Pair[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A model that was logged without being registered (MLflow 3). */
export interface LoggedModel {
  readonly id: string;
  readonly name: string | null;
  readonly created: number | null;
  readonly status: string | null;
  readonly runId: string | null;
  readonly experiment: string | null;
  readonly params: readonly Pair[];
  readonly tags: readonly Pair[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

const STATUS: Readonly<Record<string, string>> = {
  "1": "RUNNING",
  "2": "SCHEDULED",
  "3": "FINISHED",
  "4": "FAILED",
  "5": "KILLED",
};

/** Status of a run: a number in the file store, a word elsewhere. */
export function statusOf(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value);
  return text === "" ? null : (STATUS[text] ?? text);
}

/** The point that a run shows as a metric's value: that of the highest step, then time, then value. */
export function isLater(a: MetricPoint, b: MetricPoint): boolean {
  const step = (a.step ?? 0) - (b.step ?? 0);
  if (step !== 0) return step > 0;
  const time = (a.ts ?? 0) - (b.ts ?? 0);
  if (time !== 0) return time > 0;
  // As Python compares: NaN is never greater.
  return a.value > b.value;
}
