import { Button } from "@blueprintjs/core";
import { PlusIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import type { Why } from "../../../../shared/model/reasoning.ts";
import { whyTree, whyWarnings } from "../../../../shared/reasoning/why-tree.ts";
import { AdvisedText } from "../../../data/advised-text.tsx";
import { newItemId, setItem } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { useItems, useReadOnly } from "../use-items.ts";
import { WhyNode } from "./why-node.tsx";
import "./whys.css";

/** Why it happened, and why that, as a tree in which each answer has its source. */
export function WhysPanel() {
  const whys = useItems("whys");
  const findings = useCase((s) => s.state?.findings ?? NONE);
  const problem = useCase((s) => s.state?.texts.problem ?? "");
  const readOnly = useReadOnly();
  const [freshId, setFreshId] = useState<string | null>(null);
  const tree = useMemo(() => whyTree(whys), [whys]);
  const warnings = useMemo(() => whyWarnings(whys, findings), [whys, findings]);
  const add = (parentId: string | null, area: Why["area"] = "technology") => {
    const item = { id: newItemId(), parentId, text: "", area, findingIds: [], assumption: false };
    setFreshId(item.id);
    void setItem({ collection: "whys", item });
  };
  const overall = warnings.filter((w) => w.whyId === null);
  return (
    <div className="iq-reasoning-page iq-whys">
      <p className="iq-muted">
        Ask why, and why again. Each “because” cites findings or is marked as an assumption; most
        incidents have several lines of causes, and one of them is why nobody noticed.
      </p>
      <label className="iq-whys-problem">
        <span>The problem</span>
        <AdvisedText
          draftKey="text/problem"
          label="The problem"
          value={problem}
          placeholder="What happened, to whom, from when to when, how large. No cause yet."
          multiline
          readOnly={readOnly}
        />
      </label>
      {overall.length > 0 && (
        <ul className="iq-whys-warnings" aria-label="What a reader would ask">
          {overall.map((w) => (
            <li key={w.kind}>
              {w.text}
              {w.kind === "nobody asked why it was not noticed" && (
                <Button
                  size="small"
                  variant="outlined"
                  text="Ask why nobody noticed"
                  disabled={readOnly}
                  onClick={() => {
                    add(null, "detection");
                  }}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {tree.length === 0 ? (
        <EmptyState
          nested
          title="No answer yet"
          action={
            <Button
              intent="primary"
              text="Ask why"
              disabled={readOnly}
              onClick={() => {
                add(null);
              }}
            />
          }
        >
          State the problem, then answer why it happened. Ask again of each answer until you reach
          something that the organisation can change.
        </EmptyState>
      ) : (
        <>
          <ol className="iq-why-list" aria-label="Answers to why">
            {tree.map((branch) => (
              <WhyNode
                key={branch.why.id}
                branch={branch}
                warnings={warnings}
                freshId={freshId}
                readOnly={readOnly}
                onAdd={add}
              />
            ))}
          </ol>
          <Button
            size="small"
            icon={<PlusIcon />}
            text="Another line of causes"
            disabled={readOnly}
            onClick={() => {
              add(null);
            }}
          />
        </>
      )}
    </div>
  );
}

const NONE: never[] = [];
