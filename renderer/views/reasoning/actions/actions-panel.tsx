import { Button } from "@blueprintjs/core";
import { PlusIcon } from "@blueprintjs/icons";
import { ACTION_KINDS, type Action } from "../../../../shared/model/reasoning.ts";
import { actionGaps } from "../../../../shared/reasoning/actions.ts";
import { missingForDone } from "../../../../shared/reasoning/definition-of-done.ts";
import { newItemId, setItem } from "../../../data/items.ts";
import { ReportText } from "../../../data/report-text.tsx";
import { useCase } from "../../../state/case-store.ts";
import { goTo } from "../../../state/view-store.ts";
import { DoneList } from "../../../widgets/done-list.tsx";
import { Objections } from "../panel-parts.tsx";
import { useItems, useReadOnly } from "../use-items.ts";
import { ActionCard } from "./action-card.tsx";
import "./actions.css";

const HINTS: Readonly<Record<Action["kind"], string>> = {
  preventive: "so that it cannot happen again",
  detective: "so that it is noticed sooner",
  corrective: "so that what it left behind is put right",
};

/** What is done about it, by whom, until when, and how its success shows. */
export function ActionsPanel() {
  const actions = useItems("actions");
  const factors = useItems("factors");
  const state = useCase((s) => s.state);
  const readOnly = useReadOnly();
  const add = (kind: Action["kind"]) => {
    const item: Action = {
      id: newItemId(),
      title: "",
      kind,
      owner: "",
      due: "",
      metric: "",
      check: null,
      results: [],
      factorIds: [],
      state: "open",
      note: "",
    };
    void setItem({ collection: "actions", item });
  };
  return (
    <div className="iq-reasoning-page iq-actions">
      <Objections label="What the actions leave out" texts={actionGaps(actions, factors)} />
      {ACTION_KINDS.map((kind) => (
        <section key={kind} aria-label={`${kind} actions`}>
          <div className="iq-reasoning-head">
            <h2>
              {kind[0]?.toUpperCase()}
              {kind.slice(1)} <span className="iq-muted">{HINTS[kind]}</span>
            </h2>
            <Button
              size="small"
              icon={<PlusIcon />}
              text="Action"
              aria-label={`Add a ${kind} action`}
              disabled={readOnly}
              onClick={() => {
                add(kind);
              }}
            />
          </div>
          {actions
            .filter((a) => a.kind === kind)
            .map((action) => (
              <ActionCard key={action.id} action={action} readOnly={readOnly} />
            ))}
          {actions.every((a) => a.kind !== kind) && <p className="iq-muted">None yet.</p>}
        </section>
      ))}
      <section aria-label="Lessons">
        <h2>Lessons</h2>
        <ReportText
          draftKey="text/lessons"
          label="Lessons"
          value={state?.texts.lessons ?? ""}
          placeholder="What went well, what did not, where luck helped"
          multiline
          readOnly={readOnly}
        />
      </section>
      {state !== null && (
        <section aria-label="Definition of done">
          <h2>
            Definition of done <span className="iq-muted">until then the report is a draft</span>
          </h2>
          <DoneList missing={missingForDone(state)} onGo={goTo} />
        </section>
      )}
    </div>
  );
}
