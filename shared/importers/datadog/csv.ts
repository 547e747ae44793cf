import { plainValue } from "../delimited/plain-value.ts";
import type { Sample } from "../delimited/sniff.ts";
import { textRecords } from "../delimited/text-records.ts";
import type { FixedTablesWriter } from "../fixed-tables-writer.ts";
import type { Source } from "../importer.ts";
import { Instants } from "../json-fields.ts";
import { checkCancelled } from "../text-log/cancelled.ts";
import { detectTimeLayout, type DetectedTime } from "../times.ts";
import { logOf } from "./log-record.ts";

/** Datadog writes no more rows than this to a CSV. */
const MOST_ROWS = 100_000;

const CORE = new Set(["date", "host", "service", "message", "status", "tags", "source"]);

/** A log export, by its header: `Date,Host,Service,Message` and facets. */
interface LogCsv {
  readonly header: readonly string[];
  readonly time: DetectedTime;
  readonly samples: readonly string[];
}

/** The export that a delimited sample is, or null where its header or dates are not Datadog's. */
export function recogniseLogCsv(sample: Sample): LogCsv | null {
  const [first, ...rows] = sample.records;
  if (first === undefined || rows.length === 0) return null;
  const header = first.fields.map((f) => f.trim());
  const lower = header.map((h) => h.toLowerCase());
  const facets = header.some((h) => /^@\w/.test(h));
  const usual = lower[1] === "host" && lower[2] === "service";
  if (lower[0] !== "date" || !lower.includes("message") || !(usual || facets)) return null;
  const samples = rows
    .slice(0, 500)
    .map((r) => (r.fields[0] ?? "").trim())
    .filter((date) => date !== "");
  const good = samples.filter((date) => detectTimeLayout([date]) !== null);
  if (good.length === 0 || good.length < samples.length * 0.7) return null;
  const time = detectTimeLayout(good);
  return time === null ? null : { header, time, samples: good };
}

/** Reads the rows: each is a log, its facets go to the fields. */
export async function readLogCsv(
  source: Source,
  sample: Sample,
  csv: LogCsv,
  zone: string | undefined,
  dayFirst: boolean | undefined,
  writer: FixedTablesWriter,
): Promise<void> {
  const { sink } = writer;
  const instants = new Instants(zone, dayFirst);
  instants.learn(csv.samples);
  const width = csv.header.length;
  const keys = csv.header.map((h) => (CORE.has(h.toLowerCase()) ? h.toLowerCase() : facetOf(h)));
  let rows = 0;
  let isHeader = true;
  for await (const record of textRecords(source, sample)) {
    checkCancelled(sink.signal, source.name);
    if (isHeader) {
      isHeader = false;
      continue;
    }
    rows++;
    if (record.bad !== null || record.fields.length !== width) {
      const reason = record.bad ?? `has ${record.fields.length} fields, the header has ${width}`;
      sink.reject(record.line, record.offset, reason, record.text());
      continue;
    }
    const core: Record<string, unknown> = {};
    const custom: Record<string, unknown> = {};
    keys.forEach((key, i) => {
      const cell = record.fields[i] ?? "";
      if (cell === "") return;
      if (CORE.has(key)) core[key] = cell;
      else custom[key] = plainValue(cell);
    });
    writer.log(logOf({ ...core, attributes: custom }, {}, instants), record);
    sink.accepted(1);
    if (writer.full) await writer.deliver();
  }
  if (rows === MOST_ROWS)
    sink.note(
      "warning",
      "This export may be cut off: it holds exactly 100,000 rows, the most that Datadog writes to a CSV.",
    );
}

/** `@http.status_code` is the attribute `http.status_code`. */
function facetOf(header: string): string {
  return header.startsWith("@") && header.length > 1 ? header.slice(1) : header;
}
