import { listOf, numberOf, objectOf, textOf, writtenOf, type JsonObject } from "../json-fields.ts";

/** The name of the expectation: `type` since 1.0, `expectation_type` before and in descriptions. */
export function typeOf(result: JsonObject): string {
  const config = objectOf(result["expectation_config"]) ?? result;
  return textOf(config["type"]) ?? textOf(config["expectation_type"]) ?? "expectation";
}

/** A result has its outcome, and the expectation's name in its configuration or itself. */
export function isExpectationResult(result: JsonObject): boolean {
  const config = objectOf(result["expectation_config"]) ?? result;
  const name = config["type"] ?? config["expectation_type"];
  return "success" in result && typeof name === "string" && "kwargs" in config;
}

/** The column, columns or pair that the expectation is about; empty for the whole table. */
export function targetOf(result: JsonObject): string {
  const config = objectOf(result["expectation_config"]) ?? result;
  const kwargs = objectOf(config["kwargs"]) ?? {};
  const single = writtenOf(kwargs["column"]);
  if (single !== null) return single;
  const pair = [kwargs["column_A"], kwargs["column_B"]].map(textOf).filter((c) => c !== null);
  if (pair.length > 0) return pair.join(", ");
  const type = typeOf(result);
  // A table's expected columns are what is expected, not what it is about.
  if (type.startsWith("expect_table_")) return "";
  return listOf(kwargs["column_list"])
    .map((c) => writtenOf(c) ?? "")
    .join(", ");
}

/** The exceptions that an expectation raised; 1.x and late 0.x list them by metric. */
export function exceptionOf(
  result: JsonObject,
): { readonly message: string; readonly whole: unknown } | null {
  const info = objectOf(result["exception_info"]);
  if (info === null) return null;
  const all = [info, ...Object.values(info).map(objectOf)].filter((e) => e !== null);
  const raised = all.filter((e) => e["raised_exception"] === true);
  if (raised.length === 0) return null;
  const messages = raised.map((e) => textOf(e["exception_message"]) ?? "no message");
  return { message: [...new Set(messages)].join("\n"), whole: info };
}

/** What was found instead, in words: `2 of 5 values unexpected (40%): "x", -3`. */
export function unexpectedText(measured: JsonObject): string | null {
  const parts: string[] = [];
  const unexpected = numberOf(measured["unexpected_count"]);
  const elements = numberOf(measured["element_count"]);
  const percent = numberOf(measured["unexpected_percent"]);
  if (unexpected !== null) {
    const of = elements === null ? "" : ` of ${elements}`;
    const share = percent === null ? "" : ` (${Number(percent.toPrecision(4))} %)`;
    const list = listOf(measured["partial_unexpected_list"]);
    const shown = list.slice(0, EXAMPLES).map((v) => JSON.stringify(v));
    const examples = shown.length === 0 ? "" : `: ${shown.join(", ")}`;
    const more = list.length > EXAMPLES ? ", …" : "";
    parts.push(`${unexpected}${of} values unexpected${share}${examples}${more}`);
  }
  const observed = measured["observed_value"];
  if (observed !== undefined && observed !== null)
    parts.push(`observed value ${writtenOf(observed) ?? ""}`);
  return parts.length === 0 ? null : parts.join("; ");
}

const EXAMPLES = 10;
