import type { Data, Schema } from "apache-arrow";
import { attempt, Fault } from "../base/result.ts";
import type { ImportOptions } from "../model/evidence.ts";
import { partsOf } from "./arrow/batches.ts";
import { BadArrow } from "./arrow/frame.ts";
import { isFile, isStream } from "./arrow/frames.ts";
import type { ImportError, Importer, ImportPlan, Source } from "./importer.ts";
import { planColumnar, type ColumnarTable } from "./parquet/columnar-plan.ts";
import { createColumnarWriter } from "./parquet/columnar-writer.ts";
import { checkCancelled } from "./text-log/cancelled.ts";

const SAMPLE_ROWS = 1000;
const FEATHER_1 = "FEA1";

/**
 * Arrow IPC files (also called Feather version 2) and streams
 * (https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc),
 * buffers compressed with LZ4 or Zstandard too.
 */
export const arrowImporter: Importer = {
  id: "arrow",
  name: "Arrow and Feather",
  description:
    "Arrow IPC files and streams, Feather version 2: as Parquet, LZ4 and Zstandard buffers too",
  extensions: ["arrow", "arrows", "feather", "ipc"],

  detect(head) {
    if (isFile(head) || isFeather1(head)) return 1;
    return isStream(head) ? 0.98 : 0;
  },

  plan(source, options) {
    return attempt<ImportPlan, ImportError>(async () => (await planArrow(source, options)).plan);
  },

  async read(source, plan, sink) {
    const table = await planArrow(source, plan.options);
    const writer = createColumnarWriter({ ...table, plan }, sink);
    let rows = 0;
    try {
      for await (const part of partsOf(source)) {
        if ("schema" in part) continue;
        checkCancelled(sink.signal, source.name);
        await writer.batch(part.columns, rows);
        rows += part.rows;
      }
    } catch (thrown) {
      if (!(thrown instanceof BadArrow)) throw thrown;
      if (rows === 0) throw new Fault(unreadable(source.name, thrown));
      sink.note(
        "warning",
        thrown.kind === "truncated"
          ? `This export may be cut off: ${thrown.message} behind row ${rows}. The rows before were kept; how many follow is not known.`
          : `The file is damaged after row ${rows} (${thrown.message}). The rows before were kept; how many follow is not known.`,
      );
    }
    await writer.finish();
  },
};

async function planArrow(source: Source, options: ImportOptions): Promise<ColumnarTable> {
  const head = await source.head(64);
  if (head.length === 0) throw new Fault(empty(source.name));
  if (isFeather1(head)) throw new Fault(feather1(source.name));
  const { schema, sample, complete } = await sampleOf(source);
  return planColumnar("arrow", schema, sample, complete, source.name, options);
}

interface Sample {
  readonly schema: Schema;
  readonly sample: readonly Data[] | null;
  readonly complete: boolean;
}

/** The schema and the rows of the first batch that has some. */
async function sampleOf(source: Source): Promise<Sample> {
  let schema: Schema | null = null;
  let sample: readonly Data[] | null = null;
  let complete = true;
  try {
    for await (const part of partsOf(source)) {
      if ("schema" in part) schema = part.schema;
      else if (part.rows === 0) continue;
      else if (sample === null) {
        sample = part.columns.map((data) => data.slice(0, Math.min(part.rows, SAMPLE_ROWS)));
        complete = part.rows <= SAMPLE_ROWS;
        if (!complete) break;
      } else {
        complete = false;
        break;
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof BadArrow)) throw thrown;
    if (schema === null || sample === null) throw new Fault(unreadable(source.name, thrown));
    complete = false;
  }
  if (schema === null) throw new Error("a file without a schema is bad Arrow");
  return { schema, sample, complete };
}

function isFeather1(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 4)) === FEATHER_1;
}

function empty(file: string): ImportError {
  return {
    kind: "empty",
    file,
    message: `“${file}” is empty.`,
    advice: "Check the export that made it; there is nothing to import.",
  };
}

function feather1(file: string): ImportError {
  return {
    kind: "unsupported",
    file,
    message: `“${file}” is a Feather file of version 1, which was replaced in 2020 and is not read here.`,
    advice:
      "Write it again in version 2: in Python, pyarrow.feather.write_feather(pyarrow.feather.read_table(FILE), NEW).",
  };
}

function unreadable(file: string, { message, kind }: BadArrow): ImportError {
  const advice = {
    truncated:
      "Copy the file again from where it came from, and compare the sizes; the job that wrote it may not have finished.",
    damaged: "Copy the file again from where it came from, or write it again as Parquet.",
    unsupported: "Write the table again as Parquet, or without what is not read here.",
  };
  return { kind, file, message: `“${file}” cannot be read: ${message}.`, advice: advice[kind] };
}
