import type { SimilarCase } from "../../../shared/library/similar-cases.ts";
import type { CaseDigest } from "../../../shared/model/library.ts";

interface SimilarListProps {
  readonly open: CaseDigest;
  readonly similar: readonly SimilarCase[];
  readonly cases: readonly CaseDigest[];
}

/** Past cases like the open one, each with why, and what it turned out to be. */
export function SimilarList({ open, similar, cases }: SimilarListProps) {
  if (similar.length === 0) {
    return (
      <p className="iq-muted">
        No other case is like “{open.name}” so far. Likeness is read from summary, problem,
        findings, factors, suspects and layers.
      </p>
    );
  }
  return (
    <ol className="iq-similar" aria-label="Cases like the open one">
      {similar.map((s) => {
        const other = cases.find((c) => c.id === s.id);
        if (other === undefined) return null;
        const root = other.factors.find((f) => f.role === "root cause");
        return (
          <li key={s.id}>
            <strong>{other.name}</strong>{" "}
            <span className="iq-muted">likeness {s.likeness.toFixed(2)}</span>
            <div>
              {root === undefined ? "Its root cause is not on record." : `It was: ${root.text}`}
            </div>
            <div className="iq-muted">
              {[
                ...(s.suspects.length === 0 ? [] : [`both suspect ${s.suspects.join(", ")}`]),
                ...(s.sameLayer ? ["the same layer"] : []),
                ...(s.words.length === 0 ? [] : [`both speak of ${s.words.join(", ")}`]),
              ].join(" · ")}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
