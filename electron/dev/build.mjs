import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { ensureDependencies } from "./dependencies.mjs";
import { isMain, root, runMain, say, SetupError } from "./tools.mjs";

const APP = join(root, "dist", "app");
const STAMP = join(root, "dist", ".build-stamp");
const INPUTS = [
  "electron",
  "renderer",
  "shared",
  "resources",
  "package.json",
  "package-lock.json",
  "vite.config.ts",
];

/** Builds the application to dist/app, unless it is already built from what is there. */
export async function build({ force = false } = {}) {
  const started = Date.now();
  const stamp = fingerprint();
  if (!force && isBuilt(stamp)) return;
  fs.rmSync(STAMP, { force: true });
  fs.mkdirSync(APP, { recursive: true });
  await Promise.all([buildProcesses(), buildRenderer()]);
  writePackage();
  copyResources();
  fs.writeFileSync(STAMP, stamp);
  say(`Built dist/app in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function buildProcesses() {
  const { build: bundle } = await import("esbuild");
  await bundle({
    absWorkingDir: root,
    entryPoints: { main: "electron/main.ts", preload: "electron/preload.ts" },
    outdir: APP,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node18",
    external: ["electron"],
    logLevel: "warning",
  }).catch(asSetupError);
}

async function buildRenderer() {
  const { build: bundle } = await import("vite");
  const config = {
    root: join(root, "renderer"),
    configFile: join(root, "vite.config.ts"),
  };
  await bundle({ ...config, logLevel: "warn" }).catch(asSetupError);
}

/** The bundlers' messages say all; their stacks are about themselves. */
function asSetupError(error) {
  throw new SetupError(`The build failed.\n${error.message}`);
}

function writePackage() {
  const { name, version, description, license } = JSON.parse(
    fs.readFileSync(join(root, "package.json"), "utf8"),
  );
  const own = { name, version, description, license, main: "main.cjs" };
  fs.writeFileSync(join(APP, "package.json"), `${JSON.stringify(own, null, 2)}\n`);
}

function copyResources() {
  const target = join(APP, "resources");
  fs.rmSync(target, { recursive: true, force: true });
  if (!fs.existsSync(join(root, "resources"))) return;
  fs.cpSync(join(root, "resources"), target, { recursive: true });
}

function isBuilt(stamp) {
  const outputs = ["main.cjs", "preload.cjs", "package.json", "renderer/index.html"];
  if (!outputs.every((name) => fs.existsSync(join(APP, name)))) return false;
  return fs.existsSync(STAMP) && fs.readFileSync(STAMP, "utf8") === stamp;
}

/** Changes whenever a file that goes into the build is touched, added or removed. */
function fingerprint() {
  const hash = createHash("sha256");
  const add = (path) => {
    const stat = fs.statSync(join(root, path), { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const name of fs.readdirSync(join(root, path)).sort()) add(`${path}/${name}`);
    } else {
      hash.update(`${path} ${stat?.mtimeMs ?? "absent"} ${stat?.size ?? 0}\n`);
    }
  };
  INPUTS.forEach(add);
  return hash.digest("hex");
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    ensureDependencies();
    await build({ force: process.argv.includes("--force") });
    return 0;
  });
}
