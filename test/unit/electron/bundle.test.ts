import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBundle } from "../../../electron/bundle/open-bundle.ts";
import { writeBundle, type BundleOrder } from "../../../electron/bundle/write-bundle.ts";
import { SigningKey } from "../../../electron/signing/signing-key.ts";

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const EVIDENCE = "time,cpu\n2024-01-01T00:00:00Z,1\n".repeat(5000);

let folder: string;
let keys: SigningKey;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inquest-bundle-test-"));
  keys = new SigningKey(join(folder, "profile"));
  await mkdir(join(folder, "a.inquest"));
  await writeFile(join(folder, "a.inquest/case.json"), `{"inquest":1}\n`);
  await writeFile(join(folder, "a.inquest/journal.jsonl"), "");
  await writeFile(join(folder, "cpu.csv"), EVIDENCE);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const order = (change: Partial<BundleOrder> = {}): BundleOrder => ({
  casePath: join(folder, "a.inquest"),
  name: "a",
  files: [{ path: "data/report/report %1.html", bytes: new TextEncoder().encode("<p>1</p>") }],
  journal: true,
  evidence: [
    { id: "E1", name: "cpu.csv", path: join(folder, "cpu.csv"), sha256: sha256(EVIDENCE) },
  ],
  info: [["External-Description", "two\nlines"]],
  passphrase: null,
  signer: null,
  ...change,
});

let count = 0;
async function roundTrip(change: Partial<BundleOrder>, passphrase: string | null, signer?: string) {
  const path = join(folder, `b${++count}.zip`);
  const written = await writeBundle(order(change), path, keys);
  const scratch = join(folder, `scratch${count}`);
  const opened = await openBundle(path, { passphrase, signer: signer ?? null, scratch });
  return { path, written, opened };
}

describe("bundles", () => {
  test("what was packed comes out, and each check holds", async () => {
    const { opened, path, written } = await roundTrip({}, null);
    expect(opened?.checks.map((c) => [c.what, c.holds])).toEqual([
      ["bagit.txt", true],
      ["manifest-sha256.txt", true],
      ["tagmanifest-sha256.txt", true],
      ["Payload-Oxum", true],
      ["signature", null],
    ]);
    expect(await readFile(opened?.originals["E1"] ?? "", "utf8")).toBe(EVIDENCE);
    expect(opened?.reports["report %1.html"]).toBe(sha256("<p>1</p>"));
    expect(written.sha256).toBe(sha256(await readFile(path)));
  });

  test("with a passphrase neither content nor names of files are in the clear", async () => {
    const { opened, path } = await roundTrip({ passphrase: "four words" }, "four words");
    expect(opened?.checks.every((c) => c.holds !== false)).toBe(true);
    const bytes = await readFile(path, "latin1");
    expect(bytes).not.toContain("cpu.csv");
    expect(bytes).not.toContain("report");
    const scratch = join(folder, "locked");
    await expect(openBundle(path, { passphrase: null, signer: null, scratch })).rejects.toThrow(
      /is encrypted/,
    );
    await expect(openBundle(path, { passphrase: "other", signer: null, scratch })).rejects.toThrow(
      /does not open/,
    );
  });

  test("signed with a key that only its owner can read; another key is told", async () => {
    const { opened, written } = await roundTrip({ signer: "A. Auditor" }, null);
    const signature = opened?.checks.find((c) => c.what === "signature");
    expect(signature?.holds).toBe(true);
    expect(signature?.why).toContain("A. Auditor");
    expect(signature?.why).toContain(written.fingerprint);
    const mode = (await stat(join(folder, "profile/signing/ed25519.pem"))).mode & 0o777;
    expect(mode).toBe(0o600);
    const other = await roundTrip({ signer: "A. Auditor" }, null, "00".repeat(32));
    expect(other.opened?.checks.find((c) => c.what === "signature")?.holds).toBe(false);
  });

  test("a changed file, an added one, a missing one, a forged signature: each is named", async () => {
    const { opened } = await roundTrip({ signer: "A. Auditor" }, null);
    const root = join(opened?.originals["E1"] ?? "", "../../../..");
    const again = async (signer: string | null = null) =>
      (await openBundle(root, { passphrase: null, signer, scratch: folder }))?.checks;
    expect((await again())?.every((c) => c.holds === true)).toBe(true);

    await writeFile(join(root, "data/evidence/E1/cpu.csv"), EVIDENCE.replace("1\n", "2\n"));
    expect((await again())?.[1]?.why).toBe("data/evidence/E1/cpu.csv was changed");
    await writeFile(join(root, "data/evidence/E1/cpu.csv"), EVIDENCE);
    await writeFile(join(root, "data/more.txt"), "more");
    expect((await again())?.[1]?.why).toBe("data/more.txt is not listed");
    await rm(join(root, "data/more.txt"));
    await rm(join(root, "data/report/report %1.html"));
    expect((await again())?.[1]?.why).toBe("data/report/report %1.html is missing");
    await writeFile(join(root, "data/report/report %1.html"), "<p>1</p>");

    const path = join(root, "signature.json");
    const signature = await readFile(path, "utf8");
    await writeFile(path, signature.replace("A. Auditor", "B. Auditor"));
    expect((await again())?.at(-1)).toMatchObject({ what: "signature", holds: false });
    await writeFile(path, signature);
    // A manifest that was made to fit a changed file is not the one that was signed.
    const manifest = join(root, "tagmanifest-sha256.txt");
    await writeFile(manifest, `${await readFile(manifest, "utf8")}\n`);
    expect((await again())?.at(-1)?.why).toContain("not the one that was signed");
  });

  test("an original that changed since it was read ends the work and leaves nothing", async () => {
    const path = join(folder, "changed.zip");
    const evidence = [{ ...order().evidence[0]!, sha256: "00".repeat(32) }];
    await expect(writeBundle(order({ evidence }), path, keys)).rejects.toThrow(
      /is not what was read/,
    );
    await expect(stat(path)).rejects.toThrow();
  });

  test("half an archive, a path that leads out, and what is no bundle", async () => {
    const { path } = await roundTrip({}, null);
    const half = join(folder, "half.zip");
    const bytes = await readFile(path);
    await writeFile(half, bytes.subarray(0, bytes.length / 2));
    const options = { passphrase: null, signer: null, scratch: join(folder, "half") };
    await expect(openBundle(half, options)).rejects.toThrow(/no whole ZIP archive/);
    await expect(
      writeBundle(
        order({ files: [{ path: "data/../../out.txt", bytes }] }),
        join(folder, "out.zip"),
        keys,
      ).then(({ path: out }) => openBundle(out, { ...options, scratch: join(folder, "out") })),
    ).rejects.toThrow();
    expect(await openBundle(join(folder, "cpu.csv"), options)).toBeNull();
    expect(await openBundle(join(folder, "a.inquest"), options)).toBeNull();
  });
});
