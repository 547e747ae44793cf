import type { Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import { exactValue, listOf, objectOf, textOf, valueAt, type JsonObject } from "../json-fields.ts";
import { noteCut, rejectRecord, type Reading } from "../json-records.ts";
import { eventOf } from "./event.ts";
import { eventsOfPod } from "./pod.ts";
import { eventsOfWorkload, WORKLOADS } from "./workload.ts";
import type { YamlItem } from "./yaml-items.ts";

/** Reads objects of a cluster, in whatever document they stand. */
export class ClusterReader {
  /** Kind of the items of the list that is being read, where the list says it first. */
  #itemKind: string | null = null;
  #document = 0;

  constructor(readonly reading: Reading) {}

  /** An element of JSON: a whole document, an item of a list, or what a list says of itself. */
  async read(element: JsonElement, pattern: string): Promise<void> {
    const { sink } = this.reading;
    const at = { line: element.line, offset: element.offset };
    if (element.document !== this.#document) {
      this.#document = element.document;
      this.#itemKind = null;
    }
    if (element.bad !== null) {
      rejectRecord(sink, at, element.bad, element.text());
      if (element.bad.startsWith("the file ends"))
        noteCut(sink, "it ends in the middle of an object.");
      return;
    }
    const value = exactValue(element);
    if (pattern === "kind") this.#itemKind = itemKindOf(value);
    else if (pattern === "metadata") this.#list(objectOf(value) ?? {});
    else if (pattern !== "apiVersion") await this.object(value, this.#itemKind, at);
  }

  /** An object, a list of them, or one in a change that a watch reported. */
  async object(value: unknown, itemKind: string | null, at: Position): Promise<void> {
    const object = objectOf(value);
    if (object === null) {
      if (Array.isArray(value))
        for (const item of listOf(value)) await this.object(item, itemKind, at);
      else rejectRecord(this.reading.sink, at, "no object of Kubernetes", value);
      return;
    }
    const watched = objectOf(object["object"]);
    if (watched !== null && typeof object["type"] === "string") {
      await this.object({ ...watched, watch: object["type"] }, itemKind, at);
    } else if (Array.isArray(object["items"])) {
      this.#list(objectOf(object["metadata"]) ?? {});
      const kind = itemKindOf(object["kind"]);
      for (const item of listOf(object["items"])) await this.object(item, kind, at);
    } else if (/List$/.test(textOf(object["kind"]) ?? "") && !("status" in object)) {
      // What is left of a list in YAML when its items were read.
      this.#list(objectOf(object["metadata"]) ?? {});
    } else {
      await this.#one(object, textOf(object["kind"]) ?? itemKind ?? guessKind(object), at);
    }
  }

  async #one(object: JsonObject, kind: string | null, at: Position): Promise<void> {
    const { target, sink, instants } = this.reading;
    const rows =
      kind === "Event" && !isAudit(object)
        ? [eventOf(object, instants)]
        : kind === "Pod"
          ? eventsOfPod(object, instants)
          : kind !== null && Object.hasOwn(WORKLOADS, kind)
            ? eventsOfWorkload(object, kind, instants)
            : null;
    if (rows === null) {
      const name = textOf(valueAt(object, ["metadata.name"]));
      const which = name === null ? "an object" : `“${name}”`;
      const of = isAudit(object) ? "audit event" : `kind “${kind ?? "unknown"}”`;
      rejectRecord(sink, at, `${which} of ${of}, which is not imported`, object);
      return;
    }
    if (valueAt(object, ["metadata.managedFields"]) !== undefined)
      sink.note("info", "metadata.managedFields, which says who set which field, is not kept.");
    for (const row of rows) {
      if (target.full) await target.deliver();
      target.event(row, at);
    }
    sink.accepted(1);
    if (target.full) await target.deliver();
  }

  /** An object of a YAML file. */
  async readYaml(item: YamlItem): Promise<void> {
    if (item.bad === null) await this.object(item.value, null, item);
    else rejectRecord(this.reading.sink, item, item.bad, item.text());
  }

  #list(metadata: JsonObject): void {
    const left = textOf(metadata["remainingItemCount"]);
    if (textOf(metadata["continue"]) !== null)
      noteCut(
        this.reading.sink,
        `the list names a next page (metadata.continue)${left === null ? "" : ` with ${left} more objects`}.`,
      );
  }
}

/** `PodList` lists pods; a `List` says nothing. */
function itemKindOf(kind: unknown): string | null {
  if (typeof kind !== "string" || !kind.endsWith("List") || kind === "List") return null;
  return kind.slice(0, -"List".length);
}

/** The kind of an item that does not say it, as the API server writes lists. */
function guessKind(object: JsonObject): string | null {
  if ("involvedObject" in object || "regarding" in object) return "Event";
  if (Array.isArray(valueAt(object, ["status.containerStatuses"]))) return "Pod";
  return null;
}

/** Audit logs call their records Event too. */
function isAudit(object: JsonObject): boolean {
  return String(object["apiVersion"]).startsWith("audit.k8s.io");
}
