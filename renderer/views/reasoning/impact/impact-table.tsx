import { Button } from "@blueprintjs/core";
import { PlusIcon } from "@blueprintjs/icons";
import { BASES, IMPACT_KINDS, type ImpactItem } from "../../../../shared/model/reasoning.ts";
import { impactWarnings, requestsInIncident } from "../../../../shared/reasoning/impact.ts";
import { DraftText } from "../../../data/draft-text.tsx";
import { changeItem, newItemId, removeItem, setItem } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";
import { CiteFindings } from "../cite-findings.tsx";
import { NumberField } from "../number-field.tsx";
import { Choice, Objections, RemoveButton } from "../panel-parts.tsx";
import { useItems } from "../use-items.ts";
import { BASIS_NAMES } from "./basis-names.ts";

const UNITS: Readonly<Record<ImpactItem["kind"], string>> = {
  requests: "requests",
  users: "users",
  money: "EUR",
  churn: "customers",
  other: "",
};

/** Numbers of the impact, each low, likely and high. */
export function ImpactTable({ readOnly }: { readOnly: boolean }) {
  const impacts = useItems("impacts");
  const state = useCase((s) => s.state);
  const inWindow = state === null ? null : requestsInIncident(state);
  const add = (item: Partial<ImpactItem>) => {
    const kind = item.kind ?? "users";
    const blank: ImpactItem = {
      id: newItemId(),
      kind,
      name: "",
      unit: UNITS[kind],
      low: null,
      likely: null,
      high: null,
      basis: "estimate",
      findingIds: [],
      note: "",
    };
    void setItem({ collection: "impacts", item: { ...blank, ...item } });
  };
  return (
    <section aria-label="Impact">
      <div className="iq-reasoning-head">
        <h2>What it cost</h2>
        <Button
          size="small"
          icon={<PlusIcon />}
          text="Number"
          disabled={readOnly}
          onClick={() => {
            add({});
          }}
        />
        {inWindow !== null && impacts.every((i) => i.kind !== "requests") && (
          <Button
            size="small"
            text="Requests in the incident"
            title="From the requests per hour of the case and the length of the incident"
            disabled={readOnly}
            onClick={() => {
              add({
                kind: "requests",
                name: "Requests during the incident",
                unit: "requests",
                likely: Math.round(inWindow),
                basis: "input",
                note: "requests per hour × length of the incident",
              });
            }}
          />
        )}
      </div>
      {impacts.length === 0 ? (
        <p className="iq-muted">
          Nothing on record yet. Requests or users affected, money, customers lost: with a low, a
          likely and a high value, and where each comes from.
        </p>
      ) : (
        impacts.map((item) => <ImpactRow key={item.id} item={item} readOnly={readOnly} />)
      )}
    </section>
  );
}

function ImpactRow({ item, readOnly }: { item: ImpactItem; readOnly: boolean }) {
  const findings = useCase((s) => s.state?.findings ?? NONE);
  const name = item.name.trim() === "" ? "this number" : `“${item.name}”`;
  const save = (change: Partial<ImpactItem>) => {
    void changeItem("impacts", item.id, (now) => ({ ...now, ...change }));
  };
  return (
    <article className="iq-impact-item" aria-label={`Impact: ${name}`}>
      <div className="iq-impact-row">
        <Choice
          label={`Kind of ${name}`}
          value={item.kind}
          options={IMPACT_KINDS}
          readOnly={readOnly}
          onChoose={(kind) => {
            const usual = UNITS[item.kind] === item.unit;
            save(usual ? { kind, unit: UNITS[kind] } : { kind });
          }}
        />
        <DraftText
          draftKey={`item/impacts/${item.id}/name`}
          label="What is counted"
          value={item.name}
          placeholder="What is counted, such as: users who saw wrong prices"
          multiline={false}
          readOnly={readOnly}
        />
        {(["low", "likely", "high"] as const).map((which) => (
          <NumberField
            key={which}
            label={`${which} value of ${name}`}
            value={item[which]}
            placeholder={which}
            readOnly={readOnly}
            onChange={(value) => {
              save({ [which]: value });
            }}
          />
        ))}
        <DraftText
          draftKey={`item/impacts/${item.id}/unit`}
          label={`Unit of ${name}`}
          value={item.unit}
          placeholder="unit"
          multiline={false}
          readOnly={readOnly}
        />
      </div>
      <div className="iq-impact-source">
        <Choice
          label={`Where ${name} comes from`}
          value={item.basis}
          options={BASES}
          names={BASIS_NAMES}
          readOnly={readOnly}
          onChoose={(basis) => {
            save({ basis });
          }}
        />
        <DraftText
          draftKey={`item/impacts/${item.id}/note`}
          label={`How ${name} was worked out`}
          value={item.note}
          placeholder="How it was worked out, and what makes it uncertain"
          multiline={false}
          readOnly={readOnly}
        />
        <CiteFindings
          cited={item.findingIds}
          readOnly={readOnly}
          subject={name}
          onChange={(findingIds) => {
            save({ findingIds });
          }}
        />
        <RemoveButton
          label={`Remove ${name}`}
          readOnly={readOnly}
          onRemove={() => void removeItem("impacts", item.id)}
        />
      </div>
      <Objections label={`Objections to ${name}`} texts={impactWarnings(item, findings)} />
    </article>
  );
}

const NONE: never[] = [];
