import { unescapePath } from "./bagit.ts";

/** How a bag is read. */
export interface BagReader {
  /** Every file of the bag, relative to its folder. */
  readonly paths: readonly string[];
  text(path: string): Promise<string>;
  digest(path: string, algorithm: DigestName): Promise<{ hex: string; bytes: number }>;
}

export type DigestName = "sha256" | "sha512" | "sha1" | "md5";

/** Something that was checked; `holds` is null where it could not be. */
export interface Check {
  readonly what: string;
  readonly holds: boolean | null;
  readonly why: string;
}

const ALGORITHMS: readonly DigestName[] = ["sha256", "sha512", "sha1", "md5"];
const MOST_NAMED = 5;

interface ManifestLine {
  readonly digest: string;
  readonly path: string;
}

/**
 * Whether a bag is complete and valid in the sense of RFC 8493, section 3: the
 * declaration, every payload file in every payload manifest, every listed file
 * there with its digest, tag files too, and `Payload-Oxum` where it is given.
 */
export async function checkBag(bag: BagReader): Promise<Check[]> {
  return [
    await declaration(bag),
    ...(await manifests(bag, "manifest")),
    ...(await manifests(bag, "tagmanifest")),
    ...(await oxum(bag)),
  ];
}

async function declaration(bag: BagReader): Promise<Check> {
  const what = "bagit.txt";
  if (!bag.paths.includes(what)) {
    return { what, holds: false, why: "there is no bagit.txt: this is not a bag" };
  }
  const text = await bag.text(what);
  const match = /^BagIt-Version: (\d+\.\d+)\r?\nTag-File-Character-Encoding: (\S+)\s*$/.exec(text);
  if (match === null)
    return { what, holds: false, why: "it does not declare version and encoding" };
  const [, version = "", encoding = ""] = match;
  if (encoding.toUpperCase() !== "UTF-8") {
    return { what, holds: false, why: `its tag files are ${encoding}; only UTF-8 is read` };
  }
  return { what, holds: true, why: `BagIt ${version}` };
}

async function manifests(bag: BagReader, kind: "manifest" | "tagmanifest"): Promise<Check[]> {
  const name = new RegExp(`^${kind}-([a-z0-9]+)\\.txt$`);
  const found = bag.paths.flatMap((path) => {
    const algorithm = name.exec(path)?.[1];
    return algorithm === undefined ? [] : [{ path, algorithm }];
  });
  if (found.length === 0 && kind === "manifest") {
    return [{ what: "manifest", holds: false, why: "the bag has no payload manifest" }];
  }
  const fetched = await toBeFetched(bag);
  const checks: Check[] = [];
  for (const { path, algorithm } of found) {
    const known = ALGORITHMS.find((a) => a === algorithm);
    checks.push(
      known === undefined
        ? { what: path, holds: null, why: `the digest ${algorithm} is not known here` }
        : await manifest(bag, path, known, kind === "manifest", fetched),
    );
  }
  return checks;
}

async function manifest(
  bag: BagReader,
  path: string,
  algorithm: DigestName,
  isPayload: boolean,
  fetched: ReadonlySet<string>,
): Promise<Check> {
  const read = readManifest(await bag.text(path), path);
  if (typeof read === "string") return { what: path, holds: false, why: read };
  const there = new Set(bag.paths);
  const listed = new Set(read.map((l) => l.path));
  const faults: string[] = [];
  const missing: string[] = [];
  for (const line of read) {
    if (isUnsafe(line.path)) faults.push(`${line.path} leads out of the bag`);
    else if (isPayload && !line.path.startsWith("data/")) {
      faults.push(`${line.path} is not below data/`);
    } else if (!there.has(line.path)) {
      (fetched.has(line.path) ? missing : faults).push(`${line.path} is missing`);
    } else if ((await bag.digest(line.path, algorithm)).hex !== line.digest) {
      faults.push(`${line.path} was changed`);
    }
  }
  if (isPayload) {
    for (const file of bag.paths) {
      if (file.startsWith("data/") && !listed.has(file)) faults.push(`${file} is not listed`);
    }
  }
  if (faults.length > 0) return { what: path, holds: false, why: named(faults) };
  if (missing.length > 0) {
    return { what: path, holds: null, why: `to be fetched first (fetch.txt): ${named(missing)}` };
  }
  return { what: path, holds: true, why: `${read.length} files as they were listed` };
}

/** The lines, or what is wrong with one of them. */
function readManifest(text: string, path: string): ManifestLine[] | string {
  const lines: ManifestLine[] = [];
  const seen = new Set<string>();
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line === "") continue;
    const match = /^([0-9a-fA-F]+)[ \t]+\*?(.+)$/.exec(line);
    if (match === null) return `line ${index + 1} of ${path} is no digest and path`;
    const [, digest = "", escaped = ""] = match;
    const file = unescapePath(escaped).replace(/^\.\//, "");
    if (seen.has(file)) return `line ${index + 1} of ${path} lists ${file} again`;
    seen.add(file);
    lines.push({ digest: digest.toLowerCase(), path: file });
  }
  return lines;
}

/** Files that `fetch.txt` says are elsewhere: `URL LENGTH PATH`. */
async function toBeFetched(bag: BagReader): Promise<ReadonlySet<string>> {
  if (!bag.paths.includes("fetch.txt")) return new Set();
  const text = await bag.text("fetch.txt");
  return new Set(
    text.split(/\r\n|\n|\r/).flatMap((line) => {
      const path = /^\S+[ \t]+(?:\d+|-)[ \t]+(.+)$/.exec(line)?.[1];
      return path === undefined ? [] : [unescapePath(path)];
    }),
  );
}

async function oxum(bag: BagReader): Promise<Check[]> {
  if (!bag.paths.includes("bag-info.txt")) return [];
  const text = await bag.text("bag-info.txt");
  const match = /^Payload-Oxum:\s*(\d+)\.(\d+)\s*$/im.exec(text);
  if (match === null) return [];
  const payload = bag.paths.filter((p) => p.startsWith("data/"));
  let bytes = 0;
  for (const path of payload) bytes += (await bag.digest(path, "sha256")).bytes;
  const [, wantedBytes, wantedFiles] = match;
  const same = String(bytes) === wantedBytes && String(payload.length) === wantedFiles;
  return [
    {
      what: "Payload-Oxum",
      holds: same,
      why: same
        ? `${bytes} bytes in ${payload.length} files`
        : `${wantedBytes}.${wantedFiles} was written, ${bytes}.${payload.length} is there`,
    },
  ];
}

function isUnsafe(path: string): boolean {
  return (
    /^(?:[/\\~]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).some((p) => p === ".." || p === ".")
  );
}

function named(faults: readonly string[]): string {
  const more = faults.length - MOST_NAMED;
  return `${faults.slice(0, MOST_NAMED).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
