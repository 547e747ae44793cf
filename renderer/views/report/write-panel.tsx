import { useCase } from "../../state/case-store.ts";
import { ReportText } from "../../data/report-text.tsx";
import { PartsList } from "./parts-list.tsx";

/** What a person writes and chooses for the report. */
export function WritePanel({ readOnly }: { readOnly: boolean }) {
  const summary = useCase((s) => s.state?.summary ?? "");
  return (
    <>
      <section>
        <h2>Summary</h2>
        <p className="iq-muted">
          What happened, to whom, for how long, in words for people who will not read on. It opens
          the report.
        </p>
        <ReportText
          draftKey="summary"
          label="Summary of the report"
          value={summary}
          placeholder="For three weeks …"
          multiline
          readOnly={readOnly}
        />
      </section>
      <section>
        <h2>Parts</h2>
        <p className="iq-muted">
          Ticked parts stand in the report for the readers chosen above it. Parts without content
          are left out.
        </p>
        <PartsList readOnly={readOnly} />
      </section>
    </>
  );
}
