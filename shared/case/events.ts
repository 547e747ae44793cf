import { z } from "zod";
import { Dependency, ExportRecord, Impact, LogPattern, Symptom } from "../model/case.ts";
import { Evidence, ImportOptions } from "../model/evidence.ts";
import { Finding } from "../model/finding.ts";
import { Guide } from "../model/guide.ts";
import {
  COLLECTIONS,
  CollectionName,
  PriorityTable,
  Pseudonym,
  ReviewStep,
  TextKey,
  type Collection,
} from "../model/reasoning.ts";
import { RuleSet } from "../model/rules.ts";
import { Role } from "../model/role.ts";
import { TemplateEdit } from "../model/template-edit.ts";
import { TimelineNote } from "../model/timeline-note.ts";
import { Window } from "../model/window.ts";

function itemIn<C extends Collection, T extends (typeof COLLECTIONS)[C]>(collection: C, item: T) {
  return z.object({ collection: z.literal(collection), item });
}

/** An item of the reasoning tools or of the report, checked by its collection. */
export const CollectionItem = z.discriminatedUnion("collection", [
  itemIn("hypotheses", COLLECTIONS.hypotheses),
  itemIn("cells", COLLECTIONS.cells),
  itemIn("whys", COLLECTIONS.whys),
  itemIn("categories", COLLECTIONS.categories),
  itemIn("causes", COLLECTIONS.causes),
  itemIn("failureModes", COLLECTIONS.failureModes),
  itemIn("sweep", COLLECTIONS.sweep),
  itemIn("factors", COLLECTIONS.factors),
  itemIn("milestones", COLLECTIONS.milestones),
  itemIn("impacts", COLLECTIONS.impacts),
  itemIn("objectives", COLLECTIONS.objectives),
  itemIn("actions", COLLECTIONS.actions),
  itemIn("blocks", COLLECTIONS.blocks),
  itemIn("answers", COLLECTIONS.answers),
]);
export type CollectionItem = z.infer<typeof CollectionItem>;

/** What a person or the application did: the payload of a journal line, by type. */
export const CaseEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("case/created"),
    data: z.object({ name: z.string() }),
  }),
  z.object({
    type: z.literal("case/renamed"),
    data: z.object({ name: z.string() }),
  }),
  z.object({
    type: z.literal("evidence/import-started"),
    data: z.object({
      id: z.string(),
      path: z.string(),
      importer: z.string(),
      options: ImportOptions,
    }),
  }),
  z.object({ type: z.literal("evidence/imported"), data: Evidence }),
  z.object({
    type: z.literal("evidence/import-ended"),
    data: z.object({
      id: z.string(),
      outcome: z.enum(["cancelled", "failed", "interrupted"]),
      message: z.string(),
    }),
  }),
  z.object({
    type: z.literal("evidence/removed"),
    data: z.object({ id: z.string() }),
  }),
  z.object({
    type: z.literal("evidence/relocated"),
    data: z.object({ id: z.string(), path: z.string() }),
  }),
  /** Every time of the file, as it was read, moved by so much; 0 takes a correction away. */
  z.object({
    type: z.literal("evidence/clock-set"),
    data: z.object({ id: z.string(), correctedMs: z.number(), why: z.string() }),
  }),
  z.object({
    type: z.literal("evidence/role-changed"),
    data: z.object({ id: z.string(), column: z.string(), role: Role }),
  }),
  /** What a person says of a column, for every file that fills the table. */
  z.object({
    type: z.literal("schema/column-set"),
    data: z.object({
      table: z.string(),
      column: z.string(),
      role: Role.optional(),
      /** Empty: it has no unit. */
      unit: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal("log-pattern/saved"),
    data: LogPattern,
  }),
  /** All rules of a table, in the place of those it had; none where the list is empty. */
  z.object({ type: z.literal("rules/saved"), data: RuleSet }),
  z.object({ type: z.literal("template/edited"), data: TemplateEdit }),
  z.object({
    type: z.literal("windows/set"),
    data: z.object({
      which: z.enum(["baseline", "incident"]),
      window: Window.nullable(),
    }),
  }),
  z.object({ type: z.literal("symptom/set"), data: Symptom.nullable() }),
  z.object({ type: z.literal("dependencies/set"), data: z.array(Dependency) }),
  /** Several at once where they were read from one text. */
  z.object({ type: z.literal("timeline-notes/added"), data: z.array(TimelineNote).min(1) }),
  z.object({
    type: z.literal("timeline-note/edited"),
    data: TimelineNote.omit({ source: true }).partial().required({ id: true }),
  }),
  z.object({ type: z.literal("timeline-note/removed"), data: z.object({ id: z.string() }) }),
  z.object({ type: z.literal("impact/set"), data: Impact.nullable() }),
  z.object({
    type: z.literal("summary/edited"),
    data: z.object({ text: z.string() }),
  }),
  z.object({ type: z.literal("finding/pinned"), data: Finding }),
  z.object({
    type: z.literal("finding/edited"),
    data: z.object({
      id: z.string(),
      title: z.string().optional(),
      note: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal("finding/removed"),
    data: z.object({ id: z.string() }),
  }),
  z.object({
    type: z.literal("finding/moved"),
    data: z.object({ id: z.string(), to: z.number().int() }),
  }),
  /** Added, or put in the place of the one with its id. */
  z.object({ type: z.literal("item/set"), data: CollectionItem }),
  /** Several at once where they belong to one act; one step of undo. */
  z.object({
    type: z.literal("items/set"),
    data: z.object({
      items: z.array(CollectionItem),
      /** Items that go in the same step. */
      removed: z.array(z.object({ collection: CollectionName, id: z.string() })),
    }),
  }),
  /** One text of an item, by the name of its field. */
  z.object({
    type: z.literal("item/text-edited"),
    data: z.object({
      collection: CollectionName,
      id: z.string(),
      field: z.string(),
      text: z.string(),
    }),
  }),
  /** With everything that hangs on it. */
  z.object({
    type: z.literal("item/removed"),
    data: z.object({ collection: CollectionName, id: z.string() }),
  }),
  z.object({
    type: z.literal("item/moved"),
    data: z.object({ collection: CollectionName, id: z.string(), to: z.number().int() }),
  }),
  z.object({
    type: z.literal("text/edited"),
    data: z.object({ key: TextKey, text: z.string() }),
  }),
  /** Null: the table that comes with the application. */
  z.object({ type: z.literal("priority-table/set"), data: PriorityTable.nullable() }),
  /** Names that redaction looks for. */
  z.object({ type: z.literal("redaction/names-set"), data: z.array(z.string()) }),
  /** The guided path that the case follows; null: none. */
  z.object({ type: z.literal("guide/set"), data: Guide.nullable() }),
  z.object({ type: z.literal("redaction/pseudonyms-given"), data: z.array(Pseudonym) }),
  z.object({ type: z.literal("review/set"), data: ReviewStep }),
  z.object({ type: z.literal("report/exported"), data: ExportRecord }),
  /** Compensating events: the fold leaves out, or takes back in, the event with that number. */
  z.object({
    type: z.literal("undo"),
    data: z.object({ seq: z.number().int() }),
  }),
  z.object({
    type: z.literal("redo"),
    data: z.object({ seq: z.number().int() }),
  }),
]);
export type CaseEvent = z.infer<typeof CaseEvent>;
export type CaseEventType = CaseEvent["type"];

/**
 * One line of `journal.jsonl`. `hash` is the SHA-256 of the line's canonical
 * JSON (keys sorted, no white space) without `hash`; `prev` is the hash of the
 * line before, 64 zeros in the first.
 */
export const JournalLine = z
  .object({
    seq: z.number().int(),
    at: z.string(),
    actor: z.string(),
    prev: z.string(),
    hash: z.string(),
  })
  .and(CaseEvent);
export type JournalLine = z.infer<typeof JournalLine>;

export const FIRST_PREV = "0".repeat(64);
