import { ReportText } from "../../../data/report-text.tsx";
import { useCase } from "../../../state/case-store.ts";
import { useReadOnly } from "../use-items.ts";
import { Course } from "./course.tsx";
import { ImpactTable } from "./impact-table.tsx";
import { Objectives } from "./objectives.tsx";
import "./impact.css";

/** How long it took, whom it hit, what it cost; each number with where it comes from. */
export function ImpactPanel() {
  const readOnly = useReadOnly();
  const gap = useCase((s) => s.state?.texts["detection-gap"] ?? "");
  return (
    <div className="iq-reasoning-page iq-impact">
      <Course readOnly={readOnly} />
      <section aria-label="Why it was not noticed sooner">
        <h2>Why it was not noticed sooner</h2>
        <ReportText
          draftKey="text/detection-gap"
          label="Why it was not noticed sooner"
          value={gap}
          placeholder="Which signal was there, and why did nobody see it?"
          multiline
          readOnly={readOnly}
        />
      </section>
      <ImpactTable readOnly={readOnly} />
      <Objectives readOnly={readOnly} />
    </div>
  );
}
