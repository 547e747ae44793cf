import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, resolve, sep } from "node:path";
import { errnoOf } from "./faults.ts";

export const APP_ORIGIN = "app://bundle";

/** What both schemes must be registered with before the application is ready. */
export const SCHEME_PRIVILEGES = [
  {
    scheme: "app",
    privileges: {
      standard: true,
      secure: true,
      supportFetchAPI: true,
      stream: true,
      corsEnabled: true,
      codeCache: true,
    },
  },
  {
    scheme: "evidence",
    privileges: {
      standard: true,
      secure: true,
      supportFetchAPI: true,
      stream: true,
      corsEnabled: true,
    },
  },
];

const APP_CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' evidence: blob:",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A page to be printed holds everything it needs and runs nothing. */
const PRINT_CSP = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "font-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};

const COMMON = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/** Pages that are being printed, by the token in their address; each is there only while it is needed. */
export class PrintPages {
  readonly #pages = new Map<string, string>();

  /** Keeps a page; answers its address and how to drop it. */
  add(html: string): { url: string; remove: () => void } {
    const token = randomBytes(16).toString("hex");
    this.#pages.set(token, html);
    return {
      url: `${APP_ORIGIN}/print/${token}`,
      remove: () => this.#pages.delete(token),
    };
  }

  find(token: string): string | undefined {
    return this.#pages.get(token);
  }
}

/** Answers `app://bundle/…`: the files below `root`, read-only, and the pages being printed. */
export async function serveApp(
  request: Request,
  root: string,
  pages: PrintPages,
): Promise<Response> {
  const url = new URL(request.url);
  if (url.host !== "bundle") return plain(404, "not found");
  if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "read-only");
  const print = /^\/print\/([0-9a-f]+)$/.exec(url.pathname)?.[1];
  if (print !== undefined) return servePage(pages.find(print));
  const path = pathBelow(root, url.pathname === "/" ? "/index.html" : url.pathname);
  if (path === null) return plain(403, "outside of the application");
  return serveFile(path);
}

/** The file that a URL path names, or null if it is not below `root`. */
export function pathBelow(root: string, pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (decoded.includes("\0") || decoded.includes("\\")) return null;
  const path = resolve(root, `.${decoded}`);
  return path.startsWith(resolve(root) + sep) ? path : null;
}

async function serveFile(path: string): Promise<Response> {
  try {
    const bytes = await readFile(path);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    return new Response(bytes, {
      headers: {
        ...COMMON,
        "Content-Type": type,
        "Content-Security-Policy": APP_CSP,
      },
    });
  } catch (thrown) {
    if (errnoOf(thrown) === null) throw thrown;
    return plain(404, "not found");
  }
}

function servePage(html: string | undefined): Response {
  if (html === undefined) return plain(404, "not found");
  return new Response(html, {
    headers: {
      ...COMMON,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": PRINT_CSP,
      "Cache-Control": "no-store",
    },
  });
}

function plain(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { ...COMMON, "Content-Type": "text/plain" },
  });
}
