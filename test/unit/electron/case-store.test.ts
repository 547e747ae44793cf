import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  isStale,
  lockCase,
  thisMachine,
  type LockHolder,
} from "../../../electron/case-store/case-lock.ts";
import { fileNameOf } from "../../../electron/case-store/case-folder.ts";
import { CaseStore } from "../../../electron/case-store/case-store.ts";
import { RecentCases } from "../../../electron/case-store/recent-cases.ts";
import { write } from "../case/journal-helpers.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();
const stores: CaseStore[] = [];

function storeOf(actor: string): CaseStore {
  const store = new CaseStore(actor);
  stores.push(store);
  return store;
}

afterEach(async () => {
  for (const store of stores.splice(0)) await store.closeAll();
});

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a case folder", () => {
  test("is made, written, closed and opened again", async () => {
    const store = storeOf("ana");
    const made = await store.create(folder(), "Checkout: CTR drop?");
    expect(made.path).toMatch(/Checkout- CTR drop-\.inquest$/);
    expect(made.journal).toMatchObject([
      { seq: 1, type: "case/created", data: { name: "Checkout: CTR drop?" } },
    ]);
    expect(readdirSync(made.path).sort()).toEqual([
      "attachments",
      "case.json",
      "case.lock",
      "exports",
      "journal.jsonl",
    ]);
    await store.append(made.path, [write("why")]);
    await store.close(made.path);
    expect(existsSync(join(made.path, "case.lock"))).toBe(false);
    const again = await storeOf("ben").open(made.path);
    expect(again.file).toEqual(made.file);
    expect(again.journal).toHaveLength(2);
    expect(again.readOnly).toBeNull();
  });

  test("is not made over one that is there, nor opened where there is none", async () => {
    const store = storeOf("ana");
    const place = folder();
    const made = await store.create(place, "a");
    await expect(store.create(place, "a")).rejects.toMatchObject({
      error: { kind: "invalid" },
    });
    await expect(store.open(place)).rejects.toMatchObject({
      error: { kind: "invalid" },
    });
    await expect(store.open(join(place, "b.inquest"))).rejects.toMatchObject({
      error: { kind: "not-found", path: join(place, "b.inquest") },
    });
    await store.close(made.path);
    writeFileSync(join(made.path, "case.json"), '{"inquest": 7}');
    await expect(store.open(made.path)).rejects.toMatchObject({
      error: { kind: "damaged" },
    });
  });

  test("opened twice by one process it stays writable, by a second store of the same process too late", async () => {
    const store = storeOf("ana");
    const { path } = await store.create(folder(), "a");
    expect((await store.open(path)).readOnly).toBeNull();
    const second = storeOf("ben");
    expect((await second.open(path)).readOnly?.holder).toContain(`process ${process.pid}`);
    await expect(second.append(path, [write("x")])).rejects.toMatchObject({
      error: { kind: "locked" },
    });
    await expect(second.saveDraft(path, "k", "x")).rejects.toMatchObject({
      error: { kind: "locked" },
    });
  });

  test("names are fit for every file system", () => {
    expect(fileNameOf("a/b\\c:d\u0000")).toBe("a-b-c-d-");
    expect(fileNameOf("..")).toBe("_");
    expect(fileNameOf("con")).toBe("_con");
    expect(fileNameOf("größe 📈")).toBe("größe 📈");
  });
});

describe("drafts", () => {
  test("survive, also many at once; deleted ones are gone", async () => {
    const store = storeOf("ana");
    const { path } = await store.create(folder(), "a");
    await Promise.all(["a", "b", "c"].map((key) => store.saveDraft(path, key, key.repeat(3))));
    await store.saveDraft(path, "b", null);
    await store.close(path);
    const later = storeOf("ana");
    await later.open(path);
    expect(await later.drafts(path)).toEqual({ a: "aaa", c: "ccc" });
    expect(readdirSync(path).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("exports", () => {
  test("never replace one with other content", async () => {
    const store = storeOf("ana");
    const { path } = await store.create(folder(), "a");
    const one = await store.writeExport(path, "r.html", utf8("one"));
    const two = await store.writeExport(path, "r.html", utf8("two"));
    const again = await store.writeExport(path, "r.html", utf8("two"));
    const outside = await store.writeExport(path, "../../r.html", utf8("three"));
    expect([one, two, again].map((made) => made.path.slice(path.length))).toEqual([
      "/exports/r.html",
      "/exports/r-2.html",
      "/exports/r-2.html",
    ]);
    expect(readFileSync(one.path, "utf8")).toBe("one");
    expect(outside.path.startsWith(join(path, "exports") + "/")).toBe(true);
  });
});

describe("the lock", () => {
  const machine = thisMachine();
  const holder = (over: Partial<LockHolder>): LockHolder => ({
    ...machine.self,
    ...over,
  });
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;

  test.each([
    ["a process that runs", holder({}), false],
    ["a process that is gone", holder({ pid: gone }), true],
    ["a process id that another process has now", holder({ processStart: "1" }), true],
    ["a process of unknown start", holder({ processStart: null }), false],
    ["another computer", holder({ host: "elsewhere", pid: gone }), false],
    ["before the machine was started", holder({ lockedAt: "2001-01-01T00:00:00Z" }), true],
  ])("%s", (_drawn, held, stale) => {
    expect(isStale(held, machine)).toBe(stale);
  });

  test("a stale lock is taken over, a live one is not", async () => {
    const place = folder();
    writeFileSync(join(place, "case.lock"), JSON.stringify(holder({ pid: gone })));
    const taken = await lockCase(place);
    expect(taken.held).toBe(true);
    expect(await lockCase(place)).toMatchObject({ held: false });
    if (taken.held) taken.release();
    expect(readdirSync(place)).toEqual([]);
  });

  test("of many that try at once, one gets it", async () => {
    const place = folder();
    writeFileSync(join(place, "case.lock"), JSON.stringify(holder({ pid: gone })));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => lockCase(place)));
    expect(outcomes.filter((outcome) => outcome.held)).toHaveLength(1);
    expect(readdirSync(place)).toEqual(["case.lock"]);
  });
});

describe("recent cases", () => {
  test("the latest first, each once, with whether it is there", async () => {
    const place = folder();
    const recent = new RecentCases(place);
    mkdirSync(join(place, "a.inquest"));
    await Promise.all([
      recent.remember(join(place, "a.inquest"), "a"),
      recent.remember(join(place, "b.inquest"), "b"),
      recent.remember(join(place, "a.inquest"), "a"),
    ]);
    const names = (await new RecentCases(place).list()).map(({ name, exists }) => [name, exists]);
    expect(names).toEqual([
      ["a", true],
      ["b", false],
    ]);
    await recent.forget(join(place, "b.inquest"));
    expect(await recent.list()).toHaveLength(1);
    rmSync(join(place, "recent-cases.json"));
    expect(await recent.list()).toEqual([]);
  });
});
