import type { CaseState } from "../model/case.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Finding } from "../model/finding.ts";
import { unreachable } from "../base/result.ts";
import { NO_ITEMS } from "../model/reasoning.ts";
import { withClock } from "./clock-correction.ts";
import type { CaseEvent, CaseEventType, JournalLine } from "./events.ts";
import { withItem, withItemMoved, withItemText, withoutFinding, withoutItem } from "./items.ts";
import { change, moved, upsert, withoutId } from "./lists.ts";

/**
 * Which events a person can take back. What happened outside the case (an
 * import that ran, a report that was written) is a fact and stays.
 */
const UNDOABLE: Record<CaseEventType, boolean> = {
  "case/created": false,
  "case/renamed": true,
  "evidence/import-started": false,
  "evidence/imported": false,
  "evidence/import-ended": false,
  "evidence/removed": true,
  "evidence/relocated": false,
  "evidence/clock-set": true,
  "evidence/role-changed": true,
  "schema/column-set": true,
  "log-pattern/saved": true,
  "rules/saved": true,
  "template/edited": true,
  "windows/set": true,
  "symptom/set": true,
  "dependencies/set": true,
  "timeline-notes/added": true,
  "timeline-note/edited": true,
  "timeline-note/removed": true,
  "impact/set": true,
  "summary/edited": true,
  "finding/pinned": true,
  "finding/edited": true,
  "finding/removed": true,
  "finding/moved": true,
  "item/set": true,
  "items/set": true,
  "item/text-edited": true,
  "item/removed": true,
  "item/moved": true,
  "text/edited": true,
  "priority-table/set": true,
  "redaction/names-set": true,
  "guide/set": true,
  "redaction/pseudonyms-given": false,
  "review/set": false,
  "report/exported": false,
  undo: false,
  redo: false,
};

/** State of a case before its first event. */
export const EMPTY_CASE: CaseState = {
  name: "",
  evidence: [],
  lastEvidenceNumber: 0,
  unfinishedImports: [],
  windows: { baseline: null, incident: null },
  symptom: null,
  impact: null,
  dependencies: [],
  timelineNotes: [],
  templateEdits: [],
  logPatterns: [],
  rules: [],
  findings: [],
  summary: "",
  exports: [],
  items: NO_ITEMS,
  texts: {},
  priorityTable: null,
  redactionNames: [],
  pseudonyms: [],
  guide: null,
  review: [],
};

/** State of a case: its events in order, without those that were undone. Never throws on an odd event: what it names and is not there is skipped. */
export function foldJournal(lines: readonly JournalLine[]): CaseState {
  const hidden = new Set(replayHistory(lines).undone);
  let state = EMPTY_CASE;
  for (const line of lines) if (!hidden.has(line.seq)) state = apply(state, line);
  return state;
}

/** Number of the event that the next undo takes back, or null. */
export function undoable(lines: readonly JournalLine[]): number | null {
  return replayHistory(lines).done.at(-1) ?? null;
}

/** Number of the event that the next redo brings back, or null. */
export function redoable(lines: readonly JournalLine[]): number | null {
  return replayHistory(lines).redo.at(-1) ?? null;
}

interface History {
  /** Undoable events in force, the latest last. */
  readonly done: number[];
  /** Events that were taken back and stay so. */
  readonly undone: Set<number>;
  /** Of these, the ones that a redo can bring back; a new event ends that. */
  readonly redo: number[];
}

function replayHistory(lines: readonly JournalLine[]): History {
  let done: number[] = [];
  let redo: number[] = [];
  const undone = new Set<number>();
  for (const line of lines) {
    if (line.type === "undo") {
      const { seq } = line.data;
      if (!done.includes(seq)) continue;
      done = done.filter((other) => other !== seq);
      undone.add(seq);
      redo.push(seq);
    } else if (line.type === "redo") {
      const { seq } = line.data;
      if (!undone.delete(seq)) continue;
      redo = redo.filter((other) => other !== seq);
      done.push(seq);
    } else if (UNDOABLE[line.type]) {
      done.push(line.seq);
      redo = [];
    }
  }
  return { done, undone, redo };
}

function apply(state: CaseState, event: CaseEvent): CaseState {
  switch (event.type) {
    case "case/created":
    case "case/renamed":
      return { ...state, name: event.data.name };
    case "evidence/import-started": {
      const { id, path } = event.data;
      return {
        ...state,
        lastEvidenceNumber: Math.max(state.lastEvidenceNumber, numberOf(id)),
        unfinishedImports: [...withoutId(state.unfinishedImports, id), { id, path }],
      };
    }
    case "evidence/imported":
      return {
        ...state,
        evidence: upsert(state.evidence, event.data),
        lastEvidenceNumber: Math.max(state.lastEvidenceNumber, numberOf(event.data.id)),
        unfinishedImports: withoutId(state.unfinishedImports, event.data.id),
      };
    case "evidence/import-ended":
      return {
        ...state,
        unfinishedImports: withoutId(state.unfinishedImports, event.data.id),
      };
    case "evidence/removed":
      return { ...state, evidence: withoutId(state.evidence, event.data.id) };
    case "evidence/relocated": {
      const { id, path } = event.data;
      const name = path.split(/[\\/]/).at(-1) ?? path;
      return {
        ...state,
        evidence: change(state.evidence, id, (item) => ({
          ...item,
          path,
          name: item.options.member === undefined ? name : `${name} › ${item.options.member}`,
        })),
      };
    }
    case "evidence/clock-set": {
      const { id, correctedMs, why } = event.data;
      return {
        ...state,
        evidence: change(state.evidence, id, (item) => withClock(item, correctedMs, why)),
      };
    }
    case "evidence/role-changed": {
      const { id, column, role } = event.data;
      return {
        ...state,
        evidence: change(state.evidence, id, (item) => withRole(item, column, role)),
      };
    }
    case "schema/column-set":
      return { ...state, evidence: state.evidence.map((e) => withColumn(e, event.data)) };
    case "log-pattern/saved":
      return { ...state, logPatterns: [...state.logPatterns, event.data] };
    case "rules/saved":
      return { ...state, rules: withRuleSet(state.rules, event.data) };
    case "template/edited":
      return { ...state, templateEdits: [...state.templateEdits, event.data] };
    case "windows/set":
      return {
        ...state,
        windows: { ...state.windows, [event.data.which]: event.data.window },
      };
    case "dependencies/set":
      return { ...state, dependencies: event.data };
    case "timeline-notes/added":
      return { ...state, timelineNotes: event.data.reduce(upsert, state.timelineNotes) };
    case "timeline-note/edited":
      return {
        ...state,
        timelineNotes: change(state.timelineNotes, event.data.id, (note) =>
          withDefined(note, event.data),
        ),
      };
    case "timeline-note/removed":
      return { ...state, timelineNotes: withoutId(state.timelineNotes, event.data.id) };
    case "symptom/set":
      return { ...state, symptom: event.data };
    case "impact/set":
      return { ...state, impact: event.data };
    case "summary/edited":
      return { ...state, summary: event.data.text };
    case "finding/pinned":
      return { ...state, findings: upsert(state.findings, event.data) };
    case "finding/edited": {
      const { id, title, note } = event.data;
      return {
        ...state,
        findings: change(state.findings, id, (item) => edited(item, title, note)),
      };
    }
    case "finding/removed":
      return {
        ...state,
        findings: withoutId(state.findings, event.data.id),
        items: withoutFinding(state.items, event.data.id),
      };
    case "finding/moved":
      return {
        ...state,
        findings: moved(state.findings, event.data.id, event.data.to),
      };
    case "item/set":
      return { ...state, items: withItem(state.items, event.data) };
    case "items/set": {
      const { items, removed } = event.data;
      const rest = removed.reduce((all, r) => withoutItem(all, r.collection, r.id), state.items);
      return { ...state, items: items.reduce(withItem, rest) };
    }
    case "item/text-edited":
      return { ...state, items: withItemText(state.items, event.data) };
    case "item/removed":
      return { ...state, items: withoutItem(state.items, event.data.collection, event.data.id) };
    case "item/moved": {
      const { collection, id, to } = event.data;
      return { ...state, items: withItemMoved(state.items, collection, id, to) };
    }
    case "text/edited":
      return { ...state, texts: { ...state.texts, [event.data.key]: event.data.text } };
    case "priority-table/set":
      return { ...state, priorityTable: event.data };
    case "redaction/names-set":
      return { ...state, redactionNames: event.data };
    case "guide/set":
      return { ...state, guide: event.data };
    case "redaction/pseudonyms-given":
      return { ...state, pseudonyms: [...state.pseudonyms, ...event.data] };
    case "review/set":
      return { ...state, review: [...state.review, event.data] };
    case "report/exported":
      return { ...state, exports: [...state.exports, event.data] };
    case "undo":
    case "redo":
      return state;
    default:
      return unreachable(event);
  }
}

/** The role also goes into the options, so that a rebuild from the original arrives at the same roles. */
function withRole(
  item: Evidence,
  column: string,
  role: Evidence["columns"][number]["role"],
): Evidence {
  return {
    ...item,
    columns: item.columns.map((c) => (c.name === column ? { ...c, role } : c)),
    options: {
      ...item.options,
      roles: { ...item.options.roles, [column]: role },
    },
  };
}

/** What a person said of a column, in each table of the file that has this name. */
function withColumn(item: Evidence, said: ColumnSet): Evidence {
  const columns = (all: Evidence["columns"]): Evidence["columns"] =>
    all.map((c) => (c.name === said.column ? columnAs(c, said) : c));
  const own = item.table === said.table && item.columns.some((c) => c.name === said.column);
  const further = item.further?.map((f) =>
    f.table === said.table ? { ...f, columns: columns(f.columns) } : f,
  );
  return {
    ...item,
    ...(own ? { columns: columns(item.columns) } : {}),
    ...(own && said.role !== undefined
      ? {
          options: { ...item.options, roles: { ...item.options.roles, [said.column]: said.role } },
        }
      : {}),
    ...(further === undefined ? {} : { further }),
  };
}

type ColumnSet = Extract<CaseEvent, { type: "schema/column-set" }>["data"];

function columnAs(
  column: Evidence["columns"][number],
  { role, unit }: ColumnSet,
): Evidence["columns"][number] {
  const { unit: before, ...rest } = column;
  const now = unit ?? before ?? "";
  return {
    ...rest,
    ...(role === undefined ? {} : { role, reason: "set by you" }),
    ...(now === "" ? {} : { unit: now }),
  };
}

function withRuleSet(
  sets: CaseState["rules"],
  set: CaseState["rules"][number],
): CaseState["rules"] {
  const rest = sets.filter((other) => other.table !== set.table);
  return set.rules.length === 0 ? rest : [...rest, set];
}

function edited(item: Finding, title: string | undefined, note: string | undefined): Finding {
  return { ...item, title: title ?? item.title, note: note ?? item.note };
}

/** The item with those fields of `changes` that say something. */
function withDefined<T extends object>(item: T, changes: { [K in keyof T]?: T[K] | undefined }): T {
  const said = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...item, ...Object.fromEntries(said) };
}

/** `E12` is 12; an id that is not of this form counts as 0. */
function numberOf(id: string): number {
  const number = Number(id.slice(1));
  return Number.isInteger(number) ? number : 0;
}
