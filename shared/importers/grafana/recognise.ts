import { firstValues } from "../json-fields.ts";

/** How a file of Grafana's is laid out. */
export type GrafanaShape =
  /** A list of frames, annotations or log lines. */
  | "list"
  /** One of them a document. */
  | "documents"
  /** Answer of a query: `results.A.frames`. */
  | "results"
  /** The same as the query inspector copies it. */
  | "inspector"
  /** Data of a panel: `series`. */
  | "panel"
  | "dashboard"
  /** A dashboard in the wrapper of the snapshot's API. */
  | "wrapped-dashboard";

/** Where the elements of each shape are. */
export const PATTERNS: Readonly<Record<GrafanaShape, readonly string[]>> = {
  list: ["*"],
  documents: [""],
  results: resultPaths(""),
  inspector: resultPaths("response."),
  panel: ["series.*", "annotations.*", "error.message"],
  dashboard: dashboardPaths(""),
  "wrapped-dashboard": dashboardPaths("dashboard."),
};

function resultPaths(at: string): string[] {
  return ["frames.*", "series.*", "tables.*", "error"].map((path) => `${at}results.*.${path}`);
}

function dashboardPaths(at: string): string[] {
  return ["panels.*", "rows.*", "annotations.list.*"].map((path) => at + path);
}

/** Scalars that tell a shape, in order of preference; `!` and a name: the head says that word too. */
const SIGNS: readonly (readonly [GrafanaShape, readonly (readonly string[])[]])[] = [
  [
    "results",
    [
      ["results.*.frames.[].schema.fields.[].name"],
      ["results.*.frames.[].schema.refId", "results.*.status"],
      ["results.*.refId", "results.*.series.[].name", "results.*.series.[].points.[].[]"],
    ],
  ],
  ["inspector", [["response.results.*.frames.[].schema.fields.[].name"]]],
  ["documents", [["schema.fields.[].name", "!values"]]],
  ["list", [["[].schema.fields.[].name", "!values"]]],
  ["documents", [["fields.[].name", "fields.[].type", "!values", "!config"]]],
  ["list", [["[].fields.[].name", "[].fields.[].type", "!values", "!config"]]],
  ["panel", [["series.[].fields.[].name", "series.[].fields.[].type", "!values"]]],
  ["list", [["[].dashboardUID", "[].time"]]],
  ["list", [["[].dashboardId", "[].time", "[].panelId"]]],
  ["documents", [["dashboardUID", "time", "text"]]],
  ["list", [["[].line", "[].timestamp", "[].fields.*"]]],
  [
    "wrapped-dashboard",
    [
      ["dashboard.panels.[].type"],
      ["dashboard.rows.[].panels.[].type"],
      ["dashboard.schemaVersion"],
    ],
  ],
  [
    "dashboard",
    [
      ["panels.[].type", "schemaVersion"],
      ["panels.[].type", "!snapshotData"],
      ["panels.[].type", "panels.[].gridPos.h"],
      ["rows.[].panels.[].type", "schemaVersion"],
      ["rows.[].panels.[].type", "!snapshotData"],
    ],
  ],
];

const PATHS = [
  ...new Set(SIGNS.flatMap(([, ways]) => ways.flat()).filter((path) => !path.startsWith("!"))),
];

/** A word that stands in every file of Grafana's that is recognised here. */
const WORDS = /"(?:fields|snapshotData|panels|dashboardUID|dashboardId|points)"/;

/** The shape of a file of Grafana's with these first bytes, or null where it is none. */
export function grafanaShape(head: Uint8Array): GrafanaShape | null {
  const start = new TextDecoder("latin1").decode(head.subarray(0, 64)).trimStart();
  if (!/^(?:\u00ef\u00bb\u00bf)?\s*[{[]/.test(start)) return null;
  const text = new TextDecoder("latin1").decode(head);
  if (!WORDS.test(text)) return null;
  const found = firstValues(head, PATHS);
  for (const [shape, ways] of SIGNS) {
    for (const way of ways) {
      const all = way.every((sign) =>
        sign.startsWith("!") ? text.includes(`"${sign.slice(1)}"`) : fits(sign, found),
      );
      if (all) return shape;
    }
  }
  return null;
}

const FIELD_TYPES = new Set(
  "time number string boolean trace enum geo other frame nestedFrames".split(" "),
);

function fits(path: string, found: ReadonlyMap<string, unknown>): boolean {
  const value = found.get(path);
  if (value === undefined) return false;
  if (path.endsWith("fields.[].type")) return typeof value === "string" && FIELD_TYPES.has(value);
  if (path === "[].timestamp") return typeof value === "string" && /^\d{16,19}$/.test(value);
  if (/time$/.test(path)) return typeof value === "number";
  return true;
}
