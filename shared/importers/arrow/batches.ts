import { DataType, makeVector, MetadataVersion, Vector, type Data } from "apache-arrow";
import { BufferRegion } from "apache-arrow/ipc/metadata/message";
import { VectorLoader } from "apache-arrow/visitor/vectorloader";
import type { Source } from "../importer.ts";
import { textData } from "../parquet/convert.ts";
import { isUtf8 } from "../text.ts";
import { readBatch, type RawBatch } from "./buffers.ts";
import { checkData } from "./check-data.ts";
import type { FlatTable } from "./flatbuffer.ts";
import { BadArrow, BATCH, DICTIONARY, SCHEMA } from "./frame.ts";
import { framesOf } from "./frames.ts";
import { plainBuffers } from "./plain-buffers.ts";
import { Kind, readSchema, type ArrowSchema, type Slot } from "./schema.ts";

/** What comes out of a file: its schema first, then the columns of each record batch. */
export type ArrowPart =
  | { readonly schema: ArrowSchema["schema"] }
  | { readonly columns: readonly Data[]; readonly rows: number };

const MOST_ROWS = 2 ** 31 - 1;

/** Reads an Arrow file or stream. Throws `BadArrow`. */
export async function* partsOf(source: Source): AsyncGenerator<ArrowPart> {
  try {
    yield* readParts(source);
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw new BadArrow(`a message is damaged (${thrown.message})`);
    throw thrown;
  }
}

async function* readParts(source: Source): AsyncGenerator<ArrowPart> {
  let reading: Reading | null = null;
  for await (const { kind, header, body, ...frame } of framesOf(source)) {
    if (kind === SCHEMA) {
      const schema = readSchema({ kind, header, body, ...frame });
      reading = new Reading(schema, frame.version);
      yield { schema: schema.schema };
    } else if (reading === null) throw new BadArrow("it does not begin with a schema");
    else if (kind === DICTIONARY) await reading.dictionary(header, body);
    else if (kind === BATCH) yield await reading.batch(header, body);
    else throw new BadArrow("it holds tensors, not a table", "unsupported");
  }
  if (reading === null) throw new BadArrow("it has no schema");
}

class Reading {
  readonly #dictionaries = new Map<number, Vector>();

  constructor(
    readonly schema: ArrowSchema,
    readonly version: number,
  ) {}

  async batch(header: FlatTable, body: Uint8Array): Promise<ArrowPart> {
    const { schema, slots } = this.schema;
    const raw = await readBatch(header, body);
    if (raw.rows < 0 || raw.rows > MOST_ROWS)
      throw new BadArrow("a record batch has an impossible number of rows");
    const types = schema.fields.map((field) => field.type as DataType);
    const columns = this.#load(raw, types, slots);
    for (const column of columns) {
      if (column.length !== raw.rows) throw new BadArrow("its columns are of different lengths");
    }
    return { columns, rows: raw.rows };
  }

  async dictionary(header: FlatTable, body: Uint8Array): Promise<void> {
    const id = header.int64(0);
    const inner = header.table(1);
    const slots = this.schema.dictionaries.get(id);
    const type = this.schema.schema.dictionaries.get(id);
    if (inner === null || slots === undefined || type === undefined)
      throw new BadArrow("a dictionary belongs to no column");
    const [data] = this.#load(await readBatch(inner, body), [type], slots);
    if (data === undefined) throw new BadArrow("a dictionary is empty");
    const added = new Vector([data]);
    const before = header.uint8(2) === 1 ? this.#dictionaries.get(id) : undefined;
    this.#dictionaries.set(id, (before === undefined ? added : before.concat(added)).memoize());
  }

  #load(raw: RawBatch, types: readonly DataType[], slots: readonly Slot[]): Data[] {
    const buffers = this.schema.plain ? raw.buffers : plainBuffers(raw, slots);
    const { nodes } = raw;
    if (nodes.length < slots.length || buffers.length < countBuffers(slots))
      throw new BadArrow("a record batch has too few columns");
    const loader = new BufferLoader(buffers, nodes, this.#dictionaries, this.version);
    let data: Data[];
    try {
      data = loader.visitMany([...types] as never[]) as Data[];
    } catch (thrown) {
      throw new BadArrow(thrown instanceof Error ? thrown.message : String(thrown));
    }
    for (const column of data) checkData(column);
    return data.map(withValidTexts);
  }
}

/** A text column whose bytes are UTF-8; what is not is replaced by U+FFFD. */
function withValidTexts(data: Data): Data {
  if (!DataType.isUtf8(data.type) && !DataType.isLargeUtf8(data.type)) return data;
  const bytes = data.values as Uint8Array;
  if (isUtf8(bytes, 0, bytes.length)) return data;
  const vector = makeVector(data);
  return textData(data.length, (i) => vector.get(i) as string | null);
}

/** Buffers of plain types: a view has become three. */
function countBuffers(slots: readonly Slot[]): number {
  return slots.reduce((all, { kind, buffers }) => all + (kind === Kind.View ? 3 : buffers), 0);
}

/** Takes buffers by their number instead of by their place in a body. */
class BufferLoader extends VectorLoader {
  constructor(
    readonly all: readonly Uint8Array[],
    nodes: RawBatch["nodes"],
    dictionaries: ReadonlyMap<number, Vector>,
    version: number,
  ) {
    super(
      new Uint8Array(0),
      nodes as never,
      all.map((_, number) => new BufferRegion(number, 0)),
      dictionaries as never,
      version < 4 ? MetadataVersion.V4 : MetadataVersion.V5,
    );
  }

  protected override readData(
    _type: unknown,
    { offset }: { readonly offset: number } = this.nextBufferRange(),
  ): Uint8Array {
    return this.all[offset] ?? new Uint8Array(0);
  }
}
