import { Button, Checkbox, ProgressBar } from "@blueprintjs/core";
import { PlusIcon } from "@blueprintjs/icons";
import { BASES, type Objective } from "../../../../shared/model/reasoning.ts";
import { errorBudget } from "../../../../shared/reasoning/impact.ts";
import { DraftText } from "../../../data/draft-text.tsx";
import { changeItem, newItemId, removeItem, setItem } from "../../../data/items.ts";
import { number, percent } from "../../../widgets/format.ts";
import { CiteFindings } from "../cite-findings.tsx";
import { NumberField } from "../number-field.tsx";
import { Choice, Field, RemoveButton } from "../panel-parts.tsx";
import { useItems } from "../use-items.ts";
import { BASIS_NAMES } from "./basis-names.ts";

const MEASURES = ["minutes", "requests"] as const;

/** Service levels and what the incident took of their error budgets. */
export function Objectives({ readOnly }: { readOnly: boolean }) {
  const objectives = useItems("objectives");
  const add = () => {
    const item: Objective = {
      id: newItemId(),
      name: "Availability",
      target: 0.999,
      periodDays: 30,
      measure: "minutes",
      bad: null,
      total: null,
      contract: false,
      penalty: "",
      basis: "input",
      findingIds: [],
      note: "",
    };
    void setItem({ collection: "objectives", item });
  };
  return (
    <section aria-label="Service levels">
      <div className="iq-reasoning-head">
        <h2>Error budget and service levels</h2>
        <Button
          size="small"
          icon={<PlusIcon />}
          text="Service level"
          disabled={readOnly}
          onClick={add}
        />
      </div>
      {objectives.length === 0 && (
        <p className="iq-muted">
          None yet. What was promised (SLO, SLA), over which days, and how much of what may go wrong
          did this incident take?
        </p>
      )}
      {objectives.map((objective) => (
        <ObjectiveRow key={objective.id} objective={objective} readOnly={readOnly} />
      ))}
    </section>
  );
}

function ObjectiveRow({ objective, readOnly }: { objective: Objective; readOnly: boolean }) {
  const milestones = useItems("milestones");
  const { budget, bad, share, breached } = errorBudget(objective, milestones);
  const { id, measure, contract } = objective;
  const name = objective.name.trim() === "" ? "this service level" : `“${objective.name}”`;
  const save = (change: Partial<Objective>) => {
    void changeItem("objectives", id, (now) => ({ ...now, ...change }));
  };
  return (
    <article className="iq-objective" aria-label={`Service level: ${name}`}>
      <div className="iq-objective-row">
        <Field name="Name">
          <DraftText
            draftKey={`item/objectives/${id}/name`}
            label="Name of the service level"
            value={objective.name}
            multiline={false}
            readOnly={readOnly}
          />
        </Field>
        <Field name="Target, %">
          <NumberField
            label={`Target of ${name} in per cent`}
            value={Number((objective.target * 100).toPrecision(9))}
            readOnly={readOnly}
            refuse={(v) => (v > 0 && v < 100 ? null : "Between 0 and 100.")}
            onChange={(v) => {
              if (v !== null) save({ target: Number((v / 100).toPrecision(9)) });
            }}
          />
        </Field>
        <Field name="Over days">
          <NumberField
            label={`Days of ${name}`}
            value={objective.periodDays}
            readOnly={readOnly}
            refuse={(v) => (v > 0 ? null : "More than 0.")}
            onChange={(v) => {
              if (v !== null) save({ periodDays: v });
            }}
          />
        </Field>
        <Field name="Counted in">
          <Choice
            label={`What ${name} counts`}
            value={measure}
            options={MEASURES}
            readOnly={readOnly}
            onChoose={(next) => {
              save({ measure: next });
            }}
          />
        </Field>
        <Field name={`Bad ${measure}`}>
          <NumberField
            label={`Bad ${measure} of ${name}`}
            value={objective.bad}
            placeholder={measure === "minutes" && bad !== null ? number(bad) : ""}
            readOnly={readOnly}
            refuse={(v) => (v >= 0 ? null : "0 or more.")}
            onChange={(v) => {
              save({ bad: v });
            }}
          />
        </Field>
        {measure === "requests" && (
          <Field name="Of requests">
            <NumberField
              label={`All requests of ${name}`}
              value={objective.total}
              readOnly={readOnly}
              refuse={(v) => (v > 0 ? null : "More than 0.")}
              onChange={(v) => {
                save({ total: v });
              }}
            />
          </Field>
        )}
        <Field name="Where from">
          <Choice
            label={`Where ${name} comes from`}
            value={objective.basis}
            options={BASES}
            names={BASIS_NAMES}
            readOnly={readOnly}
            onChoose={(basis) => {
              save({ basis });
            }}
          />
        </Field>
      </div>
      <div className="iq-objective-source">
        <Checkbox
          label="In a contract (SLA)"
          checked={contract}
          disabled={readOnly}
          onChange={() => {
            save({ contract: !contract });
          }}
        />
        {contract && (
          <DraftText
            draftKey={`item/objectives/${id}/penalty`}
            label={`What a breach of ${name} costs`}
            value={objective.penalty}
            placeholder="What a breach costs"
            multiline={false}
            readOnly={readOnly}
          />
        )}
        <CiteFindings
          cited={objective.findingIds}
          readOnly={readOnly}
          subject={name}
          onChange={(findingIds) => {
            save({ findingIds });
          }}
        />
        <span className="iq-spring" />
        <RemoveButton
          label={`Remove ${name}`}
          readOnly={readOnly}
          onRemove={() => void removeItem("objectives", id)}
        />
      </div>
      {budget !== null && bad !== null && share !== null ? (
        <div className="iq-budget" data-breached={breached}>
          <ProgressBar
            animate={false}
            stripes={false}
            value={Math.min(1, share)}
            intent={breached === true ? "danger" : "primary"}
            aria-label={`Error budget of ${name} used`}
          />
          <span>
            {number(bad)} of {number(budget)} {measure} used: {percent(share)}
            {breached === true && <strong> – breached</strong>}
          </span>
        </div>
      ) : (
        <p className="iq-muted">
          {measure === "minutes"
            ? "Needs the times of the incident above, or the bad minutes."
            : "Needs the bad requests, and all requests of the period."}
        </p>
      )}
    </article>
  );
}
