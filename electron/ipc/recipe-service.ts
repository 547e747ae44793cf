import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ok } from "../../shared/base/result.ts";
import { matchFiles } from "../evidence/match-files.ts";
import { openReadOnly } from "../evidence/open-read-only.ts";
import { fault, onFile } from "../faults.ts";
import type { Service } from "./register.ts";

/** A recipe is written by hand; something larger is not one. */
const LARGEST = 16 * 1024 * 1024;

/** Text of recipes, and the files that their patterns match. */
export function recipeService(resolvePath: (path: string) => string): Service<"recipe"> {
  return {
    "recipe.read": async ([request]) => {
      const path = resolvePath(request.path);
      const { handle, found } = await openReadOnly(path);
      await handle.close();
      if (found.size > LARGEST) throw fault("invalid", `${path} is too large for a recipe.`, path);
      const text = await onFile(path, () => readFile(path, "utf8"));
      return ok({ path, directory: dirname(path), text });
    },
    "recipe.match": async ([{ directory, patterns }]) => {
      const matches: string[][] = [];
      for (const pattern of patterns) matches.push(await matchFiles(directory, pattern));
      return ok(matches);
    },
  };
}
