import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pathBelow, PrintPages, serveApp } from "../../../electron/app-protocol.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();

function bundle(): string {
  const root = join(folder(), "renderer");
  mkdirSync(root);
  writeFileSync(join(root, "index.html"), "<h1>x</h1>");
  writeFileSync(join(root, "db.wasm"), "x");
  writeFileSync(join(root, "..", "secret.txt"), "x");
  return root;
}

describe("app://bundle", () => {
  test("files with type, policy and isolation", async () => {
    const root = bundle();
    const page = await serveApp(new Request("app://bundle/"), root, new PrintPages());
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    const wasm = await serveApp(new Request("app://bundle/db.wasm?v=1"), root, new PrintPages());
    expect(wasm.headers.get("content-type")).toBe("application/wasm");
  });

  test.each([
    ["app://bundle/none.js", 404],
    ["app://bundle/..%2fsecret.txt", 403],
    ["app://bundle/%2e%2e/secret.txt", 404],
    ["app://bundle/..%5csecret.txt", 403],
    ["app://bundle/%00", 403],
    ["app://bundle/%", 403],
    ["app://other/index.html", 404],
  ])("%s: %i", async (url, status) => {
    expect((await serveApp(new Request(url), bundle(), new PrintPages())).status).toBe(status);
  });

  test("is read-only", async () => {
    const request = new Request("app://bundle/index.html", {
      method: "PUT",
      body: "x",
    });
    expect((await serveApp(request, bundle(), new PrintPages())).status).toBe(405);
  });

  test("a neighbour with the same beginning is outside", () => {
    expect(pathBelow("/a/renderer", "/../renderer-old/x")).toBeNull();
    expect(pathBelow("/a/renderer", "/x")).toBe("/a/renderer/x");
    expect(pathBelow("/a/renderer", "/")).toBeNull();
  });

  test("a page to be printed is there until it is removed, and runs nothing", async () => {
    const pages = new PrintPages();
    const page = pages.add("<p>report</p>");
    const served = await serveApp(new Request(page.url), bundle(), pages);
    expect(await served.text()).toBe("<p>report</p>");
    expect(served.headers.get("content-security-policy")).not.toContain("script-src");
    page.remove();
    expect((await serveApp(new Request(page.url), bundle(), pages)).status).toBe(404);
  });
});
