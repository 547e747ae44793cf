import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants, homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Where the person stood when calling npm, which itself runs scripts in the root. */
export const callerDirectory = process.env.INIT_CWD ?? process.cwd();

/** What must outlive node_modules: a runtime, and which downloads failed. */
export function cacheRoot() {
  if (process.env.INQUEST_CACHE) return resolve(process.env.INQUEST_CACHE);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "inquest");
}

/** A line about the preparations. Stdout belongs to the application. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Something the person can put right: printed without a stack, ends with exit code 1. */
export class SetupError extends Error {}

/** Runs a script's `main` and ends the process with the exit code it answers. */
export async function runMain(main) {
  try {
    process.exit(await main());
  } catch (thrown) {
    say(thrown instanceof SetupError ? `\n${thrown.message}` : (thrown?.stack ?? String(thrown)));
    process.exit(1);
  }
}

/** True if `url` (an `import.meta.url`) is the script that Node was started with. */
export function isMain(url) {
  return process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(url);
}

export function isRoot() {
  return process.getuid?.() === 0;
}

/** The script behind a command of a package: started with Node itself, it works on every system. */
export function packageBin(name, command = name) {
  const folder = join(root, "node_modules", name);
  const { bin } = JSON.parse(readText(join(folder, "package.json")));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

export function findOnPath(program) {
  const folders = (process.env.PATH ?? "").split(":");
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? null;
}

/** npm, by its script when npm started us and by its name otherwise. */
export function npm(args, options = {}) {
  const script = process.env.npm_execpath;
  const all = { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, ...options };
  if (script?.endsWith("npm-cli.js")) return spawnSync(process.execPath, [script, ...args], all);
  return spawnSync("npm", args, {
    ...all,
    shell: process.platform === "win32",
  });
}

const children = new Set();
let forwarding = false;

/**
 * Runs a program to its end; answers its exit code (128 + number for a signal)
 * and, with `capture`, its output. Signals that reach us are passed on, and it
 * is the child's end that ends us: nothing is left running.
 */
export function run(program, args, { capture = false, ...options } = {}) {
  forwardSignals();
  return new Promise((done, fail) => {
    const stdio = capture ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(program, args, { cwd: root, stdio, ...options });
    children.add(child);
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr?.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => {
      children.delete(child);
      fail(new SetupError(`${program} could not be started: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      children.delete(child);
      done({
        code: code ?? 128 + (constants.signals[signal] ?? 0),
        signal,
        output,
      });
    });
  });
}

/** Node on one of the packages' own commands. */
export function runBin(name, args, options = {}) {
  const { command, ...rest } = options;
  return run(process.execPath, [packageBin(name, command), ...args], rest);
}

function forwardSignals() {
  if (forwarding) return;
  forwarding = true;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (children.size === 0) process.exit(128 + constants.signals[signal]);
      // A terminal's Ctrl-C goes to the children by itself.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      for (const child of children) child.kill(signal);
    });
  }
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new SetupError(`${path} is missing. Delete node_modules and try again.`);
  }
}
