import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { IpcError } from "../../shared/contract/ipc.ts";
import { fault, ipcErrorOf } from "../faults.ts";
import { parseRange } from "./byte-range.ts";
import type { GrantedFile, Grants } from "./grants.ts";
import type { Digest } from "./hashing.ts";
import { openReadOnly } from "./open-read-only.ts";

const CHUNK = 4 * 1024 * 1024;

const HEADERS = {
  "Access-Control-Allow-Origin": "app://bundle",
  "Access-Control-Expose-Headers":
    "Content-Length, Content-Range, Accept-Ranges",
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
export async function serveEvidence(
  request: Request,
  grants: Grants,
): Promise<Response> {
  if (request.method === "OPTIONS")
    return new Response(null, { status: 204, headers: PREFLIGHT });
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

async function serveFile(
  request: Request,
  file: GrantedFile,
): Promise<Response> {
  const { handle, found } = await openReadOnly(file.realPath);
  const range = parseRange(request.headers.get("range"), found.size);
  const headers = {
    ...HEADERS,
    "Accept-Ranges": "bytes",
    "Content-Type": "application/octet-stream",
  };
  if (range.kind === "unsatisfiable") {
    await handle.close();
    const unsatisfied = {
      ...headers,
      "Content-Range": `bytes */${String(found.size)}`,
    };
    return new Response(null, { status: 416, headers: unsatisfied });
  }
  const [from, to] =
    range.kind === "part" ? [range.from, range.to] : [0, found.size];
  const described = {
    ...headers,
    "Content-Length": String(to - from),
    ...(range.kind === "part" && {
      "Content-Range": `bytes ${String(from)}-${String(to - 1)}/${String(found.size)}`,
    }),
  };
  const status = range.kind === "part" ? 206 : 200;
  if (request.method === "HEAD") {
    await handle.close();
    return new Response(null, { status, headers: described });
  }
  const reading = new Reading(handle, file.grant.path, from, to);
  if (range.kind === "whole") file.lastRead = reading.digest;
  return new Response(reading.stream(), { status, headers: described });
}

/** One read of a file from `from` to `to`, in chunks that are fetched as they are taken. */
class Reading {
  readonly digest: Promise<Digest>;
  readonly #hash: Hash = createHash("sha256");
  #at: number;
  #finish: (digest: Digest) => void = () => undefined;
  #fail: (reason: unknown) => void = () => undefined;

  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    private readonly from: number,
    private readonly to: number,
  ) {
    this.#at = from;
    this.digest = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    // Nobody may ever ask for the digest of a read that failed.
    this.digest.catch(() => undefined);
  }

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => this.#pull(controller),
        cancel: async () => {
          this.#fail(
            fault(
              "cancelled",
              `Reading ${this.path} was cancelled.`,
              this.path,
            ),
          );
          await this.handle.close();
        },
      },
      { highWaterMark: 1 },
    );
  }

  async #pull(
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    try {
      const chunk = await this.#next();
      if (chunk !== null) {
        controller.enqueue(chunk);
        if (this.#at < this.to) return;
      }
      await this.handle.close();
      this.#finish({
        sha256: this.#hash.digest("hex"),
        bytes: this.to - this.from,
      });
      controller.close();
    } catch (thrown) {
      await this.handle.close().catch(() => undefined);
      this.#fail(thrown);
      controller.error(thrown);
    }
  }

  async #next(): Promise<Uint8Array | null> {
    const wanted = Math.min(CHUNK, this.to - this.#at);
    if (wanted === 0) return null;
    const buffer = Buffer.allocUnsafeSlow(wanted);
    const { bytesRead } = await this.handle.read(buffer, 0, wanted, this.#at);
    if (bytesRead === 0) {
      throw fault(
        "io",
        `${this.path} became shorter while it was being read.`,
        this.path,
      );
    }
    const chunk = buffer.subarray(0, bytesRead);
    this.#hash.update(chunk);
    this.#at += bytesRead;
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
