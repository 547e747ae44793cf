import { attempt, Fault, unwrap, type Result } from "../../../shared/base/result.ts";
import type { IngestFile, IngestOrder, MemberList } from "../../../shared/contract/worker.ts";
import { openBlobMember } from "../../../shared/importers/containers/archive.ts";
import {
  containerOf,
  extractMember,
  listMembers,
  openMember,
  type Extracted,
} from "../../../shared/importers/containers/container.ts";
import type { ImportError, Member, Source } from "../../../shared/importers/importer.ts";
import { chooseImporter, findImporter } from "../../../shared/importers/index.ts";
import type { ImportNote, ImportOptions } from "../../../shared/model/evidence.ts";
import { openEvidence } from "./evidence-source.ts";

/** What an order comes to once its member is opened. */
export interface Resolved {
  readonly source: Source;
  readonly importer: string;
  readonly options: ImportOptions;
  /** What the archive around it makes worth knowing. */
  readonly notes: readonly ImportNote[];
}

/** Archives whose list of files is kept. */
const MOST_KEPT = 4;

/** The archives that were opened last. They outlive the request that opened them. */
const kept = new Map<string, Promise<Source>>();
const never = new AbortController().signal;

/** The parts that are imported each on its own; null for a file that is imported as one. */
export function membersOf(file: IngestFile): Promise<Result<MemberList | null, ImportError>> {
  return attempt(async () => {
    const source = await keptSource(file);
    if ((await containerOf(source)) !== null) {
      const { members, trouble } = await listMembers(source);
      return { members: await withParts(source, members), trouble };
    }
    const members = await partsOf(source);
    return members === null ? null : { members, trouble: null };
  });
}

/** A member of a compressed archive, so that another worker need not decompress it again. */
export function extract(
  file: IngestFile,
  member: string,
): Promise<Result<Extracted | null, ImportError>> {
  return attempt(async () => extractMember(await keptSource(file), member));
}

/** The file or member that an order means. */
export async function resolveOrder(
  order: IngestOrder,
  extracted: Extracted | null,
  signal: AbortSignal,
): Promise<Resolved> {
  const { importer, options } = order;
  const { member, ...rest } = options;
  if (member === undefined) {
    const source = unwrap(await openEvidence(order, signal));
    if (importer === "auto" && (await containerOf(source)) !== null) throw isArchive(order.name);
    return { source, importer, options, notes: [] };
  }
  if (extracted !== null) {
    const source = await openBlobMember(member, extracted.content);
    return { source, importer, options: rest, notes: notesOf(extracted.trouble) };
  }
  const container = await keptSource(order);
  const isContainer = (await containerOf(container)) !== null;
  if (!isContainer) {
    const source = unwrap(await openEvidence(order, signal));
    const found = unwrap(findImporter(importer, await source.head(), source.name));
    if (found.members === undefined) throw hasNoMembers(order.name, member);
    return { source, importer, options, notes: [] };
  }
  const opened = unwrap(await openMember(container, member));
  return {
    source: opened.source,
    importer: importer === "auto" ? (opened.importer ?? importer) : importer,
    options: opened.part === null ? rest : { ...rest, member: opened.part },
    notes: notesOf(opened.trouble),
  };
}

function notesOf(trouble: string | null): ImportNote[] {
  if (trouble === null) return [];
  const message = `This export may be cut off: the archive around it is not whole (${trouble}).`;
  return [{ kind: "warning", message }];
}

function keptSource(file: IngestFile): Promise<Source> {
  const key = `${file.url} ${file.sha256 ?? ""}`;
  const source = kept.get(key) ?? openEvidence(file, never).then(unwrap);
  // The least used one is the first.
  kept.delete(key);
  kept.set(key, source);
  source.catch(() => kept.delete(key));
  for (const old of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(old);
  return source;
}

// --- Sheets and tables -----------------------------------------------------

/** Parts of a workbook or database; null where there is one at most. */
async function partsOf(source: Source): Promise<readonly Member[] | null> {
  const chosen = chooseImporter(await source.head(), source.name);
  if (!chosen.ok || chosen.value.members === undefined) return null;
  const parts = await chosen.value.members(source);
  if (!parts.ok || parts.value.length < 2) return null;
  const importer = chosen.value.id;
  return parts.value.map((part) => ({ ...part, importer: part.importer ?? importer }));
}

/** Files with parts of their own, by their names: each would have to be opened to know. */
const MAY_HAVE_PARTS = /\.(?:xlsx|xlsm|ods|sqlite3?|db|duckdb)$/i;

/** The sheets of a workbook in an archive stand in its list, too. */
async function withParts(source: Source, members: readonly Member[]): Promise<Member[]> {
  const all: Member[] = [];
  for (const member of members) {
    const parts =
      member.skipped === null && MAY_HAVE_PARTS.test(member.name)
        ? await partsOfMember(source, member)
        : null;
    all.push(...(parts ?? [member]));
  }
  return all;
}

async function partsOfMember(source: Source, member: Member): Promise<Member[] | null> {
  try {
    const opened = await openMember(source, member.name);
    const parts = opened.ok ? await partsOf(opened.value.source) : null;
    return parts?.map((part) => ({ ...part, name: `${member.name}!/${part.name}` })) ?? null;
  } catch (thrown) {
    // What is wrong with it is told when it is previewed.
    if (thrown instanceof Fault) return null;
    throw thrown;
  }
}

function isArchive(name: string): Fault<ImportError> {
  return new Fault<ImportError>({
    kind: "unsupported",
    file: name,
    message: `“${name}” is an archive: its files are imported one by one.`,
    advice: "Name the file in it that is meant.",
  });
}

function hasNoMembers(name: string, member: string): Fault<ImportError> {
  return new Fault<ImportError>({
    kind: "unsupported",
    file: name,
    message: `“${name}” is imported as one; it holds no “${member}”.`,
    advice: "Import the file itself, without naming a member.",
  });
}
