import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm, root, say, SetupError } from "./tools.mjs";

const MODULES = join(root, "node_modules");
const STAMP = join(MODULES, ".inquest-stamp");
const OLDEST_NODE = [20, 19];

/** Installs what package-lock.json names, unless node_modules already is what it names. */
export function ensureDependencies() {
  checkNode();
  const lock = readFileSync(join(root, "package-lock.json"));
  const wanted = `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}\n`;
  if (readOr(STAMP, "") === wanted) return;
  // Somebody may have run npm themselves.
  if (existsSync(MODULES) && isInstalled(JSON.parse(lock.toString("utf8")))) {
    writeFileSync(STAMP, wanted);
    return;
  }
  say("Installing dependencies…");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, stdout, stderr, error } = npm(args);
  if (status !== 0) {
    say(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`.trim());
    throw new SetupError(
      "npm could not install the dependencies; its own words are above.\n" +
        "Check that the npm registry is reachable (npm ping) and that the disk has 1.5 GB free, then try again.",
    );
  }
  writeFileSync(STAMP, wanted);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new SetupError(
    `This is Node ${process.versions.node}; the build tools need ${OLDEST_NODE.join(".")} or later.`,
  );
}

/** Compares with the record npm keeps of what it installed; what is optional may be absent. */
function isInstalled(lock) {
  const record = readOr(join(MODULES, ".package-lock.json"), null);
  if (record === null) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(lock.packages).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" ||
      installed[path]?.version === version ||
      (installed[path] === undefined && (optional === true || devOptional === true)),
  );
}

function readOr(path, otherwise) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}
