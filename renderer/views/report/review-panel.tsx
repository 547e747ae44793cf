import { Button, InputGroup } from "@blueprintjs/core";
import { TickCircleIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import type { REVIEW_STATES } from "../../../shared/model/reasoning.ts";
import { reviewOf } from "../../../shared/model/review.ts";
import { missingForDone } from "../../../shared/reasoning/definition-of-done.ts";
import { useCase } from "../../state/case-store.ts";
import { goTo } from "../../state/view-store.ts";
import { DoneList } from "../../widgets/done-list.tsx";

type Status = (typeof REVIEW_STATES)[number];

/** What is missing until the report is done, and who put it into which state. */
export function ReviewPanel() {
  const state = useCase((s) => s.state);
  const heldElsewhere = useCase((s) => s.opened?.readOnly !== null);
  const append = useCase((s) => s.append);
  const [by, setBy] = useState("");
  const [note, setNote] = useState("");
  const missing = useMemo(() => (state === null ? [] : missingForDone(state)), [state]);
  if (state === null) return null;
  const { status, version } = reviewOf(state);
  const needed = missing.filter((m) => m.severity === "needed").length;
  const step = async (next: Status, of: number) => {
    const data = { status: next, version: of, by: by.trim(), note, at: new Date().toISOString() };
    if (await append({ type: "review/set", data })) setNote("");
  };
  const unnamed = by.trim() === "";
  return (
    <>
      <section>
        <h2>
          {status === "final" ? `Final, version ${version}` : `Version ${version}: ${status}`}
        </h2>
        <p className="iq-muted">
          {status === "final"
            ? "A final report is not edited: a new version supersedes it."
            : "A report says “draft” until somebody has reviewed it and signed it off."}
        </p>
        <InputGroup
          aria-label="Who reviews"
          placeholder="Your name"
          value={by}
          disabled={heldElsewhere}
          onValueChange={setBy}
        />
        <InputGroup
          aria-label="Note on the review"
          placeholder="Note, for the record"
          value={note}
          disabled={heldElsewhere}
          onValueChange={setNote}
        />
        <div className="iq-review-steps">
          {status === "draft" && (
            <Button
              text="Hand in for review"
              disabled={heldElsewhere || unnamed}
              onClick={() => void step("in review", version)}
            />
          )}
          {status === "in review" && (
            <>
              <Button
                text="Back to draft"
                disabled={heldElsewhere || unnamed}
                onClick={() => void step("draft", version)}
              />
              <Button
                intent="primary"
                icon={<TickCircleIcon />}
                text="Sign off as final"
                disabled={heldElsewhere || unnamed || needed > 0}
                onClick={() => void step("final", version)}
              />
            </>
          )}
          {status === "final" && (
            <Button
              text={`Begin version ${version + 1}`}
              disabled={heldElsewhere || unnamed}
              onClick={() => void step("draft", version + 1)}
            />
          )}
        </div>
        {status === "in review" && needed > 0 && (
          <p className="iq-muted">It can be signed off once nothing that is needed is missing.</p>
        )}
      </section>
      <section>
        <h2>Definition of done</h2>
        <DoneList missing={missing} onGo={goTo} />
      </section>
      {state.review.length > 0 && (
        <section>
          <h2>Steps of the review</h2>
          <ol className="iq-exports" aria-label="Steps of the review">
            {[...state.review].reverse().map((s) => (
              <li key={`${s.at}/${s.status}`}>
                <span>
                  Version {s.version}: {s.status}, {s.by}
                </span>
                <span className="iq-muted">
                  {s.at.slice(0, 19).replace("T", " ")} UTC{s.note === "" ? "" : ` · ${s.note}`}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}
