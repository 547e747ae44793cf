import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, expect, type ElectronApplication, type Page } from "@playwright/test";

interface Runtime {
  readonly executable: string;
  readonly args: readonly string[];
}

/** The Electron that `electron/dev/setup.mjs` found or fetched. */
export function runtime(): Runtime {
  return JSON.parse(readFileSync("dist/electron.json", "utf8")) as Runtime;
}

export interface Launched {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** A folder for cases and files of this test. */
  readonly scratch: string;
  /** Ends the application; the folders stay until `cleanUp`. */
  close(): Promise<void>;
  /** SIGKILL to the whole process tree: what a power cut looks like to the files. */
  kill(): Promise<void>;
}

export interface LaunchOptions {
  readonly userData?: string;
  readonly scratch?: string;
  readonly args?: readonly string[];
}

/** Starts the real application with a user-data folder of its own and waits for its first view. */
export async function launch(options: LaunchOptions = {}): Promise<Launched> {
  const { executable, args } = runtime();
  const userData = options.userData ?? mkdtempSync(join(tmpdir(), "inquest-profile-"));
  const scratch = options.scratch ?? mkdtempSync(join(tmpdir(), "inquest-scratch-"));
  const root = process.getuid?.() === 0;
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(process.env)) if (value !== undefined) env[key] = value;
  const app = await _electron.launch({
    executablePath: executable,
    chromiumSandbox: !root,
    timeout: 30_000,
    args: [
      ...args,
      `--user-data-dir=${userData}`,
      "--disable-gpu",
      "--log-level=3",
      ...(options.args ?? []),
    ],
    env: {
      ...env,
      APP_E2E: "1",
      INQUEST_CASES: scratch,
      ELECTRON_DISABLE_SECURITY_WARNINGS: "1",
    },
  });
  const page = await app.firstWindow();
  await page.locator(".iq-shell").waitFor();
  return {
    app,
    page,
    userData,
    scratch,
    close: () => app.close(),
    kill: async () => {
      const child = app.process();
      const gone = new Promise<void>((resolve) =>
        child.once("exit", () => {
          resolve();
        }),
      );
      process.kill(child.pid ?? 0, "SIGKILL");
      await gone;
    },
  };
}

export function cleanUp(...launched: readonly Launched[]): void {
  for (const { userData, scratch } of launched) {
    rmSync(userData, { recursive: true, force: true, maxRetries: 5 });
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits until the application says that nothing is under way. */
export async function idle(page: Page): Promise<void> {
  await expect(page.locator('.iq-status[data-idle="true"][data-engine="ready"]')).toBeVisible({
    timeout: 90_000,
  });
}

/** Makes the next file dialog answer with these paths. */
export async function answerOpenDialog(
  app: ElectronApplication,
  paths: readonly string[],
): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...filePaths] });
  }, paths);
}

/** A new case, made through the dialog as a person would; the folder dialog is answered with `scratch`. */
export async function newCase({ app, page, scratch }: Launched, name: string): Promise<void> {
  await answerOpenDialog(app, [scratch]);
  await page.getByRole("button", { name: "New case…" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Choose folder…" }).click();
  await expect(page.getByTestId("case-name")).toHaveText(name);
  await idle(page);
}

/** Adds files through the dialog and imports all that could be previewed. */
export async function importFiles(
  { app, page }: Launched,
  paths: readonly string[],
): Promise<void> {
  await answerOpenDialog(app, paths);
  await page
    .getByRole("button", { name: /Add files…|Choose files…/ })
    .first()
    .click();
  // All previews first: the button imports what is ready.
  const name = `Import ${paths.length} ${paths.length === 1 ? "file" : "files"}`;
  await page.getByRole("button", { name, exact: true }).click();
  await expect(page.locator(".iq-pending")).toHaveCount(0, { timeout: 120_000 });
  await idle(page);
}

/** The sample incident, imported, with its windows set. */
export async function openSample(launched: Launched): Promise<void> {
  const { page } = launched;
  await page.getByRole("button", { name: "Open the sample incident" }).click();
  await expect(page.getByTestId("case-name")).toBeVisible({ timeout: 60_000 });
  await idle(page);
}

export async function showView(page: Page, name: string): Promise<void> {
  await page
    .getByRole("navigation")
    .getByRole("button", { name: new RegExp(`^${name}`) })
    .click();
}
