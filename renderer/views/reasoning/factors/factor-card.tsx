import { Button } from "@blueprintjs/core";
import { useState } from "react";
import { CAUSAL_CHECKS, FACTOR_ROLES, type Factor } from "../../../../shared/model/reasoning.ts";
import { Layer } from "../../../../shared/model/role.ts";
import {
  CHECK_QUESTIONS,
  factorStatement,
  factorWarnings,
} from "../../../../shared/reasoning/factors.ts";
import { AdvisedText } from "../../../data/advised-text.tsx";
import { DraftText } from "../../../data/draft-text.tsx";
import { changeItem, removeItem } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";
import { CiteFindings } from "../cite-findings.tsx";
import { Choice, Objections, RemoveButton } from "../panel-parts.tsx";

const CLAIMS = ["unknown", "correlation", "cause"] as const;
const CLAIM_NAMES = {
  unknown: "Not known whether a cause",
  correlation: "Correlation only",
  cause: "Claimed as a cause",
} as const;
const RESULTS = ["not checked", "supports", "contradicts", "unclear"] as const;

/** One factor: its role, what is claimed of it, and what carries the claim. */
export function FactorCard({ factor, readOnly }: { factor: Factor; readOnly: boolean }) {
  const findings = useCase((s) => s.state?.findings ?? NONE);
  const [open, setOpen] = useState(factor.role === "root cause");
  const made = CAUSAL_CHECKS.filter((name) => factor.checks[name] !== undefined).length;
  const name = factor.text.trim() === "" ? "this factor" : `“${factor.text}”`;
  const save = (change: Partial<Factor>) => {
    void changeItem("factors", factor.id, (now) => ({ ...now, ...change }));
  };
  return (
    <article className="iq-factor" data-claim={factor.claim} aria-label={`Factor: ${name}`}>
      <AdvisedText
        draftKey={`item/factors/${factor.id}/text`}
        label={`What ${factor.role === "root cause" ? "the root cause" : "the factor"} is`}
        value={factor.text}
        placeholder="What was so, in neutral words"
        multiline
        readOnly={readOnly}
      />
      <div className="iq-factor-facts">
        <Choice
          label={`Role of ${name}`}
          value={factor.role}
          options={FACTOR_ROLES}
          readOnly={readOnly}
          onChoose={(role) => {
            save({ role });
          }}
        />
        <Choice
          label={`Layer of ${name}`}
          value={factor.layer}
          options={Layer.options}
          readOnly={readOnly}
          onChoose={(layer) => {
            save({ layer });
          }}
        />
        <Choice
          label={`What is claimed of ${name}`}
          value={factor.claim}
          options={CLAIMS}
          names={CLAIM_NAMES}
          readOnly={readOnly}
          onChoose={(claim) => {
            save({ claim });
          }}
        />
        <CiteFindings
          cited={factor.findingIds}
          readOnly={readOnly}
          subject={name}
          onChange={(findingIds) => {
            save({ findingIds });
          }}
        />
        <span className="iq-spring" />
        <Button
          size="small"
          variant="minimal"
          text={`Checks: ${made} of ${CAUSAL_CHECKS.length}`}
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
          }}
        />
        <RemoveButton
          label={`Remove ${name}`}
          readOnly={readOnly}
          onRemove={() => void removeItem("factors", factor.id)}
        />
      </div>
      <Objections label={`Objections to ${name}`} texts={factorWarnings(factor, findings)} />
      {open && <Checks factor={factor} name={name} readOnly={readOnly} />}
      <p className="iq-muted iq-factor-statement">{factorStatement(factor)}</p>
    </article>
  );
}

function Checks(props: { factor: Factor; name: string; readOnly: boolean }) {
  const { factor, name, readOnly } = props;
  return (
    <table className="iq-table iq-factor-checks" aria-label={`Checks of ${name}`}>
      <tbody>
        {CAUSAL_CHECKS.map((check) => {
          const made = factor.checks[check];
          return (
            <tr key={check}>
              <th scope="row">
                {check}
                <span className="iq-muted">{CHECK_QUESTIONS[check]}</span>
              </th>
              <td>
                <Choice
                  label={`${check}: result for ${name}`}
                  value={made?.result ?? "not checked"}
                  options={RESULTS}
                  readOnly={readOnly}
                  onChoose={(result) => {
                    void changeItem("factors", factor.id, (now) => {
                      const { [check]: before, ...others } = now.checks;
                      if (result === "not checked") return { ...now, checks: others };
                      const made = { note: before?.note ?? "", result };
                      return { ...now, checks: { ...others, [check]: made } };
                    });
                  }}
                />
              </td>
              <td className="iq-factor-note">
                {made !== undefined && (
                  <DraftText
                    draftKey={`item/factors/${factor.id}/checks.${check}.note`}
                    label={`${check}: how it was checked for ${name}`}
                    value={made.note}
                    placeholder="How, and what was seen"
                    multiline={false}
                    readOnly={readOnly}
                  />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const NONE: never[] = [];
