/**
 * Who may import whom. Read a line as: files under the name on the left may
 * import from the names on the right (and from their own folder). What is not
 * listed is refused. `types:` in front of a name allows `import type` only,
 * `npm:` names packages, `node:*` is Node's own modules.
 */
const MAY_IMPORT = {
  // The core: pure, no DOM, no Node, no Electron.
  "shared/base": [],
  "shared/model": ["shared/base", "npm:zod"],
  "shared/tables": ["shared/base", "shared/model", "npm:apache-arrow"],
  // What is alike in log messages: needs nothing but the messages.
  "shared/templates": ["shared/base"],
  "shared/importers": [
    "types:shared/contract",
    "shared/base",
    "shared/model",
    "shared/tables",
    "shared/templates",
    "npm:@zip.js/zip.js",
    "npm:apache-arrow",
    "npm:parquet-wasm",
    "npm:pbf",
    "npm:yaml",
    "npm:zod",
    "npm:zstddec",
  ],
  "shared/analysis": [
    "shared/base",
    "shared/model",
    "shared/tables",
    "shared/templates",
    "npm:apache-arrow",
  ],
  "shared/reasoning": ["shared/base", "shared/model", "shared/tables", "shared/analysis"],
  "shared/report": [
    "shared/base",
    "shared/model",
    "shared/tables",
    "shared/analysis",
    "shared/reasoning",
    "shared/redaction",
    "npm:docx",
    "npm:pptxgenjs",
    "npm:yaml",
    "npm:zod",
  ],
  // What may not leave the case with an export.
  "shared/redaction": ["shared/base", "shared/model"],
  // The parcel for somebody else: files, manifests, signature.
  "shared/bundle": ["shared/base", "shared/model", "npm:zod"],
  // What people wrote about a time.
  "shared/postmortem": ["shared/base", "shared/model", "npm:chrono-node"],
  // What the cases of a machine have in common.
  "shared/library": ["shared/base", "shared/model", "shared/postmortem", "shared/importers"],
  // Paths through an investigation.
  "shared/guides": ["shared/base", "shared/model", "npm:yaml"],
  "shared/case": ["shared/base", "shared/model", "npm:zod"],
  "shared/contract": [
    "shared/base",
    "shared/model",
    "shared/case",
    "types:shared/tables",
    "types:shared/importers",
    "npm:apache-arrow",
    "npm:zod",
  ],

  // The window. One view never imports another.
  "renderer/main.tsx": ["renderer/app", "renderer/headless", "npm:*"],
  "renderer/app": [
    "renderer/views",
    "renderer/state",
    "renderer/data",
    "renderer/widgets",
    "shared",
    "npm:*",
  ],
  "renderer/headless": ["renderer/state", "renderer/data", "shared", "npm:*"],
  "renderer/views/*": [
    "renderer/state",
    "renderer/data",
    "renderer/widgets",
    "shared/base",
    "shared/model",
    "shared/contract",
    "shared/analysis",
    "types:shared/importers",
    "npm:*",
  ],
  "renderer/views/postmortem": ["shared/postmortem"],
  "renderer/views/report": ["shared/report", "shared/reasoning", "shared/redaction"],
  "renderer/views/library": ["shared/library"],
  "renderer/views/guide": ["shared/guides"],
  "renderer/views/reasoning": ["shared/report", "shared/reasoning"],
  "renderer/state": [
    "shared/base",
    "shared/model",
    "shared/case",
    "shared/contract",
    "types:shared/analysis",
    "types:shared/importers",
    "npm:*",
  ],
  "renderer/data": [
    "renderer/state",
    "shared/base",
    "shared/model",
    "shared/case",
    "shared/contract",
    "shared/tables",
    "shared/importers",
    "shared/analysis",
    "shared/reasoning",
    "shared/report",
    "shared/redaction",
    "shared/bundle",
    "shared/library",
    "shared/guides",
    "npm:*",
  ],
  "renderer/widgets": ["shared/base", "types:shared/model", "npm:*"],
  "renderer/worker": [
    "shared/base",
    "shared/model",
    "shared/contract",
    "shared/tables",
    "shared/importers",
    "shared/analysis",
    "npm:*",
  ],

  // The main process. The preload knows the contract and nothing else.
  "electron/preload.ts": ["shared/contract", "npm:electron"],
  electron: [
    "shared/base",
    "shared/model",
    "shared/case",
    "shared/contract",
    "shared/bundle",
    "npm:@zip.js/zip.js",
    "npm:electron",
    "npm:zod",
    "node:*",
  ],
  "electron/dev": ["npm:*", "node:*"],

  test: ["shared", "renderer", "electron", "npm:*", "node:*"],
};

/** Packages that have one home. */
const ONLY_IN = {
  echarts: ["renderer/widgets/chart"],
  "@duckdb/duckdb-wasm": ["renderer/worker", "test"],
};

const escape = (text) => text.replace(/[.+^$()|[\]{}]/g, "\\$&");
const under = (name) => (/\.\w+$/.test(name) ? `^${escape(name)}$` : `^${escape(name)}/`);

/** `renderer/views/*` is each folder of views by itself: `$1` is its name. */
function fromPath(name) {
  if (name.endsWith("/*")) return { path: `^${escape(name.slice(0, -2))}/([^/]+)/` };
  const inner = Object.keys(MAY_IMPORT).filter((other) => other.startsWith(`${name}/`));
  return {
    path: under(name),
    ...(inner.length > 0 && { pathNot: inner.map(under) }),
  };
}

/** Of a file that has a line of its own, only itself: it may not use its neighbours. */
function ownFolder(name) {
  return name.endsWith("/*") ? `^${escape(name.slice(0, -2))}/$1/` : under(name);
}

function toPath(target) {
  if (target.startsWith("types:")) {
    return { path: under(target.slice(6)), dependencyTypes: ["type-only"] };
  }
  if (target === "node:*") return { dependencyTypes: ["core"] };
  // Vite's `?url` imports keep the package's name in front.
  if (target === "npm:*") return { path: "node_modules/|^[^.].*[?]url$" };
  if (target.startsWith("npm:"))
    return { path: `node_modules/(@types/)?${escape(target.slice(4))}/` };
  return { path: under(target) };
}

const allowed = Object.entries(MAY_IMPORT).flatMap(([name, targets]) => [
  { from: fromPath(name), to: { path: ownFolder(name) } },
  ...targets.map((target) => ({ from: fromPath(name), to: toPath(target) })),
]);

const onlyIn = Object.entries(ONLY_IN).map(([name, homes]) => ({
  name: `only-home-of-${name.replace(/\W+/g, "-")}`,
  severity: "error",
  from: { pathNot: homes.map(under) },
  to: { path: `(node_modules/|^)${escape(name)}/` },
}));

module.exports = {
  allowed,
  allowedSeverity: "error",
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "[?]url$" },
    },
    ...onlyIn,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "browser", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".d.ts"],
    },
  },
};
