import { readFileSync } from "node:fs";
import { build } from "./build.mjs";
import { ensureAll, ensureDisplay } from "./setup.mjs";
import { callerDirectory, isRoot, run, runMain, say } from "./tools.mjs";

await runMain(async () => {
  const electron = ensureAll();
  await build();
  const given = process.argv.slice(2);
  const args = given[0] === "--" ? given.slice(1) : given;
  const ours = await ensureDisplay();
  const switches = [...rootSwitches(), ...(ours ? ["--disable-gpu", "--log-level=3"] : [])];
  // The application's folder first: its place tells Electron's arguments from ours.
  const all = [...electron.args, ...switches, ...args];
  const { code, signal } = await run(electron.executable, all, {
    cwd: callerDirectory,
    env: environment(),
  });
  if (signal === "SIGTRAP") explainSandbox();
  return code;
});

function environment() {
  const env = { ...process.env, INQUEST_CWD: callerDirectory };
  // Set by editors built on Electron in their terminals; it would make ours a plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  if (process.platform === "linux" && isRoot()) env.INQUEST_ALLOW_ROOT = "1";
  return env;
}

function rootSwitches() {
  if (process.platform !== "linux" || !isRoot()) return [];
  say(
    "Warning: as root, Chromium's sandbox cannot be used. Start as an ordinary user for real work.",
  );
  return ["--no-sandbox"];
}

/** Chromium traps when it can make no sandbox; on recent Ubuntu that is AppArmor's doing. */
function explainSandbox() {
  try {
    const path = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    if (readFileSync(path, "utf8").trim() !== "1") return;
  } catch {
    return;
  }
  say(
    "Electron could not make its sandbox, because this system forbids user namespaces to ordinary programs.\n" +
      "Allow them until the next restart with: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
  );
}
