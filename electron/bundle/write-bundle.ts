import { createHash, randomBytes, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Writable } from "node:stream";
import { tagFilesOf, TAG_MANIFEST, type BagFile } from "../../shared/bundle/bagit.ts";
import { SIGNATURE_FILE } from "../../shared/bundle/signature.ts";
import type { Evidence } from "../../shared/model/evidence.ts";
import { syncDirectory } from "../case-store/atomic-write.ts";
import { openContent, type Content } from "../evidence/content.ts";
import { hashFile } from "../evidence/hashing.ts";
import { fault, onFile } from "../faults.ts";
import type { SigningKey } from "../signing/signing-key.ts";
import { Uint8ArrayReader, ZipWriter } from "./zip.ts";

/** What goes into a bundle. */
export interface BundleOrder {
  /** Folder of the case. */
  readonly casePath: string;
  /** Name of the bag's folder within the archive. */
  readonly name: string;
  /** Payload made by the window: paths below `data/`. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** `case.json` and the journal, byte by byte. */
  readonly journal: boolean;
  /** Originals to put in, with the hashes that they must have. */
  readonly evidence: readonly Pick<Evidence, "id" | "name" | "path" | "sha256">[];
  readonly info: readonly (readonly [string, string])[];
  /** AES-256 with this passphrase; null leaves the archive open. */
  readonly passphrase: string | null;
  /** Whoever signs, in their own words; null leaves the bundle unsigned. */
  readonly signer: string | null;
}

const CHUNK = 1024 * 1024;
const README = `This archive holds bundle.zip, encrypted with a passphrase (AES-256).
Check it with:  inquest verify FILE --passphrase-file PASSPHRASE.txt
Any program that reads AES-encrypted ZIP archives can open it too; inside is a bag (BagIt, RFC 8493).
`;

/** Where an original lies in the bag. */
export function evidencePath(
  { id, name }: Pick<Evidence, "id" | "name">,
  isFolder: boolean,
): string {
  const safe = name.replace(/[\\/:*?"<>|\u0000-\u001f]/g, "_");
  return `data/evidence/${id}/${safe}${isFolder ? ".tar" : ""}`;
}

/**
 * Writes a bundle as one ZIP archive of a bag to `target`, which must not be
 * there yet. Originals are hashed while they are packed: one that is not what
 * the journal says ends the work, and nothing is left behind.
 */
export async function writeBundle(
  order: BundleOrder,
  target: string,
  keys: SigningKey,
): Promise<{ path: string; sha256: string; fingerprint: string | null }> {
  const unique = randomBytes(6).toString("hex");
  const temporary = join(dirname(target), `.${basename(target)}.${unique}.tmp`);
  return onFile(target, async () => {
    await mkdir(dirname(target), { recursive: true });
    try {
      await writeArchive(order, temporary, keys);
      const { sha256 } = await hashFile(temporary);
      await rename(temporary, target);
      await syncDirectory(dirname(target));
      return { path: target, sha256, fingerprint: await keys.fingerprint() };
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw thrown;
    }
  });
}

async function writeArchive(order: BundleOrder, path: string, keys: SigningKey): Promise<void> {
  const file = Writable.toWeb(createWriteStream(path, { flags: "wx" })) as WritableStream;
  const { passphrase } = order;
  if (passphrase === null) {
    await writeBag(order, file, keys);
    return;
  }
  const outer = new ZipWriter(file, { zip64: true });
  await outer.add("README.txt", new Uint8ArrayReader(new TextEncoder().encode(README)));
  // The names of files are in the clear even in an encrypted archive: so the bag is an archive within one.
  const inner = new TransformStream<Uint8Array, Uint8Array>();
  const packed = outer.add("bundle.zip", inner.readable, {
    level: 0,
    password: passphrase,
    encryptionStrength: 3,
  });
  await Promise.all([packed, writeBag(order, inner.writable, keys)]);
  await outer.close();
}

async function writeBag(order: BundleOrder, to: WritableStream, keys: SigningKey): Promise<void> {
  const bag = new BagWriter(new ZipWriter(to, { zip64: true }), order.name);
  for (const { path, bytes } of order.files) await bag.addBytes(path, bytes);
  if (order.journal) {
    for (const name of ["case.json", "journal.jsonl"]) {
      await bag.addBytes(`data/case/${name}`, await readFile(join(order.casePath, name)));
    }
  }
  for (const evidence of order.evidence) await addOriginal(bag, evidence);
  await bag.close(order, keys);
}

async function addOriginal(bag: BagWriter, evidence: BundleOrder["evidence"][number]) {
  const content = await openContent(evidence.path);
  const sha256 = await bag.addContent(evidencePath(evidence, content.isFolder), content);
  if (sha256 !== evidence.sha256) {
    throw fault(
      "invalid",
      `${evidence.path} is not what was read: its SHA-256 was ${evidence.sha256} and is ${sha256}. Put the original back, or make the bundle without evidence.`,
      evidence.path,
    );
  }
}

/** Adds files to the archive and keeps what the manifests need. */
class BagWriter {
  readonly #payload: BagFile[] = [];

  constructor(
    private readonly zip: ZipWriter<unknown>,
    private readonly name: string,
  ) {}

  async addBytes(path: string, bytes: Uint8Array): Promise<void> {
    await this.#put(path, bytes);
    this.#payload.push({ path, sha256: sha256Of(bytes), bytes: bytes.length });
  }

  /** Answers the SHA-256 of what was packed. */
  async addContent(path: string, content: Content): Promise<string> {
    const hash = createHash("sha256");
    const { readable, length } = contentStream(content, hash);
    await this.zip.add(`${this.name}/${path}`, readable);
    const sha256 = hash.digest("hex");
    this.#payload.push({ path, sha256, bytes: length() });
    return sha256;
  }

  async close({ info, signer }: BundleOrder, keys: SigningKey): Promise<void> {
    const tags = tagFilesOf(this.#payload, info, (text) => sha256Of(Buffer.from(text)));
    for (const { path, text } of tags) await this.#put(path, Buffer.from(text));
    const manifest = tags.find((t) => t.path === TAG_MANIFEST);
    if (signer !== null && manifest !== undefined) {
      const signature = await keys.sign(sha256Of(Buffer.from(manifest.text)), signer, new Date());
      await this.#put(SIGNATURE_FILE, Buffer.from(`${JSON.stringify(signature, null, 2)}\n`));
    }
    await this.zip.close();
  }

  async #put(path: string, bytes: Uint8Array): Promise<void> {
    await this.zip.add(`${this.name}/${path}`, new Uint8ArrayReader(bytes));
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function contentStream(
  content: Content,
  hash: Hash,
): { readable: ReadableStream<Uint8Array>; length: () => number } {
  let at = 0;
  const readable = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const buffer = Buffer.allocUnsafe(CHUNK);
      const length = await content.read(buffer, at);
      if (length === 0) {
        controller.close();
        return;
      }
      at += length;
      const part = new Uint8Array(buffer.subarray(0, length));
      hash.update(part);
      controller.enqueue(part);
    },
  });
  return { readable, length: () => at };
}
