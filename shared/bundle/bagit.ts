/**
 * The tag files of a bag: "The BagIt File Packaging Format (V1.0)", RFC 8493.
 * Paths are relative to the bag's folder, with `/`.
 */

/** A file of a bag. */
export interface BagFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A tag file with its text. */
export interface TagFile {
  readonly path: string;
  readonly text: string;
}

export const TAG_MANIFEST = "tagmanifest-sha256.txt";

const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/**
 * `bagit.txt`, `bag-info.txt`, `manifest-sha256.txt` and the manifest of these
 * three, in this order. `payload` are the files below `data/`; `hash` is the
 * SHA-256 of a text in UTF-8, hex.
 */
export function tagFilesOf(
  payload: readonly BagFile[],
  info: readonly (readonly [label: string, value: string])[],
  hash: (text: string) => string,
): TagFile[] {
  const bytes = payload.reduce((sum, f) => sum + f.bytes, 0);
  const labels = [...info, ["Payload-Oxum", `${bytes}.${payload.length}`]] as const;
  const tags = [
    { path: "bagit.txt", text: DECLARATION },
    { path: "bag-info.txt", text: labels.map(([k, v]) => `${k}: ${oneLine(v)}\n`).join("") },
    { path: "manifest-sha256.txt", text: manifestText(payload) },
  ];
  const listed = tags.map((t) => ({ path: t.path, sha256: hash(t.text) }));
  return [...tags, { path: TAG_MANIFEST, text: manifestText(listed) }];
}

function manifestText(files: readonly Pick<BagFile, "path" | "sha256">[]): string {
  return [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((f) => `${f.sha256}  ${escapePath(f.path)}\n`)
    .join("");
}

/** A label's value on one line; longer texts belong into the payload. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Line ends and the percent sign are the only characters that a manifest writes otherwise (2.1.3). */
function escapePath(path: string): string {
  return path.replaceAll("%", "%25").replaceAll("\n", "%0A").replaceAll("\r", "%0D");
}

export function unescapePath(path: string): string {
  return path.replace(/%0A/gi, "\n").replace(/%0D/gi, "\r").replaceAll("%25", "%");
}
