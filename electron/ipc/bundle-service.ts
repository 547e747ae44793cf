import { rmSync } from "node:fs";
import { access, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ok } from "../../shared/base/result.ts";
import { foldJournal } from "../../shared/case/fold.ts";
import type { Evidence } from "../../shared/model/evidence.ts";
import { openBundle } from "../bundle/open-bundle.ts";
import { writeBundle } from "../bundle/write-bundle.ts";
import { fileNameOf } from "../case-store/case-folder.ts";
import type { CaseStore } from "../case-store/case-store.ts";
import { fault, onFile } from "../faults.ts";
import type { SigningKey } from "../signing/signing-key.ts";
import type { Service } from "./register.ts";

/** Bundles: to pack a case that is open, and to check one that somebody sent. */
export function bundleService(store: CaseStore, keys: SigningKey): Service<"bundle"> {
  const scratch: string[] = [];
  process.on("exit", () => {
    for (const folder of scratch) rmSync(folder, { recursive: true, force: true });
  });

  return {
    "bundle.key": async () => ok({ fingerprint: await keys.fingerprint() }),
    "bundle.write": async ([{ path, evidence, ...order }]) => {
      const opened = await store.open(path);
      const target = join(opened.path, "exports", fileNameOf(`${order.name}.zip`));
      if (await exists(target)) throw fault("invalid", `${target} is there already.`, target);
      const state = foldJournal(opened.journal);
      const originals = evidence ? distinct(state.evidence) : [];
      return ok(
        await writeBundle({ ...order, casePath: opened.path, evidence: originals }, target, keys),
      );
    },
    "bundle.open": async ([{ path, passphraseFile, signer }]) => {
      const folder = await mkdtemp(join(tmpdir(), "inquest-bundle-"));
      scratch.push(folder);
      const passphrase = await passphraseFrom(passphraseFile);
      return ok(await openBundle(path, { passphrase, signer, scratch: folder }));
    },
  };
}

/** Members of an archive share their original: it is packed once, under the first of them. */
function distinct(evidence: readonly Evidence[]): Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ path }) => !seen.has(path) && seen.add(path));
}

/** The first line of the file, or what the environment holds. */
async function passphraseFrom(file: string | null): Promise<string | null> {
  if (file === null) return process.env["INQUEST_PASSPHRASE"] ?? null;
  const text = await onFile(file, () => readFile(file, "utf8"));
  return text.split(/\r?\n/)[0] ?? "";
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
