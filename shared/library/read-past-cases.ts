import { err, ok, type Result } from "../base/result.ts";
import { formatIso, parseIso, type EvidenceTime } from "../base/time.ts";
import { csvRecordsOf } from "../importers/wandb/csv.ts";
import type { Factor } from "../model/reasoning.ts";
import type { CaseDigest } from "../model/library.ts";
import { Layer } from "../model/role.ts";
import { readPostMortem } from "../postmortem/read-post-mortem.ts";
import { tell } from "../postmortem/told.ts";

/** What is wrong with a file of past cases, for a person. */
export interface PastCaseError {
  readonly line: number;
  readonly message: string;
}

/** Past cases of a file and the rows that could not become one. */
export interface PastCases {
  readonly cases: readonly CaseDigest[];
  readonly rejected: readonly PastCaseError[];
}

/** What the columns of a table of past incidents are called, in small letters without blanks. */
const COLUMNS = {
  name: ["title", "name", "incident", "case", "summary title"],
  started: ["started", "start", "began", "start time", "impact start", "date"],
  detected: ["detected", "detected at", "detection time", "alerted"],
  mitigated: ["mitigated", "mitigated at"],
  resolved: ["resolved", "resolved at", "end", "ended", "end time", "closed"],
  layer: ["layer", "category", "cause category", "area"],
  cause: ["root cause", "cause", "rootcause"],
  factors: ["contributing factors", "factors", "contributing"],
  text: ["summary", "description", "impact", "notes", "lessons"],
  services: ["service", "services", "component", "components", "system"],
} as const;
type Column = keyof typeof COLUMNS;

/** Reads past cases from CSV (a case a row) or Markdown (a post-mortem a file), by the name of the file. */
export function readPastCases(text: string, name: string): Result<PastCases, PastCaseError> {
  return /\.(?:md|markdown|txt)$/i.test(name) ? readMarkdown(text, name) : readCsv(text, name);
}

function readCsv(text: string, name: string): Result<PastCases, PastCaseError> {
  const [head, ...rows] = csvRecordsOf(new TextEncoder().encode(text), true);
  const columns = columnsOf(head?.fields ?? []);
  if (columns.name === undefined) {
    return err({
      line: 1,
      message: `${name}, line 1: no column says what a case is called. Name one of them “title”; others are read as “started”, “detected”, “resolved”, “layer”, “root cause”, “contributing factors”, “services”, “summary”.`,
    });
  }
  const cases: CaseDigest[] = [];
  const rejected: PastCaseError[] = [];
  for (const row of rows) {
    if (row.fields === null) {
      rejected.push({ line: row.line, message: `${name}, line ${row.line}: ${row.reason}.` });
      continue;
    }
    if (row.fields.every((f) => f.trim() === "")) continue;
    const read = rowCase(row.fields, columns, name, row.line);
    if (read.ok) cases.push(read.value);
    else rejected.push(read.error);
  }
  return ok({ cases, rejected });
}

function columnsOf(header: readonly string[]): Partial<Record<Column, number>> {
  const names = header.map((h) => h.trim().toLowerCase().replaceAll("_", " "));
  const found: Partial<Record<Column, number>> = {};
  for (const [column, words] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
    const at = words.map((word) => names.indexOf(word)).find((index) => index >= 0);
    if (at !== undefined) found[column] = at;
  }
  return found;
}

function rowCase(
  fields: readonly string[],
  columns: Partial<Record<Column, number>>,
  name: string,
  line: number,
): Result<CaseDigest, PastCaseError> {
  const cell = (column: Column): string => {
    const at = columns[column];
    return at === undefined ? "" : (fields[at] ?? "").trim();
  };
  const title = cell("name");
  if (title === "") return err({ line, message: `${name}, line ${line}: the title is empty.` });
  const times: Record<string, string | null> = {};
  for (const column of ["started", "detected", "mitigated", "resolved"] as const) {
    const written = cell(column);
    const at = written === "" ? null : parseIso(written);
    if (written !== "" && at === null) {
      return err({
        line,
        message: `${name}, line ${line}: “${written}” is no time that is read here. Write ${column} as 2024-05-01T12:30:00Z.`,
      });
    }
    times[column] = at === null ? null : formatIso(at);
  }
  const factors = factorsOf(cell("cause"), splitList(cell("factors")), cell("layer"));
  return ok({
    id: `imported/${name}/${line}`,
    name: title,
    place: name,
    origin: "imported",
    started: times.started ?? null,
    detected: times.detected ?? null,
    mitigated: times.mitigated ?? null,
    resolved: times.resolved ?? null,
    ...factors,
    suspects: splitList(cell("services")),
    actions: [],
    text: fields.join("\n"),
  });
}

function splitList(text: string): string[] {
  return text
    .split(/[;\n|]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

type Factors = Pick<CaseDigest, "factors" | "layers" | "rootCauseKnown">;

function factorsOf(cause: string, others: readonly string[], layer: string): Factors {
  const said = layerOf(layer);
  const roots = cause === "" ? [] : [factor(cause, "root cause", said)];
  const factors = [...roots, ...others.map((text) => factor(text, "contributing", null))];
  const layers = [...new Set([said, ...roots.map((f) => f.layer)].filter((l) => l !== null))];
  return { factors, layers: said === null ? layers : [said], rootCauseKnown: cause !== "" };
}

function factor(
  text: string,
  role: Factor["role"],
  layer: Layer | null,
): CaseDigest["factors"][number] {
  return { text, role, layer: layer ?? tell(text).layer };
}

/** `Data quality`, `infra`, `people/process`: the layer that is meant; null where it is none of them. */
function layerOf(text: string): Layer | null {
  const words = text.toLowerCase();
  if (words === "") return null;
  if (words.startsWith("infra")) return "infrastructure";
  if (/people|process|human|organi[sz]ation/.test(words)) return "people";
  return (
    Layer.options.find((l) => words.includes(l) || words.includes(l.replace(/s$/, ""))) ?? null
  );
}

/** Headings under which post-mortems say what it was. */
const CAUSE = /\b(?:root cause|cause|what went wrong)\b/i;
const FACTORS =
  /\b(?:contributing factors?|trigger|what went (?:badly|poorly)|where we got lucky)\b/i;

function readMarkdown(text: string, name: string): Result<PastCases, PastCaseError> {
  const lines = text.split(/\r?\n/);
  const title = lines
    .find((l) => /^#\s+\S/.test(l))
    ?.replace(/^#\s+/, "")
    .trim();
  const body = text.trim();
  if (body === "") return err({ line: 1, message: `${name}: the file is empty.` });
  const { entries } = readPostMortem(text, { reference: 0, zoneMinutes: 0 });
  const dated = entries.filter((e) => !e.assumed.some((a) => a.what === "date"));
  const first = (kinds: readonly string[]): string | null => {
    const entry = dated.find((e) => kinds.includes(e.kind));
    return entry === undefined ? null : iso(entry.at);
  };
  const causes = sectionItems(lines, CAUSE);
  const factors = [
    ...causes.slice(0, 1).map((t) => factor(t, "root cause", null)),
    ...[...causes.slice(1), ...sectionItems(lines, FACTORS)].map((t) =>
      factor(t, "contributing", null),
    ),
  ];
  const start = dated.map((e) => e.at).sort((a, b) => a - b)[0];
  return ok({
    cases: [
      {
        id: `imported/${name}`,
        name: title ?? name.replace(/\.[^.]+$/, ""),
        place: name,
        origin: "imported",
        started: start === undefined ? null : iso(start),
        detected: first(["alert", "detection"]),
        mitigated: first(["mitigation", "rollback"]),
        resolved: first(["resolution"]),
        layers: [
          ...new Set(
            factors.flatMap((f) => (f.role === "root cause" && f.layer !== null ? [f.layer] : [])),
          ),
        ],
        rootCauseKnown: causes.length > 0,
        factors,
        suspects: [],
        actions: [],
        text: body,
      },
    ],
    rejected: [],
  });
}

function iso(at: number): string {
  return formatIso(at as EvidenceTime);
}

/** List items, else the first paragraph, below the headings that fit. */
function sectionItems(lines: readonly string[], heading: RegExp): string[] {
  const found: string[] = [];
  let inside = false;
  let paragraph = "";
  const end = () => {
    if (paragraph !== "" && found.length === 0) found.push(paragraph);
    paragraph = "";
  };
  for (const line of lines) {
    if (/^#{1,6}\s/.test(line) || /^\*\*[^*]+\*\*:?\s*$/.test(line)) {
      end();
      inside = heading.test(line);
    } else if (inside && /^\s*(?:[-*•]|\d+[.)])\s+/.test(line)) {
      found.push(line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, "").trim());
    } else if (inside && line.trim() !== "" && found.length === 0) {
      paragraph = `${paragraph} ${line.trim()}`.trim();
    } else if (inside && line.trim() === "" && paragraph !== "") {
      end();
    }
  }
  end();
  return found;
}
