import { createHash, type Hash } from "node:crypto";
import type { IpcError } from "../../shared/contract/ipc.ts";
import { fault, ipcErrorOf } from "../faults.ts";
import { parseRange } from "./byte-range.ts";
import type { GrantedFile, Grants, LastRead } from "./grants.ts";
import type { Digest } from "./hashing.ts";
import { openContent, type Content } from "./content.ts";

const CHUNK = 4 * 1024 * 1024;
/** Who asks for the digest has read to the end; a read that stands still by then was given up. */
const PATIENCE_MS = 5_000;

const HEADERS = {
  "Access-Control-Allow-Origin": "app://bundle",
  "Access-Control-Expose-Headers": "Content-Length, Content-Range, Accept-Ranges",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/** Preflight: `Range` is not a header that a page may send across origins without asking. */
const PREFLIGHT = {
  ...HEADERS,
  "Access-Control-Allow-Methods": "GET, HEAD",
  "Access-Control-Allow-Headers": "Range",
};

/**
 * Answers `evidence://ID/`: the bytes of a granted file, whole or a range. A
 * whole read is hashed on its way; the digest is kept for
 * `evidence.readDigest`.
 */
export async function serveEvidence(request: Request, grants: Grants): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: PREFLIGHT });
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(405, {
      kind: "invalid",
      message: "Evidence can only be read.",
    });
  }
  const file = grants.find(new URL(request.url).hostname);
  if (file === undefined) {
    return refuse(403, {
      kind: "invalid",
      message: "There is no leave to read this file.",
    });
  }
  try {
    return await serveFile(request, file);
  } catch (thrown) {
    const error = ipcErrorOf(thrown, file.grant.path);
    if (error === null) throw thrown;
    return refuse(error.kind === "not-found" ? 404 : 403, error);
  }
}

async function serveFile(request: Request, file: GrantedFile): Promise<Response> {
  const found = file.folder ?? (await openContent(file.realPath));
  const range = parseRange(request.headers.get("range"), found.size);
  const headers = {
    ...HEADERS,
    "Accept-Ranges": "bytes",
    "Content-Type": "application/octet-stream",
  };
  if (range.kind === "unsatisfiable") {
    const unsatisfied = {
      ...headers,
      "Content-Range": `bytes */${String(found.size)}`,
    };
    return new Response(null, { status: 416, headers: unsatisfied });
  }
  const [from, to] = range.kind === "part" ? [range.from, range.to] : [0, found.size];
  const described = {
    ...headers,
    "Content-Length": String(to - from),
    ...(range.kind === "part" && {
      "Content-Range": `bytes ${String(from)}-${String(to - 1)}/${String(found.size)}`,
    }),
  };
  const status = range.kind === "part" ? 206 : 200;
  if (request.method === "HEAD") {
    return new Response(null, { status, headers: described });
  }
  const reading = new Reading(found, from, to);
  if (range.kind === "whole") file.lastRead = reading;
  return new Response(reading.stream(), { status, headers: described });
}

/**
 * One read of a file from `from` to `to`, in chunks that are fetched as they
 * are taken. The file is open only while a chunk is read: Electron does not
 * always say that the window has given up (seen in 25), and the file would stay
 * open for good.
 */
class Reading implements LastRead {
  readonly #digest: Promise<Digest>;
  readonly #hash: Hash = createHash("sha256");
  #at: number;
  #lastStep = Date.now();
  #finish: (digest: Digest) => void = () => undefined;
  #fail: (reason: unknown) => void = () => undefined;

  constructor(
    private readonly content: Content,
    private readonly from: number,
    private readonly to: number,
  ) {
    this.#at = from;
    this.#digest = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    // Nobody may ever ask for the digest of a read that failed.
    this.#digest.catch(() => undefined);
  }

  async digest(patienceMs = PATIENCE_MS): Promise<Digest> {
    const watch = setInterval(
      () => {
        if (Date.now() - this.#lastStep > patienceMs) this.#cancel();
      },
      Math.min(patienceMs, 500),
    );
    try {
      return await this.#digest;
    } finally {
      clearInterval(watch);
    }
  }

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => this.#pull(controller),
        cancel: () => {
          this.#cancel();
        },
      },
      { highWaterMark: 1 },
    );
  }

  #cancel(): void {
    const { path } = this.content;
    this.#fail(fault("cancelled", `Reading ${path} was cancelled.`, path));
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      if (this.#at < this.to) controller.enqueue(await this.#next());
      if (this.#at < this.to) return;
      const sha256 = this.#hash.digest("hex");
      this.#finish({ sha256, bytes: this.to - this.from });
      controller.close();
    } catch (thrown) {
      this.#fail(thrown);
      controller.error(thrown);
    }
  }

  async #next(): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, this.to - this.#at));
    const bytesRead = await this.content.read(buffer, this.#at);
    if (bytesRead === 0) {
      const { path } = this.content;
      throw fault("io", `${path} became shorter while it was being read.`, path);
    }
    const chunk = buffer.subarray(0, bytesRead);
    this.#hash.update(chunk);
    this.#at += bytesRead;
    this.#lastStep = Date.now();
    return chunk;
  }
}

function refuse(status: number, error: IpcError): Response {
  const headers = {
    ...HEADERS,
    "Content-Type": "application/json; charset=utf-8",
  };
  return new Response(JSON.stringify(error), { status, headers });
}
