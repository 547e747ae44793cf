import { ok } from "../../shared/base/result.ts";
import type { HeadlessRun } from "../headless/run-headless.ts";
import { fault } from "../faults.ts";
import type { Service } from "./register.ts";

/** What a hidden window asks for and answers with; a visible one has no job and can do none of it. */
export function headlessService(run: HeadlessRun | null): Service<"headless"> {
  function running(): HeadlessRun {
    if (run === null) throw fault("invalid", "This window has no job.");
    return run;
  }

  return {
    "headless.job": () => Promise.resolve(run?.takeJob() ?? null),
    "headless.progress": ([{ message, fraction }]) => {
      running().progress(message, fraction);
      return Promise.resolve(null);
    },
    "headless.stdout": async ([{ bytes }]) => {
      await running().writeStdout(bytes);
      return null;
    },
    "headless.write": async ([{ name, bytes }]) => ok(await running().writeOutput(name, bytes)),
    "headless.finish": async ([{ code, message }]) => {
      await running().finish(code, message);
      return null;
    },
  };
}
