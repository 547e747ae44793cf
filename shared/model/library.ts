import { z } from "zod";
import { FACTOR_ROLES, ACTION_STATES } from "./reasoning.ts";
import { Layer } from "./role.ts";

/** A case in short, as the library compares it with others. */
export const CaseDigest = z.object({
  id: z.string().min(1),
  name: z.string(),
  /** Folder of a case; name of the file of an imported one. */
  place: z.string(),
  origin: z.enum(["case", "imported"]),
  /** ISO 8601 time; null where nothing says it. */
  started: z.string().nullable(),
  detected: z.string().nullable(),
  mitigated: z.string().nullable(),
  resolved: z.string().nullable(),
  /** Layers of what is said to be its root cause; of its suspects on record where nobody said. */
  layers: z.array(Layer),
  /** False: the layers are those of suspects. */
  rootCauseKnown: z.boolean(),
  factors: z.array(
    z.object({ text: z.string(), role: z.enum(FACTOR_ROLES), layer: Layer.nullable() }),
  ),
  /** Names of suspects and services on record. */
  suspects: z.array(z.string()),
  actions: z.array(
    z.object({
      title: z.string(),
      owner: z.string(),
      due: z.string(),
      state: z.enum(ACTION_STATES),
    }),
  ),
  /** Summary, problem, findings: what the likeness of two cases is read from. */
  text: z.string(),
});
export type CaseDigest = z.infer<typeof CaseDigest>;
