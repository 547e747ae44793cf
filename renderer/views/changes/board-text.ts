import type { Grouping } from "../../../shared/analysis/board/group-board.ts";
import type { BoardRow, Perspective } from "../../../shared/model/board.ts";
import { Layer } from "../../../shared/model/role.ts";
import { LAYER_WORDS } from "../../widgets/tags.tsx";

export const SOURCE_WORDS: Readonly<Record<BoardRow["source"], string>> = {
  ...{ column: "column", series: "series", table: "table", template: "log lines" },
  ...{ parameter: "number in log lines", stack: "stack trace", model: "outcome of a model" },
  ...{ event: "event", note: "note" },
};

const PERSPECTIVE_WORDS: Readonly<Record<Perspective, { title: string; of: string }>> = {
  people: { title: "People", of: "what somebody noticed, did by hand or told others" },
  process: { title: "Process", of: "deployments, configuration, how data are made and handed on" },
  product: { title: "Product", of: "who uses it, what the models see and answer" },
  platform: { title: "Platform", of: "services, their logs, the machines under them" },
};

const LAYER_OF: Readonly<Record<Layer, string>> = {
  data: "tables and what a pipeline did to them",
  features: "what models are given",
  model: "what models answer, and how right they are",
  serving: "requests, latencies, errors, logs",
  infrastructure: "machines, networks, stores",
  people: "deployments, configuration, what was noticed and done",
};

export const GROUPINGS: readonly { readonly id: Grouping; readonly title: string }[] = [
  { id: "layer", title: "By layer" },
  { id: "perspective", title: "By people, process, product, platform" },
  { id: "none", title: "One list" },
];

/** Heading of a branch, and what belongs to it; both groupings have one that is called `people`. */
export function titleOf(grouping: Grouping, key: string): { title: string; of: string } {
  if (grouping === "none") return { title: "All that differs", of: "strongest first" };
  if (grouping === "perspective") return PERSPECTIVE_WORDS[key as Perspective];
  const layer = Layer.parse(key);
  const words = LAYER_WORDS[layer];
  return { title: `${words.charAt(0).toUpperCase()}${words.slice(1)}`, of: LAYER_OF[layer] };
}
