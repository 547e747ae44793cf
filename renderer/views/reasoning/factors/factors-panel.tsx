import { Button } from "@blueprintjs/core";
import { PlusIcon } from "@blueprintjs/icons";
import type { Factor } from "../../../../shared/model/reasoning.ts";
import { newItemId, setItem } from "../../../data/items.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { useItems, useReadOnly } from "../use-items.ts";
import { FactorCard } from "./factor-card.tsx";
import "./factors.css";

/** What brought the incident about, each with what was checked before it is called a cause. */
export function FactorsPanel() {
  const factors = useItems("factors");
  const readOnly = useReadOnly();
  const add = (role: Factor["role"]) => {
    const item: Factor = {
      id: newItemId(),
      text: "",
      role,
      layer: "data",
      claim: "unknown",
      checks: {},
      findingIds: [],
      note: "",
    };
    void setItem({ collection: "factors", item });
  };
  const roots = factors.filter((f) => f.role === "root cause");
  const others = factors.filter((f) => f.role !== "root cause");
  if (factors.length === 0) {
    return (
      <div className="iq-reasoning-page">
        <EmptyState
          nested
          title="No cause on record yet"
          action={
            <Button
              intent="primary"
              text="Add the root cause"
              disabled={readOnly}
              onClick={() => {
                add("root cause");
              }}
            />
          }
        >
          Say what the root cause is, and apart from it what triggered the incident, contributed,
          made it worse, or delayed its detection or recovery. Each says what was checked before it
          is called a cause.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="iq-reasoning-page iq-factors">
      <p className="iq-muted">
        What happened together is not yet a cause. For each factor, say what was checked and what
        was not; the report says both.
      </p>
      <section aria-label="Root cause">
        <div className="iq-reasoning-head">
          <h2>Root cause</h2>
          <Button
            size="small"
            icon={<PlusIcon />}
            text="Root cause"
            disabled={readOnly}
            onClick={() => {
              add("root cause");
            }}
          />
        </div>
        {roots.length === 0 && (
          <p className="iq-muted">
            None yet. If it is not known, add one that says so and what would settle it.
          </p>
        )}
        {roots.map((factor) => (
          <FactorCard key={factor.id} factor={factor} readOnly={readOnly} />
        ))}
      </section>
      <section aria-label="Contributing factors">
        <div className="iq-reasoning-head">
          <h2>Contributing factors</h2>
          <Button
            size="small"
            icon={<PlusIcon />}
            text="Factor"
            disabled={readOnly}
            onClick={() => {
              add("contributing");
            }}
          />
        </div>
        {others.length === 0 && (
          <p className="iq-muted">
            None yet. What else had to be so, what made it worse, why did it take as long as it did?
          </p>
        )}
        {others.map((factor) => (
          <FactorCard key={factor.id} factor={factor} readOnly={readOnly} />
        ))}
      </section>
    </div>
  );
}
