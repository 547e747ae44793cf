import type { FlatTable } from "./flatbuffer.ts";

/** Kinds of messages (https://github.com/apache/arrow/blob/main/format/Message.fbs). */
export const SCHEMA = 1;
export const DICTIONARY = 2;
export const BATCH = 3;

/** One message of an IPC stream: its description and its body. */
export interface Frame {
  readonly kind: number;
  /** The FlatBuffers message. */
  readonly bytes: Uint8Array;
  readonly header: FlatTable;
  readonly body: Uint8Array;
  /** Version of the format: 4 is the current one (`V5`), 3 that before (`V4`). */
  readonly version: number;
  /** The bytes are those of a file's footer, which has the schema in it. */
  readonly footer: boolean;
}

/** The file could not be read as Arrow; what came before is good. */
export class BadArrow extends Error {
  constructor(
    message: string,
    readonly kind: "damaged" | "truncated" | "unsupported" = "damaged",
  ) {
    super(message);
  }
}

export const FILE_MAGIC = "ARROW1";
