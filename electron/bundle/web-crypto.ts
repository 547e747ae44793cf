import { webcrypto } from "node:crypto";

// Node 18, on which the tests run, has Web Crypto in a module only; zip.js looks for it when it is loaded.
if (!("crypto" in globalThis)) {
  Object.defineProperty(globalThis, "crypto", { value: webcrypto, configurable: true });
}
