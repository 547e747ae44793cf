import { err, Fault, ok, type Result } from "../../base/result.ts";
import { BUNDLES } from "../bundles.ts";
import type { ImportError, Member, Source } from "../importer.ts";
import { archiveKind, openArchive, type Archive, type ArchiveEntry } from "./archive.ts";
import { bundleSource } from "./bundle-source.ts";
import { baseName, EMPTY, INNER, mayBeArchive } from "./member-names.ts";

/** What an archive holds. */
export interface Listing {
  /** Folders that are imported as one, then files, in the archive's order. */
  readonly members: readonly Member[];
  /** What is wrong with the archive; null where it is whole. */
  readonly trouble: string | null;
}

/** A member of an archive as something to import. */
export interface OpenedMember {
  readonly source: Source;
  /** The importer, where the kind of folder settles it. */
  readonly importer: string | null;
  /** What is left of the name behind a file that is no archive: a sheet, a table. */
  readonly part: string | null;
  /** What is wrong with the archive around it. */
  readonly trouble: string | null;
}

/** The bytes of a member that had to be decompressed to be reached. */
export interface Extracted {
  readonly content: Blob;
  /** What is wrong with the archive around it. */
  readonly trouble: string | null;
}

/** Office documents, Java archives and other packages are ZIP archives, too, and files of their own. */
const PACKAGES = new Set([
  "[Content_Types].xml",
  "META-INF/MANIFEST.MF",
  "AndroidManifest.xml",
  "mimetype",
]);

/** An archive as the functions below see it: its own files and the folders that are imported as one. */
interface Contents {
  readonly archive: Archive;
  readonly bundles: readonly { readonly folder: string; readonly importer: string }[];
  /** Archives inside it that were opened, by name. */
  readonly inner: Map<string, Promise<Contents | null>>;
}

/** What was found in a source: it is listed once, however often its members are asked for. */
const known = new WeakMap<Source, Promise<Contents | null>>();

/**
 * `zip` or `tar` (also compressed) if the file is an archive whose files are
 * evidence of their own; null for everything else, Office documents included.
 */
export async function containerOf(source: Source): Promise<"zip" | "tar" | null> {
  if (archiveKind(await source.head()) === null) return null;
  return (await contentsOf(source))?.archive.kind ?? null;
}

/**
 * The members of an archive; archives inside it are listed as
 * `inner.zip!/logs/a.log`, one level deep. Failures are thrown as
 * `Fault<ImportError>`.
 */
export async function listMembers(source: Source): Promise<Listing> {
  const contents = await contentsOf(source);
  if (contents === null) throw new Fault<ImportError>(noArchive(source.name));
  const members: Member[] = [];
  for (const member of membersOf(contents)) {
    const nested = member.skipped === null && mayBeArchive(member.name);
    if (nested) members.push(...(await innerMembers(contents, member)));
    else members.push(member);
  }
  const { trouble } = contents.archive;
  return {
    members: [...members.filter((m) => isFolder(m)), ...members.filter((m) => !isFolder(m))],
    trouble,
  };
}

/** The content of a member, or why it cannot be had. */
export async function openMember(
  source: Source,
  name: string,
): Promise<Result<OpenedMember, ImportError>> {
  const contents = await contentsOf(source);
  if (contents === null) return err(noArchive(source.name));
  return (await memberOf(contents, source.name, name, true)) ?? err(noMember(source.name, name));
}

/** A member of a compressed archive; null where it is reached without decompressing the archive. */
export async function extractMember(source: Source, name: string): Promise<Extracted | null> {
  const contents = await contentsOf(source);
  const entry = contents?.archive.entries.find((e) => e.name === name);
  const content = (await entry?.blob()) ?? null;
  return content === null ? null : { content, trouble: contents?.archive.trouble ?? null };
}

// --- Contents --------------------------------------------------------------

function contentsOf(source: Source): Promise<Contents | null> {
  let contents = known.get(source);
  if (contents === undefined) {
    contents = readContents(source);
    known.set(source, contents);
    contents.catch(() => known.delete(source));
  }
  return contents;
}

async function readContents(source: Source): Promise<Contents | null> {
  const kind = archiveKind(await source.head());
  if (kind === null) return null;
  const archive = await openArchive(source, kind);
  const isPackage = archive.kind === "zip" && archive.entries.some((e) => PACKAGES.has(e.name));
  return isPackage ? null : { archive, bundles: findBundles(archive), inner: new Map() };
}

/** Of folders inside each other, the outer one is taken. */
function findBundles(archive: Archive): Contents["bundles"] {
  const paths = archive.entries.filter(hasContent).map((e) => e.name);
  const found = BUNDLES.flatMap((bundle) =>
    bundle.recognise(paths).map((folder) => ({ folder, importer: bundle.importer })),
  );
  return found.filter(
    ({ folder }, i) =>
      !found.some(
        (o, j) => i !== j && folder.startsWith(o.folder) && (folder !== o.folder || j < i),
      ),
  );
}

function membersOf({ archive, bundles }: Contents): Member[] {
  const members = bundles.map(({ folder, importer }): Member => {
    const size = entriesBelow(archive, folder).reduce((sum, e) => sum + (e.size ?? 0), 0);
    return { name: bundleName(folder), size, rows: null, importer, skipped: null };
  });
  for (const { name, size, skipped } of archive.entries) {
    if (bundles.some((b) => name.startsWith(b.folder))) continue;
    members.push({ name, size, rows: null, importer: null, skipped });
  }
  return members;
}

/** A folder's name ends in `/`, also that of the whole archive. */
function bundleName(folder: string): string {
  return folder === "" ? "./" : folder;
}

function entriesBelow(archive: Archive, folder: string): ArchiveEntry[] {
  return archive.entries.filter((e) => e.name.startsWith(folder) && hasContent(e));
}

/** In a folder that is imported as one, an empty file says something. */
function hasContent({ skipped }: ArchiveEntry): boolean {
  return skipped === null || skipped === EMPTY;
}

function isFolder({ name, skipped }: Member): boolean {
  return skipped === null && name.endsWith("/");
}

// --- Archives inside an archive --------------------------------------------

async function innerMembers(contents: Contents, outer: Member): Promise<Member[]> {
  let inner: Contents | null;
  try {
    inner = await innerContents(contents, outer.name);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return [{ ...outer, skipped: `an archive that cannot be opened: ${thrown.message}` }];
  }
  if (inner === null) return [outer];
  return membersOf(inner).map((member) => ({
    ...member,
    name: outer.name + INNER + member.name,
    skipped: member.skipped ?? (mayBeArchive(member.name) ? TOO_DEEP : null),
  }));
}

const TOO_DEEP = "an archive in an archive in an archive: unpack it and add it by itself";

function innerContents(contents: Contents, name: string): Promise<Contents | null> {
  let inner = contents.inner.get(name);
  if (inner === undefined) {
    const entry = contents.archive.entries.find((e) => e.name === name);
    inner = entry === undefined ? Promise.resolve(null) : entry.open().then(contentsOf);
    contents.inner.set(name, inner);
  }
  return inner;
}

// --- Opening ---------------------------------------------------------------

/** Null where there is no such member. */
async function memberOf(
  contents: Contents,
  container: string,
  name: string,
  mayDescend: boolean,
): Promise<Result<OpenedMember, ImportError> | null> {
  const { archive, bundles } = contents;
  const { trouble } = archive;
  const opened = (source: Source, importer: string | null = null, part: string | null = null) =>
    ok({ source, importer, part, trouble });
  const bundle = bundles.find((b) => bundleName(b.folder) === name);
  if (bundle !== undefined) {
    const called = bundle.folder === "" ? stem(container) : baseName(bundle.folder);
    const entries = entriesBelow(archive, bundle.folder);
    return opened(bundleSource(called, bundle.folder, entries), bundle.importer);
  }
  const entry = archive.entries.find((e) => e.name === name);
  if (entry !== undefined) return opened(await entry.open());
  for (let at = name.indexOf(INNER); at !== -1; at = name.indexOf(INNER, at + 1)) {
    const outer = archive.entries.find((e) => e.name === name.slice(0, at));
    if (outer === undefined) continue;
    const rest = name.slice(at + INNER.length);
    const inner = mayDescend ? await innerContents(contents, outer.name) : null;
    if (inner === null) return opened(await outer.open(), null, rest);
    const found = await memberOf(inner, baseName(outer.name), rest, false);
    return found?.ok === true && trouble !== null
      ? ok({ ...found.value, trouble: found.value.trouble ?? trouble })
      : found;
  }
  return null;
}

/** `wandb-run.tar.gz` is called `wandb-run`. */
function stem(name: string): string {
  return name.replace(/\.(?:zip|tgz|tzst|tar(?:\.(?:gz|gzip|zst|zstd))?)$/i, "");
}

function noArchive(file: string): ImportError {
  return {
    kind: "unsupported",
    file,
    message: `“${file}” is no archive, so it has no members.`,
    advice: "Import the file itself, without naming a member.",
  };
}

function noMember(file: string, name: string): ImportError {
  return {
    kind: "vanished",
    file,
    message: `“${file}” holds no file called “${name}”.`,
    advice: "Check the name; upper and lower case differ.",
  };
}
