import { Button, HTMLSelect } from "@blueprintjs/core";
import { ArrowDownIcon, ArrowUpIcon, TrashIcon } from "@blueprintjs/icons";
import { Layer } from "../../../../shared/model/role.ts";
import type { RankedHypothesis } from "../../../../shared/reasoning/matrix.ts";
import { AdvisedText } from "../../../data/advised-text.tsx";
import { moveItem, removeItem, changeItem } from "../../../data/items.ts";
import { useItems } from "../use-items.ts";

interface HypothesisListProps {
  readonly ranking: readonly RankedHypothesis[];
  readonly readOnly: boolean;
}

/** Hypotheses, least inconsistent first, each with what speaks against it. */
export function HypothesisList({ ranking, readOnly }: HypothesisListProps) {
  const hypotheses = useItems("hypotheses");
  const worst = Math.max(1, ...ranking.map((r) => r.inconsistency));
  return (
    <ol className="iq-hypotheses" aria-label="Hypotheses, least inconsistent first">
      {ranking.map(({ hypothesis, inconsistency, counts, rank, rated }) => {
        const index = hypotheses.findIndex((h) => h.id === hypothesis.id);
        const name = `H${index + 1}`;
        return (
          <li key={hypothesis.id} className="iq-hypothesis" data-hypothesis={hypothesis.id}>
            <span className="iq-hypothesis-rank" title="Rank by least inconsistency">
              {rated === 0 ? "–" : `${rank}.`}
            </span>
            <span className="iq-hypothesis-name">{name}</span>
            <div className="iq-hypothesis-texts">
              <AdvisedText
                draftKey={`item/hypotheses/${hypothesis.id}/title`}
                label={`Hypothesis ${name}`}
                value={hypothesis.title}
                multiline={false}
                readOnly={readOnly}
              />
              <AdvisedText
                draftKey={`item/hypotheses/${hypothesis.id}/note`}
                label={`Note on ${name}`}
                value={hypothesis.note}
                placeholder="What would be seen if it were true, and what if not?"
                multiline
                readOnly={readOnly}
              />
            </div>
            <div
              className="iq-hypothesis-score"
              title={`${counts.I} inconsistent, ${counts.II} very inconsistent, ${counts.C + counts.CC} consistent, ${rated} rated`}
            >
              <span className="iq-hypothesis-bar">
                <span style={{ width: `${(inconsistency / worst) * 100}%` }} />
              </span>
              <span className="iq-num">{inconsistency} against</span>
            </div>
            <HTMLSelect
              aria-label={`Layer of ${name}`}
              value={hypothesis.layer}
              disabled={readOnly}
              options={[...Layer.options]}
              onChange={(e) => {
                const layer = Layer.safeParse(e.currentTarget.value);
                if (layer.success) {
                  void changeItem("hypotheses", hypothesis.id, (h) => ({
                    ...h,
                    layer: layer.data,
                  }));
                }
              }}
            />
            <span className="iq-nowrap">
              <Button
                size="small"
                variant="minimal"
                icon={<ArrowUpIcon />}
                aria-label={`Move ${name} to the left`}
                disabled={readOnly || index === 0}
                onClick={() => void moveItem("hypotheses", hypothesis.id, index - 1)}
              />
              <Button
                size="small"
                variant="minimal"
                icon={<ArrowDownIcon />}
                aria-label={`Move ${name} to the right`}
                disabled={readOnly || index === hypotheses.length - 1}
                onClick={() => void moveItem("hypotheses", hypothesis.id, index + 1)}
              />
              <Button
                size="small"
                variant="minimal"
                icon={<TrashIcon />}
                aria-label={`Remove ${name}`}
                disabled={readOnly}
                onClick={() => void removeItem("hypotheses", hypothesis.id)}
              />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
