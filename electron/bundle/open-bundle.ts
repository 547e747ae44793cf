import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readFile, rm, stat, statfs, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { Writable } from "node:stream";
import {
  checkBag,
  type BagReader,
  type Check,
  type DigestName,
} from "../../shared/bundle/check-bag.ts";
import { TAG_MANIFEST } from "../../shared/bundle/bagit.ts";
import { BundleSignature, SIGNATURE_FILE } from "../../shared/bundle/signature.ts";
import type { JournalLine } from "../../shared/case/events.ts";
import type { OpenedCase } from "../../shared/contract/ipc.ts";
import { readJournal } from "../case-store/journal-file.ts";
import { filesBelow } from "../evidence/folder-files.ts";
import { fault, onFile } from "../faults.ts";
import { fingerprintOf, signatureHolds } from "../signing/signing-key.ts";
import { Reader, ZipReader, type FileEntry } from "./zip.ts";

/** A bundle that was unpacked and checked as far as this needs no database. */
export interface OpenedBundle {
  readonly checks: Check[];
  /** Null where the bundle holds no journal (a redacted one). */
  readonly journal: JournalLine[] | null;
  readonly journalTrouble: OpenedCase["journalTrouble"];
  /** `data/report/findings.json`, where it is there. */
  readonly findings: string | null;
  /** SHA-256 of each file below `data/report/`, by its name. */
  readonly reports: Record<string, string>;
  /** Where the original of an evidence lies now, by its id. */
  readonly originals: Record<string, string>;
}

export interface OpenBundleOptions {
  readonly passphrase: string | null;
  /** Fingerprint of the key that must have signed. */
  readonly signer: string | null;
  /** Folder for what is unpacked; whoever asks removes it. */
  readonly scratch: string;
}

const MOST_ENTRIES = 200_000;
/** What a disk shall still have when all is unpacked. */
const SPARE = 256 * 1024 * 1024;

/** Opens a bundle: an archive, or the folder of a bag. Null: the path is neither. */
export async function openBundle(
  path: string,
  options: OpenBundleOptions,
): Promise<OpenedBundle | null> {
  const root = await onFile(path, () => bagFolder(path, options));
  return root === null ? null : readBag(root, options.signer);
}

async function bagFolder(path: string, options: OpenBundleOptions): Promise<string | null> {
  if ((await stat(path)).isDirectory())
    return (await isFile(join(path, "bagit.txt"))) ? path : null;
  const head = await withFile(path, async (handle) => {
    const buffer = Buffer.alloc(4);
    await handle.read(buffer, 0, 4, 0);
    return buffer.toString("latin1");
  });
  if (head !== "PK\u0003\u0004") return null;
  await mkdir(options.scratch, { recursive: true });
  return unpackBundle(path, options);
}

async function unpackBundle(path: string, options: OpenBundleOptions): Promise<string> {
  const { scratch, passphrase } = options;
  const inner = join(scratch, "bundle.zip");
  const wasEncrypted = await withZip(path, async (entries) => {
    const encrypted = entries.find((e) => e.encrypted);
    if (encrypted === undefined) return false;
    if (passphrase === null) {
      throw fault(
        "invalid",
        `${path} is encrypted. Give its passphrase: --passphrase-file FILE, or INQUEST_PASSPHRASE in the environment.`,
        path,
      );
    }
    await enoughRoom(scratch, [encrypted]);
    try {
      await unpack(encrypted, inner, passphrase);
    } catch (thrown) {
      await rm(inner, { force: true });
      if (isWrongPassphrase(thrown)) {
        throw fault("invalid", `The passphrase does not open ${path}.`, path);
      }
      throw thrown;
    }
    return true;
  });
  const bag = join(scratch, "bag");
  await withZip(wasEncrypted ? inner : path, async (entries) => {
    await enoughRoom(scratch, entries);
    for (const entry of entries) {
      const to = resolve(bag, entry.filename);
      if (!to.startsWith(bag + sep)) {
        throw fault(
          "damaged",
          `${path} holds ${entry.filename}, which leads out of the bag.`,
          path,
        );
      }
      await mkdir(dirname(to), { recursive: true });
      await unpack(entry, to, undefined);
    }
  });
  await rm(inner, { force: true });
  const { files } = await filesBelow(bag);
  const declaration = files.find((f) => /^[^/]+\/bagit\.txt$/.test(f.name));
  if (declaration === undefined) {
    throw fault("invalid", `${path} holds no bag: there is no bagit.txt in its folder.`, path);
  }
  return join(bag, dirname(declaration.name));
}

function isWrongPassphrase(thrown: unknown): boolean {
  return thrown instanceof Error && /invalid pass|invalid signature/i.test(thrown.message);
}

async function withZip<T>(path: string, work: (entries: FileEntry[]) => Promise<T>): Promise<T> {
  return withFile(path, async (handle) => {
    const { size } = await handle.stat();
    const reader = new ZipReader(new HandleReader(handle, size));
    try {
      const entries = await reader.getEntries().catch((thrown: unknown) => {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        throw fault("damaged", `${path} is no whole ZIP archive: ${why}.`, path);
      });
      if (entries.length > MOST_ENTRIES) {
        throw fault(
          "damaged",
          `${path} holds ${entries.length} files: too many for a bundle.`,
          path,
        );
      }
      return await work(entries.filter((e): e is FileEntry => !e.directory));
    } finally {
      await reader.close();
    }
  });
}

/** Reads an archive in pieces: it may be larger than the memory. */
class HandleReader extends Reader<FileHandle> {
  override size: number;

  constructor(
    private readonly handle: FileHandle,
    size: number,
  ) {
    super(handle);
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, this.size - index)));
    const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, index);
    return new Uint8Array(buffer.subarray(0, bytesRead));
  }
}

async function unpack(entry: FileEntry, to: string, password: string | undefined): Promise<void> {
  const file = Writable.toWeb(createWriteStream(to, { flags: "wx" })) as WritableStream;
  await entry.getData(file, {
    checkSignature: true,
    ...(password === undefined ? {} : { password }),
  });
}

/** An archive says how large it becomes; what the disk cannot hold is not begun. */
async function enoughRoom(folder: string, entries: readonly FileEntry[]): Promise<void> {
  const needed = entries.reduce((sum, e) => sum + e.uncompressedSize, 0);
  const { bavail, bsize } = await statfs(folder);
  if (needed + SPARE <= bavail * bsize) return;
  throw fault(
    "disk-full",
    `Unpacking needs ${needed} bytes in ${folder}, and ${bavail * bsize} are free.`,
    folder,
  );
}

async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, "r");
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

// --- The bag ---------------------------------------------------------------

async function readBag(root: string, signer: string | null): Promise<OpenedBundle> {
  const { files } = await filesBelow(root);
  const reader = new FolderBag(
    root,
    files.map((f) => f.name),
  );
  const checks = await checkBag(reader);
  checks.push(await signatureCheck(reader, signer));
  const hasJournal = reader.paths.includes("data/case/journal.jsonl");
  const content = hasJournal
    ? readJournal(await readFile(join(root, "data/case/journal.jsonl")), {
        hash: (text) => createHash("sha256").update(text).digest("hex"),
        readOnly: true,
      })
    : null;
  const reports: Record<string, string> = {};
  const originals: Record<string, string> = {};
  for (const path of reader.paths) {
    if (path.startsWith("data/report/")) {
      reports[basename(path)] = (await reader.digest(path, "sha256")).hex;
    }
    const id = /^data\/evidence\/([^/]+)\/[^/]+$/.exec(path)?.[1];
    if (id !== undefined) originals[id] = join(root, path);
  }
  const findings = "data/report/findings.json";
  return {
    checks,
    journal: content?.lines ?? null,
    journalTrouble: content?.trouble ?? [],
    findings: reader.paths.includes(findings) ? await reader.text(findings) : null,
    reports,
    originals,
  };
}

async function signatureCheck(bag: BagReader, wanted: string | null): Promise<Check> {
  const what = "signature";
  if (!bag.paths.includes(SIGNATURE_FILE)) {
    return wanted === null
      ? { what, holds: null, why: "the bundle is not signed" }
      : { what, holds: false, why: `the bundle is not signed, ${wanted} was expected` };
  }
  const parsed = BundleSignature.safeParse(parseJson(await bag.text(SIGNATURE_FILE)));
  if (!parsed.success) return { what, holds: false, why: `${SIGNATURE_FILE} cannot be read` };
  const signature = parsed.data;
  const fingerprint = fingerprintOf(Buffer.from(signature.publicKey, "base64"));
  const who = `${signature.signer}, ${signature.signedAt}, key ${fingerprint}`;
  const manifest = bag.paths.includes(TAG_MANIFEST)
    ? (await bag.digest(TAG_MANIFEST, "sha256")).hex
    : "";
  if (manifest !== signature.sha256) {
    return { what, holds: false, why: `the manifest is not the one that was signed by ${who}` };
  }
  if (!signatureHolds(signature)) return { what, holds: false, why: `it is not valid: ${who}` };
  if (wanted !== null && wanted.replace(/[\s:]/g, "").toLowerCase() !== fingerprint) {
    return { what, holds: false, why: `signed with another key than ${wanted}: ${who}` };
  }
  return {
    what,
    holds: true,
    why: wanted === null ? `${who}; whose key that is, only its fingerprint can tell` : who,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

class FolderBag implements BagReader {
  readonly #digests = new Map<string, { hex: string; bytes: number }>();

  constructor(
    private readonly root: string,
    readonly paths: readonly string[],
  ) {}

  text(path: string): Promise<string> {
    return readFile(join(this.root, path), "utf8");
  }

  async digest(path: string, algorithm: DigestName): Promise<{ hex: string; bytes: number }> {
    const key = `${algorithm}/${path}`;
    const known = this.#digests.get(key);
    if (known !== undefined) return known;
    const hash = createHash(algorithm);
    let bytes = 0;
    await withFile(join(this.root, path), async (handle) => {
      const buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, bytes);
        if (bytesRead === 0) return;
        hash.update(buffer.subarray(0, bytesRead));
        bytes += bytesRead;
      }
    });
    const digest = { hex: hash.digest("hex"), bytes };
    this.#digests.set(key, digest);
    return digest;
  }
}
