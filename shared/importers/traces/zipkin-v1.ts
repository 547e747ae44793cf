import { listOf, numberOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { plainAttributes, restOf } from "../otlp/values.ts";

/** Annotations of version 1 that mark begin and end of the two sides of a call. */
export const CORE_ANNOTATIONS: Readonly<Record<string, string>> = {
  cs: "client sent",
  cr: "client received",
  sr: "server received",
  ss: "server sent",
};

/** Annotations that belong to a side: its kind, first and last one. */
const SIDES = [
  { kind: "CLIENT", from: "cs", to: "cr", remote: "sa" },
  { kind: "SERVER", from: "sr", to: "ss", remote: "ca" },
] as const;

/**
 * A span of version 1 as version 2 has it; one that holds both sides of a call
 * becomes two, of which the server's is `shared`, as Zipkin itself converts it
 * (https://github.com/openzipkin/zipkin/blob/master/zipkin/src/main/java/zipkin2/v1/V1SpanConverter.java).
 * A span of version 2 stays as it is.
 */
export function upgradeZipkin(span: JsonObject): readonly JsonObject[] {
  if ("localEndpoint" in span || "kind" in span) return [span];
  const annotations = listOf(span["annotations"]).map((a) => objectOf(a) ?? {});
  const marked = annotations.some((a) => (textOf(a["value"]) ?? "") in CORE_ANNOTATIONS);
  if (!Array.isArray(span["binaryAnnotations"]) && !marked) return [span];
  const binary = listOf(span["binaryAnnotations"]).map((b) => objectOf(b) ?? {});
  const rest = restOf(span, new Set(["binaryAnnotations", "annotations"])) ?? {};

  const sides = SIDES.flatMap((side) => {
    const begin = annotations.find((a) => a["value"] === side.from);
    const end = annotations.find((a) => a["value"] === side.to);
    const endpoint = objectOf((begin ?? end)?.["endpoint"]);
    return begin === undefined && end === undefined ? [] : [{ ...side, begin, end, endpoint }];
  });
  const [first, second] = sides;
  if (first === undefined) {
    const endpoint = [...annotations, ...binary.filter((b) => !isAddress(b))]
      .map((a) => objectOf(a["endpoint"]))
      .find((e) => e !== null);
    return [{ ...rest, localEndpoint: endpoint, ...partOf(annotations, binary, null) }];
  }

  const both = second !== undefined;
  return sides.map((side, i) => {
    const name = both ? (textOf(side.endpoint?.["serviceName"]) ?? "") : null;
    // What names neither service is told by the first side.
    const others = new Set(sides.slice(1).map((s) => textOf(s.endpoint?.["serviceName"]) ?? ""));
    const mine = (a: JsonObject): boolean => {
      const of = textOf(objectOf(a["endpoint"])?.["serviceName"]) ?? "";
      return !both || (i === 0 ? !others.has(of) : of === name);
    };
    const own = binary.filter((b) => (isAddress(b) ? b["key"] === side.remote || !both : mine(b)));
    // The times of a span with both sides are the client's.
    const times = i === 0 ? rest : { ...rest, timestamp: undefined, duration: undefined };
    const start = numberOf(side.begin?.["timestamp"]);
    const end = numberOf(side.end?.["timestamp"]);
    const { timestamp, duration } = times;
    return {
      ...times,
      kind: side.kind,
      timestamp: timestamp ?? start ?? undefined,
      duration: duration ?? (start === null || end === null ? undefined : end - start),
      localEndpoint: side.endpoint ?? undefined,
      shared: i === 1 ? true : rest["shared"],
      ...partOf(annotations.filter(mine), own, side.remote),
    };
  });
}

function isAddress(binary: JsonObject): boolean {
  return (
    (binary["key"] === "sa" || binary["key"] === "ca") && objectOf(binary["endpoint"]) !== null
  );
}

/** Annotations, tags, and the endpoint that an address names. */
function partOf(
  annotations: readonly JsonObject[],
  binary: readonly JsonObject[],
  remote: string | null,
): JsonObject {
  const tags = binary.filter(
    (b) => !isAddress(b) && (b["key"] !== "lc" || textOf(b["value"]) !== null),
  );
  const address = binary.find((b) => isAddress(b) && (remote === null || b["key"] === remote));
  const other = binary.find((b) => isAddress(b) && b !== address);
  return {
    annotations,
    tags: plainAttributes(tags.map((b) => ({ key: b["key"], value: b["value"] }))),
    remoteEndpoint: address?.["endpoint"],
    ...(other === undefined ? {} : { [textOf(other["key"]) ?? ""]: other["endpoint"] }),
  };
}
