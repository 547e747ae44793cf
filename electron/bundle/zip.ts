import { webcrypto } from "node:crypto";
import { configure } from "@zip.js/zip.js";

// Node 18, on which the tests run, has it in a module only; the encryption of zip.js looks here.
if (!("crypto" in globalThis)) {
  Object.defineProperty(globalThis, "crypto", { value: webcrypto, configurable: true });
}

// One file after the other, in this process: threads would not be faster than the disk.
configure({ useWebWorkers: false });

export { Reader, Uint8ArrayReader, ZipReader, ZipWriter } from "@zip.js/zip.js";
export type { FileEntry } from "@zip.js/zip.js";
