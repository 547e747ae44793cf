import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { parseRange } from "../../../electron/evidence/byte-range.ts";
import { serveEvidence } from "../../../electron/evidence/evidence-protocol.ts";
import { Grants } from "../../../electron/evidence/grants.ts";
import { hashFile } from "../../../electron/evidence/hashing.ts";
import { checkOriginal, type RecordedOriginal } from "../../../electron/evidence/originals.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();
const asRoot = process.getuid?.() === 0;

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function evidenceFile(size = 1000): { path: string; bytes: Buffer } {
  const path = join(folder(), "a.log");
  const bytes = randomBytes(size);
  writeFileSync(path, bytes);
  return { path, bytes };
}

describe("grants", () => {
  test("a regular file gets one, also through a link", async () => {
    const { path } = evidenceFile();
    const link = `${path}.link`;
    symlinkSync(path, link);
    const grants = new Grants();
    expect(await grants.grant(path)).toMatchObject({
      ok: true,
      grant: { path, name: "a.log", size: 1000 },
    });
    const linked = await grants.grant(link);
    expect(linked).toMatchObject({ ok: true, grant: { path: link } });
    if (linked.ok) expect(grants.get(linked.grant.id).realPath).toBe(path);
    if (linked.ok) expect(linked.grant.id).toMatch(/^[0-9a-f]{32}$/);
  });

  test("what is no file is refused with the reason", async () => {
    const place = folder();
    const grants = new Grants();
    expect(await grants.grant(place)).toMatchObject({
      ok: false,
      path: place,
      error: { kind: "invalid", path: place },
    });
    expect(await grants.grant(join(place, "none"))).toMatchObject({
      ok: false,
      error: { kind: "not-found" },
    });
    expect(await grants.grant("/dev/null")).toMatchObject({
      ok: false,
      error: { kind: "invalid" },
    });
    expect(await grants.grant("a.log")).toMatchObject({
      ok: false,
      error: { kind: "invalid" },
    });
  });

  test.skipIf(asRoot)("a file without read permission is refused", async () => {
    const { path } = evidenceFile();
    chmodSync(path, 0);
    expect(await new Grants().grant(path)).toMatchObject({
      ok: false,
      error: { kind: "permission", path },
    });
  });

  // Root may read everything: the check is made by a process of another user.
  test.runIf(asRoot)("a file without read permission is refused (as another user)", () => {
    const { path } = evidenceFile();
    chmodSync(join(path, ".."), 0o755);
    chmodSync(path, 0o600);
    const source = new URL("../../../electron/evidence/grants.ts", import.meta.url).pathname;
    const { outputFiles } = buildSync({
      entryPoints: [source],
      ...{ bundle: true, platform: "node", format: "cjs", write: false },
    });
    const script = `${outputFiles[0]?.text ?? ""};
      process.setgid(65534); process.setuid(65534);
      new module.exports.Grants().grant(${JSON.stringify(path)}).then((g) => console.log(JSON.stringify(g)));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-"], {
      input: script,
      encoding: "utf8",
    });
    expect(stdout + stderr).toContain('"kind":"permission"');
  });
});

describe("Range", () => {
  test.each([
    [null, "whole"],
    ["bytes=0-9", "0 to 10"],
    ["bytes=5-", "5 to 100"],
    ["bytes=-5", "95 to 100"],
    ["bytes=-500", "0 to 100"],
    ["bytes=90-500", "90 to 100"],
    ["bytes=99-99", "99 to 100"],
    ["bytes=100-", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=9-5", "whole"],
    ["bytes=-", "whole"],
    ["bytes=0-1,5-6", "whole"],
    ["lines=0-1", "whole"],
  ])("%s of 100 bytes: %s", (header, expected) => {
    const range = parseRange(header, 100);
    expect(range.kind === "part" ? `${range.from} to ${range.to}` : range.kind).toBe(expected);
  });

  test("an empty file has no ranges", () => {
    expect(parseRange("bytes=0-0", 0).kind).toBe("unsatisfiable");
    expect(parseRange("bytes=-1", 0).kind).toBe("unsatisfiable");
  });
});

describe("evidence://", () => {
  async function served(size: number): Promise<{
    path: string;
    bytes: Buffer;
    grants: Grants;
    id: string;
    get: (init?: RequestInit) => Promise<Response>;
  }> {
    const { path, bytes } = evidenceFile(size);
    const grants = new Grants();
    const outcome = await grants.grant(path);
    if (!outcome.ok) throw new Error("no grant");
    const { id } = outcome.grant;
    const get = (init?: RequestInit): Promise<Response> =>
      serveEvidence(new Request(`evidence://${id}/`, init), grants);
    return { path, bytes, grants, id, get };
  }

  test("whole: the bytes, and their digest", async () => {
    const { bytes, grants, id, get } = await served(9_000_000);
    expect(grants.get(id).lastRead).toBeNull();
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("9000000");
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await grants.get(id).lastRead?.digest()).toEqual({
      sha256: sha256(bytes),
      bytes: 9_000_000,
    });
  });

  test("an empty file", async () => {
    const { grants, id, get } = await served(0);
    expect((await (await get()).arrayBuffer()).byteLength).toBe(0);
    expect(await grants.get(id).lastRead?.digest()).toEqual({
      sha256: sha256(new Uint8Array()),
      bytes: 0,
    });
  });

  test("a range, HEAD, and what cannot be", async () => {
    const { bytes, grants, id, get } = await served(1000);
    const part = await get({ headers: { Range: "bytes=10-19" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe("bytes 10-19/1000");
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
    const head = await get({ method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "1000"]);
    expect((await head.arrayBuffer()).byteLength).toBe(0);
    const beyond = await get({ headers: { Range: "bytes=1000-" } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */1000"]);
    expect((await get({ method: "PUT", body: "x" })).status).toBe(405);
    expect(grants.get(id).lastRead).toBeNull();
    const strange = await serveEvidence(new Request("evidence://0123456789abcdef/"), grants);
    expect(strange.status).toBe(403);
  });

  test("a file that vanished, and one that becomes shorter on the way", async () => {
    const { path, grants, id, get } = await served(9_000_000);
    const response = await get();
    truncateSync(path, 10);
    await expect(response.arrayBuffer()).rejects.toThrow("became shorter");
    await expect(grants.get(id).lastRead?.digest()).rejects.toMatchObject({
      error: { kind: "io", path },
    });
    rmSync(path);
    const gone = await get();
    expect([gone.status, await gone.json()]).toMatchObject([404, { kind: "not-found", path }]);
  });

  test("a read that is cancelled has no digest", async () => {
    const { grants, id, get } = await served(20_000_000);
    const reader = (await get()).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const stalled = await served(20_000_000);
    await (await stalled.get()).body?.getReader().read();
    await expect(stalled.grants.get(stalled.id).lastRead?.digest(100)).rejects.toMatchObject({
      error: { kind: "cancelled" },
    });
    await expect(grants.get(id).lastRead?.digest()).rejects.toMatchObject({
      error: { kind: "cancelled" },
    });
  });
});

test("hashing reports how far it is", async () => {
  const { path, bytes } = evidenceFile(9_000_000);
  const steps: number[] = [];
  expect(await hashFile(path, (done) => steps.push(done))).toEqual({
    sha256: sha256(bytes),
    bytes: 9_000_000,
  });
  expect(steps.at(-1)).toBe(9_000_000);
});

describe("originals", () => {
  function recorded(): RecordedOriginal {
    const { path, bytes } = evidenceFile();
    const { size, mtimeMs } = statSync(path);
    return { id: "E1", path, size, mtimeMs, sha256: sha256(bytes) };
  }

  test("untouched, touched, changed in place, grown", async () => {
    const original = recorded();
    expect(await checkOriginal(original)).toMatchObject({
      status: "unchanged",
    });
    utimesSync(original.path, 1, 1);
    expect(await checkOriginal(original)).toMatchObject({
      status: "unchanged",
    });
    writeFileSync(original.path, randomBytes(1000));
    expect(await checkOriginal(original)).toMatchObject({ status: "changed" });
    appendFileSync(original.path, "x");
    expect(await checkOriginal(original)).toMatchObject({ status: "changed" });
  });

  test("renamed beside itself, gone, and its place taken by a folder", async () => {
    const original = recorded();
    const other = join(original.path, "..", "b.log");
    writeFileSync(join(original.path, "..", "aa.log"), randomBytes(1000));
    renameSync(original.path, other);
    expect(await checkOriginal(original)).toMatchObject({
      status: "moved",
      foundAt: other,
    });
    rmSync(other);
    expect(await checkOriginal(original)).toMatchObject({ status: "missing" });
    mkdirSync(original.path);
    expect(await checkOriginal(original)).toMatchObject({
      status: "unreadable",
    });
  });
});
