import { WarningSignIcon } from "@blueprintjs/icons";
import { useMemo } from "react";
import { cutExports } from "../../../shared/model/cut-exports.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";

/** Evidence behind the comparison that may not hold all there was: the exporter's limit is no drop in traffic. */
export function CutWarning() {
  const state = useCase((s) => s.state);
  const show = useView((s) => s.show);
  const select = useView((s) => s.selectEvidence);
  const cut = useMemo(
    () => (state === null ? [] : cutExports(state.evidence, state.windows)),
    [state],
  );
  if (cut.length === 0) return null;
  return (
    <details className="iq-caution">
      <summary>
        <WarningSignIcon size={14} />
        {cut.length === 1
          ? "One file behind this comparison may be incomplete"
          : `${cut.length} signs that files behind this comparison are incomplete`}
      </summary>
      <ul>
        {cut.map((c) => (
          <li key={`${c.id}/${c.why}`}>
            <button
              type="button"
              className="iq-link"
              onClick={() => {
                select(c.id);
                show("evidence");
              }}
            >
              {c.id} {c.name}
            </button>
            : {c.why}
          </li>
        ))}
      </ul>
    </details>
  );
}
