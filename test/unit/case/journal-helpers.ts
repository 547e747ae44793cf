import { createHash } from "node:crypto";
import { FIRST_PREV, type CaseEvent, type JournalLine } from "../../../shared/case/events.ts";
import { sealLine } from "../../../shared/case/hash-chain.ts";
import type { Evidence } from "../../../shared/model/evidence.ts";
import type { Finding } from "../../../shared/model/finding.ts";

export function nodeHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A sound journal with these events. */
export function journalOf(...events: CaseEvent[]): JournalLine[] {
  let prev = FIRST_PREV;
  return events.map((event, index) => {
    const at = "2024-05-01T00:00:00.000Z";
    const line = sealLine({ ...event, seq: index + 1, at, actor: "ana", prev }, nodeHash);
    prev = line.hash;
    return line;
  });
}

export function findingOf(id: string, title = id): Finding {
  return {
    id,
    kind: "note",
    title,
    note: "",
    statement: "",
    provenance: null,
    evidenceIds: [],
    rows: [],
    chart: null,
    numbers: null,
    createdAt: "2024-05-01T00:00:00.000Z",
  };
}

export function evidenceOf(id: string, path = `/data/${id}.csv`): Evidence {
  return {
    id,
    path,
    name: path.split("/").at(-1) ?? "",
    size: 1,
    mtimeMs: 1,
    sha256: "00",
    importer: "csv",
    options: {},
    target: "own",
    table: id.toLowerCase(),
    columns: [{ name: "age", type: "double", role: "feature", nulls: 0 }],
    rows: 1,
    rejected: 0,
    tableRows: 1,
    from: null,
    to: null,
    notes: [],
  };
}

export function pin(id: string): CaseEvent {
  return { type: "finding/pinned", data: findingOf(id) };
}

export function write(text: string): CaseEvent {
  return { type: "summary/edited", data: { text } };
}

export function undo(seq: number): CaseEvent {
  return { type: "undo", data: { seq } };
}

export function redo(seq: number): CaseEvent {
  return { type: "redo", data: { seq } };
}
