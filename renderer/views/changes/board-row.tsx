import { Button } from "@blueprintjs/core";
import { PinIcon, ThListIcon, TimelineLineChartIcon } from "@blueprintjs/icons";
import type { BoardRow } from "../../../shared/model/board.ts";
import { useView } from "../../state/view-store.ts";
import { number, time } from "../../widgets/format.ts";
import { Sentence } from "../../widgets/sentence.tsx";
import { SparkPair } from "../../widgets/spark-pair.tsx";
import { LayerTag, VerdictTag } from "../../widgets/tags.tsx";
import { SOURCE_WORDS } from "./board-text.ts";

interface BoardLineProps {
  readonly row: BoardRow;
  /** µs UTC; null where it is not known. */
  readonly onset: number | null;
  /** The branch says the layer already. */
  readonly showsLayer: boolean;
  readonly isCurrent: boolean;
  readonly readOnly: boolean;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
  readonly onTimeline: () => void;
  readonly onPin: () => void;
}

/** One change: how strong, what, when, and where to go from it. */
export function BoardLine(props: BoardLineProps) {
  const { row, onset, showsLayer, isCurrent, readOnly, onFocus, onOpen, onTimeline, onPin } = props;
  const zone = useView((s) => s.timezone);
  const { name, of, sentence, verdict, strength, layer, source, distribution } = row;
  const at = row.at ?? onset;
  return (
    <li
      className="iq-board-row"
      data-row={row.id}
      data-verdict={verdict ?? "event"}
      aria-current={isCurrent ? "true" : undefined}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={onFocus}
    >
      <Strength strength={strength} />
      <div className="iq-board-what">
        <div className="iq-board-head">
          <span className="iq-board-name iq-clip" title={name}>
            {name}
          </span>
          {verdict !== null && <VerdictTag verdict={verdict} />}
          {showsLayer && <LayerTag layer={layer} />}
          <span className="iq-muted iq-clip">
            {SOURCE_WORDS[source]} · {of}
          </span>
        </div>
        <p className="iq-board-sentence">
          <Sentence text={sentence} />
        </p>
      </div>
      <div className="iq-board-spark">
        {distribution !== null && <SparkPair distribution={distribution} />}
      </div>
      <span className="iq-board-when iq-muted">{at === null ? "" : time(at, zone)}</span>
      <div className="iq-board-actions">
        <Button
          size="small"
          variant="minimal"
          icon={<ThListIcon size={14} />}
          aria-label={`Show the rows of ${name}`}
          title="Show rows (Enter)"
          onClick={onOpen}
        />
        <Button
          size="small"
          variant="minimal"
          icon={<TimelineLineChartIcon size={14} />}
          aria-label={`Show ${name} on the timeline`}
          title="Show on timeline (t)"
          onClick={onTimeline}
        />
        <Button
          size="small"
          variant="minimal"
          icon={<PinIcon size={14} />}
          aria-label={`Pin ${name} as a finding`}
          title="Pin as finding (p)"
          disabled={readOnly}
          onClick={onPin}
        />
      </div>
    </li>
  );
}

/** A third of the bar for each verdict; of an event no size is known. */
function Strength({ strength }: { strength: number | null }) {
  if (strength === null) return <span className="iq-board-event" title="not measured" />;
  return (
    <span
      className="iq-board-strength"
      role="meter"
      aria-label="Strength"
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={strength}
      title={`strength ${number(strength)}: from 0.33 minor, from 0.67 major`}
    >
      <span style={{ width: `${String(strength * 100)}%` }} />
    </span>
  );
}
