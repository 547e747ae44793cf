import "./web-crypto.ts";
import { configure } from "@zip.js/zip.js";

// One file after the other, in this process: threads would not be faster than the disk.
configure({ useWebWorkers: false });

export { Reader, Uint8ArrayReader, ZipReader, ZipWriter } from "@zip.js/zip.js";
export type { FileEntry } from "@zip.js/zip.js";
