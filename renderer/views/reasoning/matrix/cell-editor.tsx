import { Button, ButtonGroup } from "@blueprintjs/core";
import { RATINGS } from "../../../../shared/model/reasoning.ts";
import { AdvisedText } from "../../../data/advised-text.tsx";
import { useCase } from "../../../state/case-store.ts";
import { Sentence } from "../../../widgets/sentence.tsx";
import { useItems } from "../use-items.ts";
import type { CellPlace } from "./matrix-grid.tsx";
import { clearRating, rate } from "./rate.ts";

const MEANINGS = {
  CC: "very consistent",
  C: "consistent",
  N: "neutral",
  I: "inconsistent",
  II: "very inconsistent",
  NA: "not applicable",
} as const;

/** The chosen cell: what the finding says, how it fits, and why. */
export function CellEditor({ place, readOnly }: { place: CellPlace; readOnly: boolean }) {
  const findings = useCase((s) => s.state?.findings ?? NONE);
  const hypotheses = useItems("hypotheses");
  const cell = useItems("cells").find(
    (c) => c.findingId === place.findingId && c.hypothesisId === place.hypothesisId,
  );
  const number = findings.findIndex((f) => f.id === place.findingId) + 1;
  const finding = findings[number - 1];
  const index = hypotheses.findIndex((h) => h.id === place.hypothesisId) + 1;
  const hypothesis = hypotheses[index - 1];
  if (finding === undefined || hypothesis === undefined) return null;
  return (
    <section className="iq-cell-editor" aria-label={`Finding ${number} and H${index}`}>
      <h2>
        F{number} and H{index}
      </h2>
      <p>
        If “{hypothesis.title}” were true, would one see this? <strong>{finding.title}</strong>
        {finding.statement !== "" && (
          <>
            : <Sentence text={finding.statement} />
          </>
        )}
      </p>
      <ButtonGroup>
        {RATINGS.map((rating, i) => (
          <Button
            key={rating}
            size="small"
            active={cell?.rating === rating}
            aria-pressed={cell?.rating === rating}
            text={rating}
            title={`${MEANINGS[rating]} (key ${i + 1})`}
            disabled={readOnly}
            onClick={() => void rate(place, rating)}
          />
        ))}
        <Button
          size="small"
          text="Clear"
          disabled={readOnly || cell === undefined}
          onClick={() => void clearRating(place)}
        />
      </ButtonGroup>
      {cell !== undefined && (
        <AdvisedText
          key={cell.id}
          draftKey={`item/cells/${cell.id}/reason`}
          label="Reason of the rating"
          value={cell.reason}
          placeholder={`Why ${MEANINGS[cell.rating]}?`}
          multiline
          readOnly={readOnly}
        />
      )}
    </section>
  );
}

const NONE: never[] = [];
