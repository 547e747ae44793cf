import type { Position } from "../fixed-tables-writer.ts";
import { elementsOf, type JsonElement } from "../json-elements.ts";
import { exactValue, listOf, objectOf, textOf } from "../json-fields.ts";
import { layoutOfJson, noteCut, rejectRecord, type Reading } from "../json-records.ts";
import { incidentOfWebhook, isIncident, isNode, isWebhook, writeIncident } from "./incident.ts";

/** Where GraphQL has its connections: in `data`, without it, and alone. */
const PLACES = ["data.*.", "*.", ""];
const CONNECTION = PLACES.flatMap((at) => [`${at}edges.*`, `${at}pageInfo`, `${at}page_info`]);

/** Where incidents stand in a JSON file. */
export function patternsOf(head: Uint8Array): readonly string[] {
  const layout = layoutOfJson(head);
  if (layout === "list") return ["*"];
  if (layout === "documents") return [""];
  const edges = elementsOf(
    head,
    PLACES.map((at) => `${at}edges.*.node.*`),
  );
  return edges.some((e) => e.pattern >= 0) ? [...CONNECTION, "errors.*"] : [""];
}

/** Incidents of a document of any kind: nodes of connections, items of lists, itself. */
export function incidentsIn(value: unknown, depth = 0): readonly unknown[] {
  if (Array.isArray(value)) return listOf(value).flatMap((item) => incidentsIn(item, depth + 1));
  const object = objectOf(value);
  if (object === null) return [value];
  if (objectOf(object["node"]) !== null) return [object["node"]];
  if (Array.isArray(object["edges"]))
    return listOf(object["edges"]).flatMap((e) => incidentsIn(e, depth + 1));
  if (isIncident(object) || isWebhook(object) || depth > 3) return [object];
  const inner = Object.values(object).filter((v) => hasEdges(v));
  return inner.length === 0 ? [object] : inner.flatMap((v) => incidentsIn(v, depth + 1));
}

function hasEdges(value: unknown): boolean {
  const object = objectOf(value);
  if (object === null) return false;
  return (
    Array.isArray(object["edges"]) ||
    Object.values(object).some((v) => Array.isArray(objectOf(v)?.["edges"]))
  );
}

/** Reads incidents and alerts, and whether their pages are complete. */
export class IncidentReader {
  /** Whether the last page names another one. */
  #continues = false;

  constructor(readonly reading: Reading) {}

  read(element: JsonElement, pattern: string): void {
    const { sink } = this.reading;
    const at = { line: element.line, offset: element.offset };
    if (element.bad !== null) {
      rejectRecord(sink, at, element.bad, element.text());
      if (element.bad.startsWith("the file ends"))
        noteCut(sink, "it ends in the middle of an incident.");
      return;
    }
    const value = exactValue(element);
    if (/page_?info$/i.test(pattern)) this.#page(value);
    else if (pattern === "errors.*") this.#error(value);
    else {
      this.#pagesIn(value, 0);
      for (const incident of incidentsIn(value)) this.#incident(incident, at);
    }
  }

  finish(): void {
    if (this.#continues)
      noteCut(
        this.reading.sink,
        "its last page says that another one follows (hasNextPage), which is not in the file.",
      );
  }

  #incident(value: unknown, at: Position): void {
    const { sink } = this.reading;
    const record = objectOf(value);
    if (record === null) {
      rejectRecord(sink, at, "no incident", value);
      return;
    }
    const incident = isWebhook(record) ? incidentOfWebhook(record) : record;
    if (!isWebhook(record) && !isIncident(record) && !isNode(record)) {
      rejectRecord(
        sink,
        at,
        "no incident or alert: it has no identifier or no time of creation",
        record,
      );
      return;
    }
    writeIncident(incident, at, this.reading);
    sink.accepted(1);
  }

  #pagesIn(value: unknown, depth: number): void {
    const object = objectOf(value);
    if (object === null || depth > 3) return;
    for (const [key, inner] of Object.entries(object)) {
      if (key === "pageInfo" || key === "page_info") this.#page(inner);
      else if (key === "data" || hasEdges(object)) this.#pagesIn(inner, depth + 1);
    }
  }

  #page(value: unknown): void {
    const object = objectOf(value) ?? {};
    this.#continues = (object["hasNextPage"] ?? object["has_next_page"]) === true;
  }

  #error(value: unknown): void {
    const message = textOf(objectOf(value)?.["message"]);
    if (message !== null)
      this.reading.sink.note("warning", `Monte Carlo answered with an error: ${message}`);
  }
}
