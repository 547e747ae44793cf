import { spawn, spawnSync } from "node:child_process";
import { findOnPath, isRoot, say, SetupError } from "./tools.mjs";

/** Debian's names; newer releases add `t64` to some of them. */
const PACKAGES = [
  "xvfb",
  "xauth",
  "libgtk-3-0",
  "libnss3",
  "libasound2",
  "libgbm1",
  "libxss1",
  "libatk-bridge2.0-0",
  "libcups2",
  "fonts-dejavu-core",
];

export function hasDisplay() {
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** On Linux: the libraries that Electron wants and, without a screen, Xvfb. */
export function ensureSystemLibraries(executable) {
  if (process.platform !== "linux") return;
  const missing = missingParts(executable);
  if (missing.length === 0) return;
  const aptGet = findOnPath("apt-get");
  if (aptGet === null) {
    throw new SetupError(`Electron needs these, which are not installed: ${missing.join(", ")}.`);
  }
  if (!isRoot()) {
    throw new SetupError(
      `Electron needs these, which are not installed: ${missing.join(", ")}. Install them with:\n\n` +
        `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages().join(" ")}\n`,
    );
  }
  say(`Installing system libraries (${missing.join(", ")})…`);
  apt(["update"]);
  apt(["install", "-y", "--no-install-recommends", ...packages()]);
  const still = missingParts(executable);
  if (still.length > 0) throw new SetupError(`Still not installed: ${still.join(", ")}.`);
}

function missingParts(executable) {
  const { stdout } = spawnSync("ldd", [executable], { encoding: "utf8" });
  const libraries = (stdout ?? "").split("\n").filter((line) => line.includes("not found"));
  const names = libraries.map((line) => line.trim().split(/\s/)[0]);
  return hasDisplay() || findOnPath("Xvfb") !== null ? names : [...names, "Xvfb"];
}

function packages() {
  return PACKAGES.map((name) => (isKnown(`${name}t64`) ? `${name}t64` : name));
}

function isKnown(name) {
  // A name that is only ever mentioned by other packages answers 0 with nothing.
  const { status, stdout } = spawnSync("apt-cache", ["show", name], {
    encoding: "utf8",
  });
  return status === 0 && stdout.startsWith("Package:");
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const all = ["-q", "-o", "DPkg::Lock::Timeout=120", ...args];
  const { status, stdout, stderr, error } = spawnSync("apt-get", all, {
    encoding: "utf8",
    env,
  });
  if (status === 0) return;
  say(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`.trim());
  throw new SetupError(`apt-get ${args.join(" ")} failed; its own words are above.`);
}

let display = null;

/**
 * Makes sure that there is a screen to draw on: without one on Linux, starts an
 * Xvfb and sets DISPLAY. Answers whether the screen is ours.
 */
export async function ensureDisplay() {
  if (display !== null) return true;
  if (hasDisplay()) return false;
  const server = startXvfb();
  process.on("exit", () => server.kill());
  process.env.DISPLAY = `:${await displayNumber(server)}`;
  display = server;
  server.unref();
  server.stdio[3].unref();
  server.stderr.unref();
  return true;
}

/** Runs `fn` with a screen, which is gone again afterwards if it was made for this. */
export async function withDisplay(fn) {
  const inherited = display !== null;
  const ours = await ensureDisplay();
  try {
    return await fn({ ours });
  } finally {
    if (ours && !inherited) closeDisplay();
  }
}

function closeDisplay() {
  display?.kill();
  display = null;
  delete process.env.DISPLAY;
}

function startXvfb() {
  const args = ["-displayfd", "3", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"];
  const options = { stdio: ["ignore", "ignore", "pipe", "pipe"] };
  // Should this process be killed outright, the kernel ends the server too.
  if (findOnPath("setpriv") === null) return spawn("Xvfb", args, options);
  return spawn("setpriv", ["--pdeathsig", "TERM", "Xvfb", ...args], options);
}

function displayNumber(server) {
  return new Promise((found, fail) => {
    let text = "";
    let errors = "";
    const give = (reason) => {
      server.kill();
      fail(
        new SetupError(
          `Xvfb, the screen for machines without one, did not start: ${reason}\n${errors}`,
        ),
      );
    };
    const timer = setTimeout(() => give("no answer within 20 s"), 20_000);
    server.stderr
      .setEncoding("utf8")
      .on("data", (chunk) => (errors = (errors + chunk).slice(-2000)));
    server.on("error", (error) => give(error.message));
    server.on("exit", (code) => give(`exit code ${code}`));
    server.stdio[3].setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (!text.includes("\n")) return;
      clearTimeout(timer);
      server.removeAllListeners("exit");
      found(text.trim());
    });
  });
}
