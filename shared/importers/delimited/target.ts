import type { ImportOptions, MetricLayout, TargetTable } from "../../model/evidence.ts";
import type { Role } from "../../model/role.ts";
import { assignRoles, mainTime, wordsOf, type AssignedRole, type ColumnProfile } from "../roles.ts";

/** A column with its cells of the sample. */
export interface SampledColumn extends ColumnProfile {
  readonly cells: readonly string[];
}

export interface TargetChoice {
  readonly target: TargetTable;
  readonly layout: MetricLayout | null;
  readonly roles: readonly AssignedRole[];
}

/** Names in order of preference. */
export const SERVICE_NAMES = [
  "service",
  "service name",
  "svc",
  "microservice",
  "app",
  "application",
  "pod",
  "pod name",
  "workload",
  "deployment",
  "container",
  "container name",
  "component",
  "job",
  "logger",
  "program",
];
const HOST_NAMES = [
  "host",
  "hostname",
  "host name",
  "node",
  "node name",
  "instance",
  "server",
  "machine",
];
const MESSAGE_NAMES = [
  "message",
  "msg",
  "log",
  "log message",
  "event message",
  "content",
  "body",
  "raw",
  "text",
  "line",
];
const LEVEL_NAMES = [
  "level",
  "severity",
  "log level",
  "loglevel",
  "severity text",
  "lvl",
  "priority",
];
const SERIES_NAMES = [
  "metric",
  "metric name",
  "series",
  "name",
  "measurement",
  "kpi",
  "field",
  "indicator",
];
const VALUE_NAMES = ["value", "val", "metric value", "reading", "count", "mean", "avg"];
const TITLE_NAMES = [
  "title",
  "event",
  "summary",
  "name",
  "message",
  "change",
  "description",
  "type",
  "event type",
  "action",
  "reason",
  "kind",
];
const KIND_NAMES = ["kind", "type", "event type", "category", "event kind"];
const EVENT_HINT =
  /(?:^|[^a-z])(?:deploy|deploys|deployments?|events?|changes?|changelog|incidents?|alerts?|releases?|maintenance|annotations?|commits?|rollouts?|flags?)(?:[^a-z]|$)/i;
const EVENT_COLUMNS = new Set([
  "event",
  "event type",
  "change",
  "incident",
  "deployment",
  "release",
  "alert",
  "title",
  "action",
]);
const TRACE_NAMES = ["trace id", "traceid"];
const SPAN_NAMES = ["span id", "spanid"];

/** More rows than this are not events that a person would read. */
const MAX_EVENTS = 10_000;

/** Which table a delimited file belongs in, and what its columns are there. `complete`: the sample is the whole file. */
export function chooseTarget(
  columns: readonly SampledColumn[],
  file: string,
  complete: boolean,
  wanted: Pick<ImportOptions, "target" | "layout">,
): TargetChoice {
  const roles = assignRoles(columns);
  const time = mainTime(columns);
  const own: TargetChoice = { target: "own", layout: null, roles };
  if (wanted.target === "own") return own;
  const tries: readonly [TargetTable, MetricLayout | null, () => readonly AssignedRole[] | null][] =
    [
      ["spans", null, () => spanRoles(columns)],
      ["metrics", "long", () => longRoles(columns, time, wanted.layout === "long")],
      ["events", null, () => eventRoles(columns, time, file, complete, wanted.target === "events")],
      ["logs", null, () => logRoles(columns, time, wanted.target === "logs")],
      [
        "metrics",
        "wide",
        () =>
          wideRoles(columns, time, roles, wanted.layout === "wide" || wanted.target === "metrics"),
      ],
    ];
  for (const [target, layout, find] of tries) {
    if (wanted.target !== undefined && wanted.target !== target) continue;
    if (wanted.layout !== undefined && layout !== null && wanted.layout !== layout) continue;
    const found = find();
    if (found !== null) return { target, layout, roles: found };
  }
  return own;
}

/** Index of the column whose name comes first in `names`; -1 for none. */
export function findNamed(
  columns: readonly ColumnProfile[],
  names: readonly string[],
  test: (column: ColumnProfile) => boolean = () => true,
): number {
  const words = columns.map((c) => wordsOf(c.name).join(" "));
  for (const name of names) {
    const index = words.findIndex((w, i) => {
      const column = columns[i];
      return w === name && column !== undefined && test(column);
    });
    if (index !== -1) return index;
  }
  return -1;
}

const isText = (c: ColumnProfile): boolean => c.type === "varchar";
const isNumber = (c: ColumnProfile): boolean => c.type === "double" || c.type === "bigint";

/** Roles from the few columns that matter; all others get `rest`. */
function rolesOf(
  columns: readonly ColumnProfile[],
  main: ReadonlyMap<number, AssignedRole>,
  rest: (column: ColumnProfile) => AssignedRole,
): AssignedRole[] {
  return columns.map((c, i) => main.get(i) ?? rest(c));
}

class Roles {
  readonly found = new Map<number, AssignedRole>();

  constructor(readonly columns: readonly ColumnProfile[]) {}

  set(index: number, role: Role, reason?: string): void {
    if (index === -1 || this.found.has(index)) return;
    const name = this.columns[index]?.name ?? "";
    this.found.set(index, { role, reason: reason ?? `named “${name}”` });
  }
}

function setPlace(roles: Roles, columns: readonly ColumnProfile[]): void {
  const free = (names: readonly string[]): number =>
    findNamed(columns, names, (c) => c.type !== "timestamp" && !isUsed(roles, columns, c));
  roles.set(free(SERVICE_NAMES), "service");
  roles.set(free(HOST_NAMES), "host");
}

function isUsed(roles: Roles, columns: readonly ColumnProfile[], column: ColumnProfile): boolean {
  return roles.found.has(columns.indexOf(column));
}

function spanRoles(columns: readonly SampledColumn[]): AssignedRole[] | null {
  const trace = findNamed(columns, TRACE_NAMES);
  const span = findNamed(columns, SPAN_NAMES);
  const start = spanStart(columns);
  const end = columns.findIndex(
    (c) => /duration|elapsed|latency|^end/i.test(c.name) && (isNumber(c) || c.type === "timestamp"),
  );
  if (trace === -1 || span === -1 || start === -1 || end === -1) return null;
  const roles = new Roles(columns);
  roles.set(start, "timestamp", "when the span starts");
  setPlace(roles, columns);
  return rolesOf(columns, roles.found, () => ({ role: "feature", reason: "part of the span" }));
}

/** The column in which spans start. */
export function spanStart(columns: readonly ColumnProfile[]): number {
  const named = columns.findIndex((c) => c.type === "timestamp" && /start|begin/i.test(c.name));
  return named === -1 ? mainTime(columns) : named;
}

function longRoles(
  columns: readonly SampledColumn[],
  time: number,
  forced: boolean,
): AssignedRole[] | null {
  if (time === -1) return null;
  const numbers = columns.filter(isNumber);
  let value = findNamed(columns, VALUE_NAMES, isNumber);
  const [only] = numbers;
  if (value === -1 && numbers.length === 1 && only !== undefined) value = columns.indexOf(only);
  const series = findNamed(columns, SERIES_NAMES, isText);
  if (value === -1 || series === -1) return null;
  if (!forced) {
    // Several numbers beside the value: a table of another kind.
    if (numbers.some((c) => columns.indexOf(c) !== value && c.distinct > 50)) return null;
    const column = columns[series];
    if (column === undefined || (column.filled > 20 && column.distinct > column.filled * 0.5))
      return null;
  }
  const roles = new Roles(columns);
  roles.set(time, "timestamp", "its values are times");
  roles.set(series, "series");
  roles.set(value, "value");
  setPlace(roles, columns);
  return rolesOf(columns, roles.found, (c) =>
    c.type === "timestamp"
      ? { role: "ignore", reason: "another time" }
      : { role: "segment", reason: "a label of the series" },
  );
}

function eventRoles(
  columns: readonly SampledColumn[],
  time: number,
  file: string,
  complete: boolean,
  forced: boolean,
): AssignedRole[] | null {
  if (time === -1) return null;
  const title = findNamed(columns, TITLE_NAMES, isText);
  if (title === -1) return null;
  const rows = columns[time]?.cells.length ?? 0;
  const hinted =
    EVENT_HINT.test(file) ||
    columns.some((c) => EVENT_COLUMNS.has(wordsOf(c.name).join(" ")) && isText(c));
  const numbers = columns.filter((c) => c.type === "double").length;
  if (!forced && (!hinted || !complete || rows > MAX_EVENTS || numbers > 2)) return null;
  const roles = new Roles(columns);
  roles.set(time, "timestamp", "its values are times");
  roles.set(title, "message", "what happened");
  roles.set(findNamed(columns, KIND_NAMES, isText), "series", "the kind of event");
  setPlace(roles, columns);
  return rolesOf(columns, roles.found, () => ({
    role: "feature",
    reason: "a detail of the event",
  }));
}

function logRoles(
  columns: readonly SampledColumn[],
  time: number,
  forced: boolean,
): AssignedRole[] | null {
  const message = findNamed(columns, MESSAGE_NAMES, isText);
  if (message === -1 || (time === -1 && !forced)) return null;
  const numbers = columns.filter((c) => c.type === "double").length;
  const column = columns[message];
  if (!forced && (numbers > 3 || numbers * 2 > columns.length)) return null;
  if (!forced && column !== undefined && (column.meanLength ?? 0) < 8) return null;
  const roles = new Roles(columns);
  roles.set(time, "timestamp", "its values are times");
  roles.set(message, "message");
  roles.set(findNamed(columns, LEVEL_NAMES, isText), "level");
  setPlace(roles, columns);
  return rolesOf(columns, roles.found, () => ({
    role: "feature",
    reason: "a field of the record",
  }));
}

function wideRoles(
  columns: readonly SampledColumn[],
  time: number,
  own: readonly AssignedRole[],
  forced: boolean,
): AssignedRole[] | null {
  const clock = columns[time];
  if (clock === undefined) return null;
  const values = columns.filter(isNumber);
  if (values.length === 0) return null;
  const modelled = own.some((r) =>
    ["entity", "prediction", "score", "label", "model_version", "weight"].includes(r.role),
  );
  const labels = columns.filter((c) => !isNumber(c) && c.type !== "timestamp");
  const placed = labels.every((c) => c.distinct <= 1 || isPlace(c.name));
  const segments = own.some(
    (r, i) => r.role === "segment" && !labels.some((c) => columns.indexOf(c) === i),
  );
  if (!forced) {
    if (modelled || segments || !placed) return null;
    if (!isOrderedAndUnique(clock, labels)) return null;
  }
  const roles = new Roles(columns);
  roles.set(time, "timestamp", "its values are times");
  setPlace(roles, columns);
  return rolesOf(columns, roles.found, (c) => {
    if (c.type === "timestamp") return { role: "ignore", reason: "another time" };
    if (isNumber(c)) return { role: "value", reason: "one series a column" };
    return { role: "segment", reason: "a label of the series" };
  });
}

function isPlace(name: string): boolean {
  const words = wordsOf(name).join(" ");
  return SERVICE_NAMES.includes(words) || HOST_NAMES.includes(words);
}

/** One row per time (and label), in the order of time or against it. */
function isOrderedAndUnique(clock: SampledColumn, labels: readonly SampledColumn[]): boolean {
  const n = clock.cells.length;
  if (n < 2) return false;
  const keys = new Set<string>();
  let up = 0;
  let down = 0;
  for (let i = 0; i < n; i++) {
    const here = clock.cells[i] ?? "";
    keys.add([here, ...labels.map((c) => c.cells[i] ?? "")].join("\u001f"));
    const before = clock.cells[i - 1];
    if (before === undefined) continue;
    // Texts of one layout and length sort like their times; others rarely change length.
    const order =
      here.length === before.length ? compare(before, here) : before.length - here.length;
    if (order <= 0) up++;
    if (order >= 0) down++;
  }
  return keys.size > n * 0.9 && Math.max(up, down) >= (n - 1) * 0.9;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
