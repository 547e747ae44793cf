import * as fs from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { ensureAll, ensureDependencies, withDisplay } from "./setup.mjs";
import { callerDirectory, root, run, runBin, runMain, say, SetupError } from "./tools.mjs";

const RESULTS = join(root, "dist", "test-results");
const PROJECTS = ["shared", "electron", "renderer", "renderer/worker", "test", "."];
const SOURCES = ["electron", "renderer", "shared", "test"];

/**
 * In the order of the run. Each takes the extra arguments and answers an exit
 * code, or that and the counts of its tests.
 */
const STEPS = {
  typecheck: { title: "Types", run: typecheck },
  lint: {
    title: "ESLint",
    run: (args) => runBin("eslint", args.length > 0 ? args : ["--no-warn-ignored", "."]),
  },
  deps: {
    title: "Import directions",
    run: (args) =>
      runBin("dependency-cruiser", [...presentSources(), ...args], {
        command: "depcruise",
      }),
  },
  knip: { title: "Unused code (knip)", run: (args) => runBin("knip", args) },
  format: {
    title: "Format (prettier)",
    run: (args) => runBin("prettier", ["--check", ...(args.length > 0 ? args : ["."])]),
  },
  unit: { title: "Unit and integration tests", run: unit },
  build: { title: "Build", run: () => build() },
  e2e: { title: "End-to-end tests", electron: true, run: endToEnd },
  screenshots: { title: "Screenshots", electron: true, run: screenshots },
};
const CHECK = ["typecheck", "lint", "deps", "knip", "format", "unit"];
const ALL = [...CHECK, "build", "e2e"];

await runMain(async () => {
  const { names, extra } = parse(process.argv.slice(2));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const code = await runSteps(names, extra, counts);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  return code;
});

async function runSteps(names, extra, counts) {
  try {
    if (names.some((name) => STEPS[name].electron)) ensureAll();
    else ensureDependencies();
    fs.mkdirSync(RESULTS, { recursive: true });
    for (const name of names) {
      const code = await runStep(STEPS[name], extra, counts);
      if (code !== 0) return code;
    }
    return 0;
  } catch (thrown) {
    say(thrown instanceof SetupError ? thrown.message : thrown.stack);
    counts.failed += 1;
    return 1;
  }
}

async function runStep(step, extra, counts) {
  process.stdout.write(`\n== ${step.title}\n`);
  const started = Date.now();
  const { code = 0, tests } = (await step.run(extra)) ?? {};
  counts.passed += tests?.passed ?? 0;
  counts.skipped += tests?.skipped ?? 0;
  // A step that is no test, or that fell over before its first test, counts as one failure.
  counts.failed += tests?.failed || (code === 0 ? 0 : 1);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`   ${code === 0 ? "ok" : "FAILED"} in ${seconds} s\n`);
  return code;
}

/** `[step…] [arguments for the step's own tool…]`; without a step, all of them. */
function parse(argv) {
  const names = [];
  const rest = argv[0] === "--" ? argv.slice(1) : [...argv];
  while (rest.length > 0) {
    if (rest[0] === "check") names.push(...CHECK);
    else if (Object.hasOwn(STEPS, rest[0])) names.push(rest[0]);
    else break;
    rest.shift();
  }
  const extra = rest[0] === "--" ? rest.slice(1) : rest;
  if (extra.length > 0 && names.length !== 1) {
    throw new SetupError(
      `Arguments go to one step's own tool; name it first. Steps: check, ${Object.keys(STEPS).join(", ")}.`,
    );
  }
  return { names: names.length > 0 ? names : ALL, extra };
}

async function typecheck(args) {
  const waiting = PROJECTS.filter((folder) => folder === "." || hasFiles(folder, /\.tsx?$/));
  let code = 0;
  const worker = async () => {
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      const cache = join(root, "dist", "cache", `tsc-${folder.replace("/", "-")}.tsbuildinfo`);
      const options = ["--pretty", "false", "--incremental", "--tsBuildInfoFile", cache, ...args];
      const result = await runBin("typescript", ["-p", folder, ...options], {
        command: "tsc",
        capture: true,
      });
      process.stdout.write(result.output);
      code ||= result.code;
    }
  };
  await Promise.all([worker(), worker()]);
  return { code };
}

async function unit(args) {
  const none =
    !hasFiles("test/unit", /\.test\.tsx?$/) && !hasFiles("test/integration", /\.test\.tsx?$/);
  if (none) return noTests("test/unit and test/integration");
  const file = freshResult("unit.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { code } = await runBin("vitest", ["run", ...reporters, ...relativeToRoot(args)]);
  const result = readJson(file);
  if (result === null) return { code: code || 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests = 0 } = result;
  return {
    code,
    tests: {
      passed: numPassedTests,
      failed: numFailedTests,
      skipped: numPendingTests + numTodoTests,
    },
  };
}

async function endToEnd(args) {
  if (!hasFiles("test/e2e", /\.spec\.ts$/)) return noTests("test/e2e");
  await build();
  const file = freshResult("e2e.json");
  const { code } = await withDisplay(() => playwright(["test", ...relativeToRoot(args)]));
  const result = readJson(file);
  if (result === null) return { code: code || 1 };
  const { expected, flaky, unexpected, skipped } = result.stats;
  return {
    code,
    tests: { passed: expected + flaky, failed: unexpected, skipped },
  };
}

async function screenshots(args) {
  await build();
  const config = ["-c", "test/e2e/screenshots.config.ts"];
  return withDisplay(() => playwright(["test", ...config, ...relativeToRoot(args)]));
}

function playwright(args) {
  const env = { ...process.env, ELECTRON_DISABLE_SECURITY_WARNINGS: "1" };
  delete env.ELECTRON_RUN_AS_NODE;
  return run(process.execPath, [join(root, "node_modules/@playwright/test/cli.js"), ...args], {
    env,
  });
}

function noTests(where) {
  process.stdout.write(`   no tests in ${where}\n`);
  return { code: 0 };
}

/** Test files may be named as seen from where npm was called. */
function relativeToRoot(args) {
  return args.map((arg) => {
    const path = join(callerDirectory, arg);
    return !arg.startsWith("-") && callerDirectory !== root && fs.existsSync(path) ? path : arg;
  });
}

function presentSources() {
  return SOURCES.filter((folder) => hasFiles(folder, /\.(tsx?|mjs)$/));
}

function hasFiles(folder, pattern) {
  const path = join(root, folder);
  if (!fs.existsSync(path)) return false;
  return fs.readdirSync(path, { recursive: true }).some((name) => pattern.test(name));
}

function freshResult(name) {
  const file = join(RESULTS, name);
  fs.rmSync(file, { force: true });
  return file;
}

function readJson(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : null;
}
