import type { EventRow } from "../fixed-tables-writer.ts";
import { textOf, type JsonObject } from "../json-fields.ts";

/** Names of OpenTelemetry, and of OpenTracing before it (https://opentracing.io/specification/conventions/). */
const TYPES = ["exception.type", "error.kind"];
const MESSAGES = ["exception.message", "message"];
const STACKS = ["exception.stacktrace", "stack"];

/**
 * Kind, title and detail of something that happened within a span. An
 * exception is titled by its type and message; its stack trace is the detail.
 */
export function describeSpanEvent(
  name: string | null,
  attributes: JsonObject,
): Pick<EventRow, "kind" | "title" | "detail"> {
  const detail = firstText(attributes, STACKS);
  const type = firstText(attributes, TYPES);
  const message = firstText(attributes, MESSAGES);
  const failed = type !== null || detail !== null || name === "exception" || name === "error";
  const described = [type, message].filter((part) => part !== null).join(": ");
  const title = failed && described !== "" ? described : (name ?? message ?? "unnamed event");
  return { kind: "span event", title, detail };
}

/** The attributes without the stack trace that is the event's detail. */
export function withoutStack(attributes: JsonObject): JsonObject {
  const key = STACKS.find((k) => textOf(attributes[k]) !== null);
  if (key === undefined) return attributes;
  return Object.fromEntries(Object.entries(attributes).filter(([k]) => k !== key));
}

function firstText(attributes: JsonObject, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textOf(attributes[key]);
    if (text !== null) return text;
  }
  return null;
}
