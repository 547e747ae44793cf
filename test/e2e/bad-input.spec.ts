import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import {
  answerOpenDialog,
  cleanUp,
  idle,
  importFiles,
  launch,
  newCase,
  type Launched,
} from "../support/app.ts";
import { SAMPLE } from "../support/files.ts";

/** Files that go wrong, in one case beside a good one: each says what and where, and the rest stays usable. */
let launched: Launched;

test.beforeAll(async () => {
  launched = await launch();
  await newCase(launched, "bad-input");
  const good = join(launched.scratch, "good.csv");
  writeFileSync(
    good,
    "time,cpu\n2024-01-01T00:00:00Z,1\n2024-01-01T00:01:00Z,2\n2024-01-01T00:02:00Z,3\n",
  );
  await importFiles(launched, [good]);
});

test.afterAll(async () => {
  await launched.close();
  cleanUp(launched);
});

/** Adds one file and waits until it is refused; answers the message. */
async function refusal(path: string): Promise<string> {
  const { app, page } = launched;
  await answerOpenDialog(app, [path]);
  await page.getByRole("button", { name: "Add files…" }).click();
  const alert = page.locator(".iq-detail").getByRole("alert");
  await expect(alert).toBeVisible({ timeout: 60_000 });
  const text = await alert.innerText();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.locator(".iq-pending")).toHaveCount(0);
  return text;
}

/** Adds one file, imports it, and answers what its detail pane says. */
async function imported(path: string): Promise<string> {
  const { page } = launched;
  await importFiles(launched, [path]);
  const name = path.slice(path.lastIndexOf("/") + 1);
  await page
    .getByRole("table", { name: "Evidence" })
    .locator("tbody tr", { hasText: name })
    .click();
  return page.locator(".iq-detail").innerText();
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(launched.scratch, name);
  writeFileSync(path, content);
  return path;
}

test.afterEach(async () => {
  await expect(launched.page.locator('[data-evidence="E1"]')).toContainText("good.csv");
});

const parquet = () => {
  const folder = join(SAMPLE, "features");
  return readFileSync(join(folder, readdirSync(folder)[0] ?? ""));
};

test("an empty file", async () => {
  expect(await refusal(file("empty.csv", ""))).toMatch(/empty\.csv.*is empty/s);
});

test("a binary file", async () => {
  const png = Uint8Array.from([
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1,
  ]);
  expect(await refusal(file("picture.csv", png))).toMatch(/picture\.csv.*PNG/s);
});

test("a Parquet file cut in half", async () => {
  const whole = parquet();
  expect(await refusal(file("half.parquet", whole.subarray(0, whole.length / 2)))).toMatch(
    /half\.parquet/,
  );
});

test("a gzip bomb stops before it fills the memory", async () => {
  const path = join(launched.scratch, "bomb.csv.gz");
  const out = openSync(path, "w");
  // Members of 64 MB of nothing: 1.5 GB from 1.5 MB.
  const member = gzipSync(Buffer.alloc(64_000_000, `${"0".repeat(4000)},${"0".repeat(3998)}\n`), {
    level: 9,
  });
  for (let i = 0; i < 24; i++) writeSync(out, member);
  closeSync(out);
  const { app, page } = launched;
  await answerOpenDialog(app, [path]);
  await page.getByRole("button", { name: "Add files…" }).click();
  const alert = page.locator(".iq-detail").getByRole("alert");
  const button = page.getByRole("button", { name: "Import", exact: true });
  await expect(
    alert.or(page.locator(".iq-detail button:not([disabled])", { hasText: /^Import$/ })),
  ).toBeVisible({ timeout: 60_000 });
  if (await button.isEnabled()) await button.click();
  await expect(alert).toBeVisible({ timeout: 110_000 });
  expect(await alert.innerText()).toMatch(/bomb\.csv\.gz/);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
});

test("a file that vanishes between choice and reading", async () => {
  const path = file("gone.csv", "time,cpu\n2024-01-01T00:00:00Z,1\n");
  rmSync(path);
  expect(await refusal(path)).toMatch(/gone\.csv/);
});

test("a file that may not be read", async () => {
  test.skip(
    process.getuid?.() === 0,
    "root may read everything; the unit test runs as another user",
  );
  const path = file("secret.csv", "time,cpu\n2024-01-01T00:00:00Z,1\n");
  chmodSync(path, 0);
  expect(await refusal(path)).toMatch(/secret\.csv.*(permission|may not|not allowed)/is);
});

test("ragged rows are rejected with line and reason, the others arrive", async () => {
  const { page } = launched;
  const text = await imported(
    file(
      "ragged.csv",
      "time,a,b\n2024-01-01T00:00:00Z,1,2\n2024-01-01T00:01:00Z,1\n2024-01-01T00:02:00Z,1,2,3\n2024-01-01T00:03:00Z,5,6\n",
    ),
  );
  expect(text).toMatch(/2 records imported/);
  await page.getByRole("tab", { name: "Rejected (2)" }).click();
  const grid = page.getByRole("grid", { name: /Rejected/ });
  await expect(grid).toContainText("has 2 fields");
  await expect(grid).toContainText("has 4 fields");
});

test("a file cut off in the middle of its compressed data keeps what came before, and says so", async () => {
  const lines = ["time,cpu"];
  for (let i = 0; i < 20_000; i++)
    lines.push(
      `${new Date(Date.UTC(2024, 0, 1) + i * 1000).toISOString()},${(Math.sin(i) * 50).toFixed(6)}`,
    );
  const whole = gzipSync(lines.join("\n"));
  const text = await imported(
    file("cut.csv.gz", whole.subarray(0, Math.floor(whole.length * 0.6))),
  );
  expect(text).toMatch(/Warning/);
  expect(text).toMatch(/ends in the middle|cut/i);
});

test("mixed encodings lose no record and are said", async () => {
  const bytes = Buffer.concat([
    Buffer.from(
      "time,city,visits\n2024-01-01T00:00:00Z,K\u00f6ln,1\n2024-01-01T00:01:00Z,",
      "utf8",
    ),
    Buffer.from("K\u00f6ln", "latin1"),
    Buffer.from(",2\n2024-01-01T00:02:00Z,Bonn,3\n", "utf8"),
  ]);
  const text = await imported(file("mixed.csv", bytes));
  expect(text).toMatch(/3 records imported · 0 rejected/);
  expect(text).toMatch(/UTF-8|encoding/i);
});

test("duplicate column names are kept apart", async () => {
  const text = await imported(
    file("duplicate.csv", "user_id,score,score\nu1,0.5,0.6\nu2,0.25,0.75\nu1,0.1,0.9\n"),
  );
  expect(text).toMatch(/score_2/);
});

test("times in the future and times without a zone are said", async () => {
  const text = await imported(
    file(
      "future.csv",
      "time,cpu\n2091-01-01 00:00:00,1\n2091-01-01 00:01:00,2\n2091-01-01 00:02:00,3\n",
    ),
  );
  expect(text).toMatch(/future/i);
  expect(text).toMatch(/zone/i);
});

test("a line of 200 MB is rejected, the lines around it arrive", async () => {
  const path = join(launched.scratch, "longline.log");
  const out = openSync(path, "w");
  writeSync(out, "2024-01-01T00:00:00Z INFO before\n2024-01-01T00:00:01Z INFO ");
  const block = Buffer.alloc(10_000_000, "x");
  for (let i = 0; i < 20; i++) writeSync(out, block);
  writeSync(out, "\n2024-01-01T00:00:02Z INFO after\n");
  closeSync(out);
  const text = await imported(path);
  expect(text).toMatch(/2 records imported · 1 rejected/);
  await launched.page.getByRole("tab", { name: "Rejected (1)" }).click();
  await expect(launched.page.getByRole("grid", { name: /Rejected/ })).toContainText(
    /longer than 64 MiB/i,
  );
});

test("a wrong delimiter chosen by hand can be taken back", async () => {
  const { app, page } = launched;
  const path = file(
    "semicolon.csv",
    "time;cpu;mem\n2024-01-01T00:00:00Z;1;2\n2024-01-01T00:01:00Z;3;4\n",
  );
  await answerOpenDialog(app, [path]);
  await page.getByRole("button", { name: "Add files…" }).click();
  const delimiter = page.getByLabel("Delimiter");
  await expect(delimiter).toHaveValue(";");
  await delimiter.selectOption(",");
  await expect(page.getByRole("region", { name: "Columns and roles of the file" })).toContainText(
    "time;cpu;mem",
  );
  await page.getByLabel("Delimiter").selectOption(";");
  await page.getByRole("button", { name: /^Import 1 file$/ }).click();
  await idle(page);
  await expect(page.getByRole("table", { name: "Evidence" })).toContainText("semicolon.csv");
});
