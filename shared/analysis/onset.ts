import type { ColumnComparison } from "../model/shift.ts";
import type { Onset } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { findChange } from "./changepoint.ts";
import { compareTableRaw } from "./compare-table.ts";
import { distanceCourse, meanCourse, type Course } from "./course.ts";
import type { WindowPair } from "./windows.ts";

/** When something began to move, and the course that shows it. */
export interface OnsetEstimate {
  readonly onset: Onset;
  readonly shape: "step" | "ramp";
  /** Level after the onset in robust standard deviations of the baseline. */
  readonly size: number;
  readonly course: Course;
}

/**
 * When a column or series began to move, between the start of the baseline and
 * the end of the incident. Null when it did not, or has no course.
 */
export async function columnOnset(
  engine: Engine,
  table: TableMeta,
  column: string,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<OnsetEstimate | null> {
  const isSeries = table.target === "metrics" || table.target === "spans";
  const only = isSeries
    ? null
    : {
        ...table,
        columns: table.columns.filter((c) => c.name === column || c.name === table.timeColumn),
      };
  const compared =
    only === null
      ? undefined
      : (await compareTableRaw(engine, only, windows, options)).columns.find(
          (c) => c.column === column,
        );
  const course = await courseOf(engine, table, column, compared, windows, options);
  return course === null ? null : onsetOfCourse(course);
}

/** The course in which a column's onset is sought; the mean for series. */
export function courseOf(
  engine: Engine,
  table: TableMeta,
  column: string,
  compared: ColumnComparison | undefined,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<Course | null> {
  if (table.target === "metrics" || table.target === "spans") {
    return meanCourse(engine, table, column, windows, options);
  }
  if (compared === undefined) return Promise.resolve(null);
  return distanceCourse(engine, table, compared, windows, options);
}

/**
 * The onset within a course: the start of the first bucket that moved. The
 * interval reaches from the bucket before the earliest likely one to the end of
 * the latest, since a bucket does not tell when within it something happened.
 */
export function onsetOfCourse(course: Course): OnsetEstimate | null {
  const change = findChange(course.values, course.baseline);
  if (change === null) return null;
  const time = (index: number): number => course.times[index] ?? 0;
  return {
    onset: {
      at: time(change.index),
      from: time(Math.max(0, change.first - 1)),
      to: time(change.last) + course.bucket,
    },
    shape: change.shape,
    size: change.size,
    course,
  };
}
