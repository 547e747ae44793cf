import { detectText } from "../text.ts";
import { sampleLines } from "../text-log/sample.ts";
import { labelsOfHead, readSampleLine } from "./sample-line.ts";

/** What the first lines of a text file show. */
export interface TextFlavour {
  /** OpenMetrics has to end with `# EOF`. */
  readonly openMetrics: boolean;
  /** What its timestamps count. */
  readonly timeUnit: "s" | "ms";
  readonly samples: number;
  readonly timeless: number;
}

const HEAD_BYTES = 256 * 1024;
const TYPES =
  /^#\s*TYPE\s+\S+\s+(counter|gauge|histogram|summary|untyped|unknown|info|stateset|gaugehistogram)\s*$/;
/** Types and comments that only OpenMetrics knows. */
const OPEN_METRICS = /^# (?:UNIT \S+ \S|EOF$|TYPE \S+ (?:unknown|info|stateset|gaugehistogram)$)/;
/** Later than any second of these centuries, earlier than any millisecond since 1973. */
const SECONDS_END = 1e11;

/** The flavour of a text in one of Prometheus' formats, or null where it is in none of them. */
export function flavourOf(head: Uint8Array): TextFlavour | null {
  const decoder = new TextDecoder();
  const sample = sampleLines(head.subarray(0, HEAD_BYTES), detectText(head), HEAD_BYTES);
  const lines = sample.map((line) => decoder.decode(line).trim()).filter((line) => line !== "");
  let typed = 0;
  let labelled = 0;
  let samples = 0;
  let timeless = 0;
  let bad = 0;
  let signs = 0;
  let seconds = 0;
  const counters = new Set<string>();
  for (const line of lines) {
    if (line.startsWith("#")) {
      const type = TYPES.exec(line)?.[1];
      if (type !== undefined) typed++;
      if (type === "counter") counters.add(line.split(/\s+/)[2] ?? "");
      if (OPEN_METRICS.test(line)) signs++;
      continue;
    }
    const read = readSampleLine(line);
    if (typeof read === "string") {
      if (!read.startsWith("native")) bad++;
      continue;
    }
    if (labelsOfHead(read.head) === null) bad++;
    samples++;
    if (read.head.endsWith("}")) labelled++;
    if (read.time === null) timeless++;
    else if (Math.abs(Number(read.time)) < SECONDS_END && /^\d{9}|\.|e/i.test(read.time)) seconds++;
    if (read.exemplar !== null) signs++;
    // A counter is typed by its family's name there, and by its sample's in the older format.
    const name = /^[\w:]+/.exec(read.head)?.[0] ?? "";
    if (name.endsWith("_total") && counters.has(name.slice(0, -6))) signs++;
  }
  if (bad > lines.length * 0.05 && bad > (typed > 0 ? 1 : 0)) return null;
  if (typed === 0 && (labelled === 0 || labelled < samples * 0.5)) return null;
  if (samples + typed === 0) return null;
  const openMetrics = signs > 0;
  const timed = samples - timeless;
  const timeUnit = openMetrics || (timed > 0 && seconds === timed) ? "s" : "ms";
  return { openMetrics, timeUnit, samples, timeless };
}
