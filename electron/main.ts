import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { app, ipcMain, protocol } from "electron";
import { PrintPages, SCHEME_PRIVILEGES, serveApp } from "./app-protocol.ts";
import { CaseStore } from "./case-store/case-store.ts";
import { RecentCases } from "./case-store/recent-cases.ts";
import { serveEvidence } from "./evidence/evidence-protocol.ts";
import { Grants } from "./evidence/grants.ts";
import { EXIT_USAGE, HELP, parseCommandLine } from "./headless/command-line.ts";
import { HeadlessRun } from "./headless/run-headless.ts";
import { appService } from "./ipc/app-service.ts";
import { bundleService } from "./ipc/bundle-service.ts";
import { caseService } from "./ipc/case-service.ts";
import { evidenceService } from "./ipc/evidence-service.ts";
import { headlessService } from "./ipc/headless-service.ts";
import { libraryService } from "./ipc/library-service.ts";
import { recipeService } from "./ipc/recipe-service.ts";
import { registerServices } from "./ipc/register.ts";
import { reportService } from "./ipc/report-service.ts";
import { printPdf } from "./printing/print-pdf.ts";
import { closeNetwork, EXIT_NO_SANDBOX, guardSandbox, isOwnPage } from "./security.ts";
import { SigningKey } from "./signing/signing-key.ts";
import { openWindow } from "./window.ts";
import type { HeadlessJob } from "../shared/contract/ipc.ts";

const e2e = process.env["APP_E2E"] === "1" && !app.isPackaged;
const directory = process.env["INQUEST_CWD"] ?? process.cwd();
const preload = join(__dirname, "preload.cjs");

function main(): void {
  const asked = parseCommandLine(ownArguments(process.argv), directory);
  switch (asked.kind) {
    case "help":
      end(0, process.stdout, HELP);
      return;
    case "version":
      end(0, process.stdout, `${app.getVersion()}\n`);
      return;
    case "usage":
      end(EXIT_USAGE, process.stderr, `${asked.message}\n`);
      return;
    case "window":
      start(null, asked.open);
      return;
    case "job":
      start(asked.job, null);
      return;
  }
}

/** Started by Electron's own launcher, the first argument that is no switch is the application's folder. */
function ownArguments(argv: readonly string[]): string[] {
  const args = argv.slice(1);
  if (!process.defaultApp) return args;
  const folder = args.findIndex((arg) => !arg.startsWith("-"));
  return args.filter((_arg, index) => index !== folder);
}

function start(job: HeadlessJob | null, open: string | null): void {
  const refusal = guardSandbox(app, process.env);
  if (refusal !== null) {
    end(EXIT_NO_SANDBOX, process.stderr, `${refusal}\n`);
    return;
  }
  closeNetwork(app);
  protocol.registerSchemesAsPrivileged(SCHEME_PRIVILEGES);

  const store = new CaseStore(
    actor(),
    job?.command === "verify" ? "verify, which only reads" : null,
  );
  const run =
    job === null
      ? null
      : new HeadlessRun(app, job, () => {
          store.releaseLocks();
        });
  run?.prepare();
  closeOnQuit(store);
  void app.whenReady().then(async () => {
    serve(store, run);
    if (run !== null) return run.start(preload);
    await testDriver;
    await openWindow({ preload, open, e2e });
  });
}

/** Protocols and services: everything that a window can ask for. */
function serve(store: CaseStore, run: HeadlessRun | null): void {
  const grants = new Grants();
  const pages = new PrintPages();
  const root = join(__dirname, "renderer");
  protocol.handle("app", (request) => serveApp(request, root, pages));
  protocol.handle("evidence", (request) => serveEvidence(request, grants));
  const sampleFolders = [
    join(process.resourcesPath, "samples"),
    join(__dirname, "resources", "samples"),
    join(__dirname, "..", "..", "resources", "samples"),
  ];
  const recent = new RecentCases(app.getPath("userData"));
  const known = new RecentCases(app.getPath("userData"), "known");
  registerServices(
    ipcMain,
    {
      ...appService(app, e2e, sampleFolders),
      ...caseService(store, recent, known),
      ...libraryService(app.getPath("userData"), [known, recent]),
      ...bundleService(store, new SigningKey(app.getPath("userData"))),
      ...evidenceService(grants),
      ...reportService((html, title, onePage) => printPdf(pages, html, { title, onePage })),
      ...recipeService((path) => resolve(directory, path)),
      ...headlessService(run),
    },
    isOwnPage,
  );
}

/** Playwright evaluates this once it is attached; a window that navigates before that can hang it. */
const testDriver = e2e
  ? new Promise<void>((attached) => {
      Object.assign(globalThis, { __playwright_run: attached });
    })
  : Promise.resolve();

/** Journals are synced at every append; what is left to do at the end is to give the locks back. */
function closeOnQuit(store: CaseStore): void {
  app.on("window-all-closed", () => {
    app.quit();
  });
  app.on("will-quit", (event) => {
    if (!store.hasOpenCases()) return;
    event.preventDefault();
    // Not at once: a quit that is asked for while one is being prevented is lost.
    void store.closeAll().finally(() =>
      setImmediate(() => {
        app.quit();
      }),
    );
  });
  process.on("exit", () => {
    store.releaseLocks();
  });
}

function end(code: number, stream: NodeJS.WriteStream, text: string): void {
  stream.write(text, () => {
    app.exit(code);
  });
}

function actor(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

main();
