import { ipc } from "../data/ipc-client.ts";
import { installTestHook } from "../data/test-hook.ts";
import { importFile } from "./import-file.ts";
import { listFormats } from "./formats.ts";
import { runRecipe } from "./run-recipe.ts";
import type { JobEnd } from "./job-end.ts";
import { verify } from "./verify.ts";
import type { HeadlessJob } from "../../shared/contract/ipc.ts";

/** Does the job of the command line in this hidden window, then ends the process. */
export async function startHeadless(): Promise<void> {
  const info = await ipc("app.info");
  if (info.e2e) installTestHook();
  const job = await ipc("headless.job");
  if (job === null) return;
  let end: JobEnd;
  try {
    end = await perform(job);
  } catch (thrown) {
    end = {
      code: 1,
      message: `Inquest stopped with an error of its own: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
    };
  }
  await ipc("headless.finish", { code: end.code, message: end.message });
}

function perform(job: HeadlessJob): Promise<JobEnd> {
  switch (job.command) {
    case "run":
      return runRecipe(job.recipe, job.out, job.json);
    case "verify":
      return verify(job);
    case "import":
      return importFile(job.file, job.as, job.member);
    case "formats":
      return listFormats(job.json);
  }
}
