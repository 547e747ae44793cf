/**
 * A full disk shows as a write that stores fewer bytes than it was given.
 * DuckDB-wasm does not look at the count: rows would be lost in silence. From
 * here on such a write throws, which ends the statement with an error.
 */
const { prototype } = FileSystemSyncAccessHandle;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its handle below
const writeSome = prototype.write;

prototype.write = function (buffer, options): number {
  const written = writeSome.call(this, buffer, options);
  if (written !== buffer.byteLength) {
    throw new Error(
      `No space left: ${String(written)} of ${String(buffer.byteLength)} bytes were written`,
    );
  }
  return written;
};
