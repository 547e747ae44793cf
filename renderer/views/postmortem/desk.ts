import { useEffect, useState } from "react";
import { z } from "zod";
import { Layer } from "../../../shared/model/role.ts";
import { keepDraft, readDesk } from "../../data/drafts.ts";

/** What a person changed of one entry; what is not there stays as it was read. */
const EntryEdit = z.object({
  chosen: z.boolean().optional(),
  /** As typed; a time of the zone shown. */
  at: z.string().optional(),
  to: z.string().optional(),
  text: z.string().optional(),
  kind: z.string().optional(),
  layer: Layer.optional(),
});
export type EntryEdit = z.infer<typeof EntryEdit>;

const Desk = z.object({
  /** Of the file; of a pasted text what the person calls it. */
  name: z.string(),
  text: z.string(),
  /** `YYYY-MM-DD` to take where the text names no day. */
  day: z.string(),
  /** Minutes east of UTC to take where the text names no zone. */
  zoneMinutes: z.number(),
  /** By place and time of the entry. */
  edits: z.record(z.string(), EntryEdit),
});
/** A post-mortem that is being read: its text and what was decided about it. */
export type Desk = z.infer<typeof Desk>;

const EMPTY: Desk = {
  name: "Post-mortem",
  text: "",
  day: new Date().toISOString().slice(0, 10),
  zoneMinutes: 0,
  edits: {},
};

interface DeskState {
  /** Null while it is read from the case. */
  readonly desk: Desk | null;
  readonly change: (some: Partial<Desk>) => void;
}

/** The text on the desk of the open case: every key press is on disk before the next. */
export function useDesk(): DeskState {
  const [desk, setDesk] = useState<Desk | null>(null);
  useEffect(() => {
    let isGone = false;
    void readDesk("post-mortem").then((kept) => {
      if (!isGone) setDesk(kept === null ? EMPTY : deskOf(kept));
    });
    return () => {
      isGone = true;
    };
  }, []);
  return {
    desk,
    change: (some) => {
      const next = { ...(desk ?? EMPTY), ...some };
      setDesk(next);
      void keepDraft("post-mortem", next.text === "" ? null : JSON.stringify(next));
    },
  };
}

/** What was kept; a text that cannot be read as a desk is taken for the post-mortem. */
function deskOf(kept: string): Desk {
  try {
    const read = Desk.safeParse(JSON.parse(kept));
    if (read.success) return read.data;
  } catch {
    // No JSON: the text itself.
  }
  return { ...EMPTY, text: kept };
}
