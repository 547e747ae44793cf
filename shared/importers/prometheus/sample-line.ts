/** A line of the text formats that holds a sample. */
export interface SampleLine {
  /** Name and labels as they stand there. */
  readonly head: string;
  readonly value: string;
  readonly time: string | null;
  /** What follows ` # `. */
  readonly exemplar: string | null;
}

const NAME = /^[a-zA-Z_:][\w:]*/;
const NUMBER = String.raw`[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf(?:inity)?|nan)`;
const REST = new RegExp(
  String.raw`^\s*(?:(${NUMBER})|(\{count:.*?\}))(?:\s+(${NUMBER}))?(?:\s+#\s+(\{.*))?\s*$`,
  "i",
);

/** The parts of a line, or why it holds no sample; `histogram` where the sample is a native histogram. */
export function readSampleLine(text: string): SampleLine | string {
  const end = headEnd(text);
  if (end < 0) return "no sample: a name of a metric, or labels in braces, are expected";
  const head = text.slice(0, end);
  const rest = text.slice(end);
  const match = REST.exec(rest);
  if (match === null || !(rest.startsWith(" ") || rest.startsWith("\t") || head.endsWith("}")))
    return "no sample: a value and at most a timestamp are expected after the labels";
  const [, value, histogram, time, exemplar] = match;
  if (histogram !== undefined)
    return `native histogram ${head} is not supported; query histogram_quantile, histogram_count or histogram_sum of it instead`;
  return { head, value: value ?? "", time: time ?? null, exemplar: exemplar ?? null };
}

/** Where name and labels end; -1 where there are none. */
function headEnd(text: string): number {
  const name = NAME.exec(text)?.[0].length ?? 0;
  let at = name;
  while (text[at] === " " || text[at] === "\t") at++;
  if (text[at] !== "{") return name === 0 ? -1 : name;
  let quoted = false;
  for (at++; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === "\\") at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "}") return at + 1;
  }
  return -1;
}

const LABEL =
  /\s*(?:([a-zA-Z_][\w:.]*)|"((?:[^"\\]|\\.)*)")\s*(?:=\s*"((?:[^"\\]|\\.)*)")?\s*(?:,|$)/y;

/** Labels of a head, the name as `__name__`; null where they are not written as labels are. */
export function labelsOfHead(head: string): Record<string, string> | null {
  const brace = head.indexOf("{");
  const name = NAME.exec(head)?.[0] ?? "";
  const labels: Record<string, string> = name === "" ? {} : { __name__: name };
  if (brace < 0) return labels;
  const inner = head.slice(brace + 1, -1).trim();
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inner.length) {
    const match = LABEL.exec(inner);
    if (match === null) return null;
    const [, plain, quoted, value] = match;
    const key = plain ?? unescape(quoted ?? "");
    if (value !== undefined) labels[key] = unescape(value);
    // A name in quotes without a value is the metric's.
    else if (quoted !== undefined && name === "") labels["__name__"] = key;
    else return null;
  }
  return labels;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** Escapes of the formats (`\\`, `\"`, `\n`), and those of Go, which `promtool tsdb dump` writes. */
function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:u([\da-f]{4})|U([\da-f]{8})|x([\da-f]{2})|(.))/gis,
    (whole, short?: string, long?: string, byte?: string, char?: string) => {
      const code = short ?? long ?? byte;
      if (code !== undefined) {
        const point = parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      return char === undefined ? whole : (ESCAPES[char] ?? char);
    },
  );
}
