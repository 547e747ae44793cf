import { Tab, Tabs } from "@blueprintjs/core";
import type { ComponentType } from "react";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { ActionsPanel } from "./actions/actions-panel.tsx";
import { FactorsPanel } from "./factors/factors-panel.tsx";
import { FishbonePanel } from "./fishbone/fishbone-panel.tsx";
import { FmeaPanel } from "./fmea/fmea-panel.tsx";
import { ImpactPanel } from "./impact/impact-panel.tsx";
import { MatrixPanel } from "./matrix/matrix-panel.tsx";
import { SweepPanel } from "./sweep/sweep-panel.tsx";
import { WhysPanel } from "./whys/whys-panel.tsx";
import "./reasoning.css";

/** The tools, in the order in which they are usually used. The heading is for who reads headings. */
const PANELS: readonly {
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly Panel: ComponentType;
}[] = [
  { id: "hypotheses", title: "Hypotheses", heading: "Competing hypotheses", Panel: MatrixPanel },
  { id: "whys", title: "5 whys", heading: "Five whys", Panel: WhysPanel },
  { id: "fishbone", title: "Fishbone", heading: "Fishbone of causes", Panel: FishbonePanel },
  { id: "sweep", title: "4 P’s", heading: "People, process, product, platform", Panel: SweepPanel },
  {
    id: "factors",
    title: "Factors",
    heading: "Root cause and contributing factors",
    Panel: FactorsPanel,
  },
  { id: "fmea", title: "FMEA", heading: "Failure modes and their effects", Panel: FmeaPanel },
  { id: "impact", title: "Impact", heading: "Impact of the incident", Panel: ImpactPanel },
  {
    id: "actions",
    title: "Actions",
    heading: "Actions and how they are checked",
    Panel: ActionsPanel,
  },
];

/** From findings to causes, impact and actions: several tools over the same findings. */
export default function ReasoningView() {
  const hasCase = useCase((s) => s.state !== null);
  const tab = useView((s) => s.reasoningTab);
  const setTab = useView((s) => s.setReasoningTab);
  if (!hasCase) return null;
  return (
    <Tabs
      id="reasoning"
      className="iq-reasoning-tabs"
      selectedTabId={tab}
      renderActiveTabPanelOnly
      onChange={(id) => {
        setTab(String(id));
      }}
    >
      {PANELS.map(({ id, title, heading, Panel }) => (
        <Tab
          key={id}
          id={id}
          title={title}
          panel={
            <div className="iq-reasoning-scroll">
              <h1 className="iq-visually-hidden">{heading}</h1>
              <Panel />
            </div>
          }
        />
      ))}
    </Tabs>
  );
}
