import { Button } from "@blueprintjs/core";
import { BASES, MILESTONES, type Milestone } from "../../../../shared/model/reasoning.ts";
import { courseLengths, courseWarnings } from "../../../../shared/reasoning/impact.ts";
import { DraftText } from "../../../data/draft-text.tsx";
import { changeItem, removeItem } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";
import { duration } from "../../../widgets/format.ts";
import { CiteFindings } from "../cite-findings.tsx";
import { Choice, Objections } from "../panel-parts.tsx";
import { TimeField } from "../time-field.tsx";
import { useItems } from "../use-items.ts";
import { BASIS_NAMES } from "./basis-names.ts";

const NAMES: Readonly<Record<Milestone["id"], string>> = {
  started: "Started",
  detected: "Detected",
  mitigated: "Mitigated",
  resolved: "Resolved",
};

/** The four times of the incident and the lengths between them. */
export function Course({ readOnly }: { readOnly: boolean }) {
  const milestones = useItems("milestones");
  const incident = useCase((s) => s.state?.windows.incident ?? null);
  const set = (id: Milestone["id"], change: Partial<Milestone>) => {
    const blank: Milestone = { id, at: 0, basis: "input", findingIds: [], note: "" };
    void changeItem("milestones", id, (now) => ({ ...now, ...change }), blank);
  };
  const offered: Partial<Record<Milestone["id"], number | null>> = {
    started: incident?.from ?? null,
    resolved: incident?.to ?? null,
  };
  return (
    <section aria-label="Course of the incident">
      <h2>Course of the incident</h2>
      <table className="iq-table iq-milestones" aria-label="Milestones">
        <thead>
          <tr>
            <th>Milestone</th>
            <th>Time</th>
            <th>Where from</th>
            <th>Note</th>
            <th>Findings</th>
          </tr>
        </thead>
        <tbody>
          {MILESTONES.map((id) => {
            const item = milestones.find((m) => m.id === id);
            const offer = offered[id] ?? null;
            return (
              <tr key={id}>
                <th scope="row">{NAMES[id]}</th>
                <td>
                  <span className="iq-milestone-time">
                    <TimeField
                      label={`When it ${id === "started" ? "started" : `was ${id}`}`}
                      value={item?.at ?? null}
                      readOnly={readOnly}
                      onChange={(at) => {
                        if (at === null) void removeItem("milestones", id);
                        else set(id, { at });
                      }}
                    />
                    {item === undefined && offer !== null && (
                      <Button
                        size="small"
                        variant="minimal"
                        disabled={readOnly}
                        text={id === "started" ? "Incident’s begin" : "Incident’s end"}
                        onClick={() => {
                          set(id, { at: offer, basis: "estimate" });
                        }}
                      />
                    )}
                  </span>
                </td>
                <td>
                  {item !== undefined && (
                    <Choice
                      label={`Where the time ${id} comes from`}
                      value={item.basis}
                      options={BASES}
                      names={BASIS_NAMES}
                      readOnly={readOnly}
                      onChoose={(basis) => {
                        set(id, { basis });
                      }}
                    />
                  )}
                </td>
                <td>
                  {item !== undefined && (
                    <DraftText
                      draftKey={`item/milestones/${id}/note`}
                      label={`Note on ${id}`}
                      value={item.note}
                      placeholder="Who or what says so"
                      multiline={false}
                      readOnly={readOnly}
                    />
                  )}
                </td>
                <td>
                  {item !== undefined && (
                    <CiteFindings
                      cited={item.findingIds}
                      readOnly={readOnly}
                      subject={`the time ${id}`}
                      onChange={(findingIds) => {
                        set(id, { findingIds });
                      }}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <dl className="iq-lengths" aria-label="Lengths">
        {courseLengths(milestones).map(({ name, abbreviation, length, estimated }) => (
          <div key={abbreviation}>
            <dt>
              {name} <span className="iq-muted">{abbreviation}</span>
            </dt>
            <dd>
              {length === null ? "–" : duration(length)}
              {length !== null && estimated && <span className="iq-muted"> estimate</span>}
            </dd>
          </div>
        ))}
      </dl>
      <Objections label="Objections to the course" texts={courseWarnings(milestones)} />
    </section>
  );
}
