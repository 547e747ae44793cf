import type { FishboneCategory, FishboneCause } from "../model/reasoning.ts";
import { groupsOf, type CauseGroup, type GroupText } from "./fishbone-groups.ts";
import { approximateWidth, wrapText, type FishboneText, type Measure } from "./fishbone-text.ts";

/** What a fishbone shows. */
export interface Fishbone {
  readonly problem: string;
  readonly categories: readonly FishboneCategory[];
  readonly causes: readonly FishboneCause[];
  /** Findings of the case in their order: the first is F1. */
  readonly findings: readonly { readonly id: string }[];
}

export interface FishboneLine {
  /** Of the category or cause that it belongs to. */
  readonly id: string;
  readonly kind: "spine" | "bone" | "cause" | "stem";
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A drawn fishbone in units of one CSS pixel: where its lines and texts are. */
export interface FishboneLayout {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly FishboneLine[];
  readonly texts: readonly FishboneText[];
}

/** The ids of the problem and of the spine, which are no items. */
export const PROBLEM_ID = "problem";

/** How far a bone leans away from the head for each unit that it leaves the spine. */
const SLANT = 0.32;
const MARGIN = 16;
const GAP = 14;
const NAME_SIZE = 13;
const NAME_WIDTH = 150;
/** Beside a name there is room for the button that adds a cause. */
const NAME_ROOM = 30;
const HEAD_SIZE = 14;
const HEAD_WIDTH = 190;
const SHORTEST_BONE = 110;

type Side = -1 | 1;

interface Bone {
  readonly category: FishboneCategory;
  readonly side: Side;
  readonly pair: number;
  readonly name: readonly string[];
  readonly nameWidth: number;
  readonly groups: readonly CauseGroup[];
}

/**
 * Places a cause and effect diagram after Ishikawa: the problem at the right,
 * categories alternating above and below the spine. All bones of a side are
 * parallel and equally long, so that they stay apart by the widest of their
 * causes; every cause ends at its bone.
 */
export function layoutFishbone(
  fishbone: Fishbone,
  measure: Measure = approximateWidth,
): FishboneLayout {
  const bones = fishbone.categories.map((category, index) =>
    boneOf(fishbone, category, index, measure),
  );
  const above = sideSize(bones, -1);
  const below = sideSize(bones, 1);
  const head = headText(fishbone.problem, measure);
  const spineY = Math.max(MARGIN + above.length + above.name, MARGIN + head.height / 2);
  const joints = jointsOf(bones, { [-1]: above.length, [1]: below.length });
  const placed = bones.map((bone) =>
    placeBone(bone, {
      joint: joints[bone.pair] ?? 0,
      spineY,
      length: bone.side < 0 ? above.length : below.length,
    }),
  );
  const right = placed.flatMap((p) => p.texts).map((t) => t.x + t.width);
  const headX = Math.max((joints.at(-1) ?? MARGIN + 120) + 36, ...right.map((x) => x + GAP));
  const problem = moved({ ...head, y: spineY - head.height / 2 }, headX, spineY - head.height / 2);
  const spine: FishboneLine = {
    id: PROBLEM_ID,
    kind: "spine",
    x1: MARGIN,
    y1: spineY,
    x2: headX,
    y2: spineY,
  };
  return {
    width: Math.ceil(headX + head.width + MARGIN),
    height: Math.ceil(
      Math.max(spineY + below.length + below.name, spineY + head.height / 2) + MARGIN,
    ),
    lines: [spine, ...placed.flatMap((p) => p.lines)],
    texts: [...placed.flatMap((p) => p.texts), problem],
  };
}

/** The category whose name is at a place, or whose bone is to the right of it: where a cause that is put down there hangs. */
export function boneAt({ lines, texts }: FishboneLayout, x: number, y: number): string | null {
  const name = texts.find(
    (t) =>
      t.kind === "category" && x >= t.x && x <= t.x + t.width && y >= t.y && y <= t.y + t.height,
  );
  const spine = lines.find((l) => l.kind === "spine");
  if (name !== undefined || spine === undefined) return name?.id ?? null;
  const bones = lines.filter((l) => l.kind === "bone");
  const beside = bones.filter((l) => l.y1 < l.y2 === y < spine.y1);
  const side = beside.length > 0 ? beside : bones;
  const at = (bone: FishboneLine): number => {
    const share = Math.min(1, Math.max(0, (y - bone.y1) / (bone.y2 - bone.y1)));
    return bone.x1 + share * (bone.x2 - bone.x1);
  };
  return (side.find((bone) => at(bone) >= x) ?? side.at(-1))?.id ?? null;
}

function boneOf(
  { causes, findings }: Fishbone,
  category: FishboneCategory,
  index: number,
  measure: Measure,
): Bone {
  const width = (line: string): number => measure(line, NAME_SIZE, true);
  const name = wrapText(category.name.trim() === "" ? "…" : category.name, NAME_WIDTH, width);
  return {
    category,
    side: index % 2 === 0 ? -1 : 1,
    pair: Math.floor(index / 2),
    name,
    nameWidth: Math.max(40, ...name.map(width)) + 16,
    groups: groupsOf(
      causes.filter((c) => c.categoryId === category.id),
      findings,
      measure,
    ),
  };
}

/** Length of the bones of one side along y, and height of their names. */
function sideSize(bones: readonly Bone[], side: Side): { length: number; name: number } {
  const of = bones.filter((b) => b.side === side);
  if (of.length === 0) return { length: 0, name: 0 };
  const filled = of.map((b) => GAP + b.groups.reduce((sum, g) => sum + g.height + GAP, 0));
  return {
    length: Math.max(SHORTEST_BONE, ...filled.map((f) => f + 6)),
    name: Math.max(...of.map((b) => nameHeight(b))),
  };
}

const nameHeight = (bone: Bone): number => bone.name.length * 17 + 8;

/** Where the bones of each pair meet the spine. */
function jointsOf(bones: readonly Bone[], length: Record<Side, number>): readonly number[] {
  const joints: number[] = [];
  for (let pair = 0; bones.some((b) => b.pair === pair); pair++) {
    const before = joints[pair - 1];
    const lefts = bones
      .filter((b) => b.pair === pair)
      .map((bone) => {
        const widest = Math.max(
          60,
          ...bone.groups.map((g) => g.width + SLANT * g.height + 2 * GAP),
        );
        if (before === undefined) {
          const tip = SLANT * length[bone.side];
          return MARGIN + Math.max(tip + widest, tip + bone.nameWidth / 2 + NAME_ROOM);
        }
        const neighbour = bones.find((b) => b.pair === pair - 1 && b.side === bone.side);
        const names = ((neighbour?.nameWidth ?? 0) + bone.nameWidth) / 2 + NAME_ROOM + GAP;
        return before + Math.max(widest, names);
      });
    joints.push(Math.max(...lefts));
  }
  return joints;
}

interface Placed {
  readonly lines: readonly FishboneLine[];
  readonly texts: readonly FishboneText[];
}

function placeBone(
  bone: Bone,
  { joint, spineY, length }: { joint: number; spineY: number; length: number },
): Placed {
  const { category, side, groups } = bone;
  const tipY = spineY + side * length;
  const boneX = (y: number): number => joint - SLANT * Math.abs(y - spineY);
  const taken = groups.reduce((sum, g) => sum + g.height, 0);
  // A bone with room to spare spreads its causes.
  const gap = (length - 6 - taken) / (groups.length + 1);
  let y = Math.min(tipY, spineY + 6 * side) + gap;
  const placed = groups.map((group) => {
    const limit = Math.min(boneX(y), boneX(y + group.height));
    const part = placeGroup(group, limit - GAP - group.width, y, boneX);
    y += group.height + gap;
    return part;
  });
  const line: FishboneLine = {
    id: category.id,
    kind: "bone",
    x1: boneX(tipY),
    y1: tipY,
    x2: joint,
    y2: spineY,
  };
  return {
    lines: [line, ...placed.flatMap((p) => p.lines)],
    texts: [placeName(bone, boneX(tipY), tipY), ...placed.flatMap((p) => p.texts)],
  };
}

function placeName(bone: Bone, x: number, tipY: number): FishboneText {
  const height = nameHeight(bone);
  const y = bone.side < 0 ? tipY - height : tipY;
  return {
    id: bone.category.id,
    kind: "category",
    level: 0,
    x: x - bone.nameWidth / 2,
    y,
    width: bone.nameWidth,
    height,
    size: NAME_SIZE,
    bold: true,
    lines: bone.name.map((text, i) => ({
      text,
      x: x - bone.nameWidth / 2 + 8,
      y: y + 17 + i * 17,
    })),
    marks: null,
  };
}

/** A cause with all that hangs on it: its line runs to the bone, the others stand on stems below it. */
function placeGroup(
  group: CauseGroup,
  left: number,
  top: number,
  boneX: (y: number) => number,
): Placed {
  const texts = group.texts.map((text) => moved(text, left + text.x, top + text.y));
  const lines = group.texts.flatMap((text): FishboneLine[] => {
    const y = top + text.y + text.height;
    if (text.level === 0) {
      return [{ id: text.id, kind: "cause", x1: left, y1: y, x2: boneX(y), y2: y }];
    }
    const foot = { x: left + text.x, y: top + text.y + text.height / 2 };
    const parent = group.texts.find((t) => t.id === text.parentId);
    const from = top + (parent === undefined ? text.y : parent.y + parent.height);
    // The stem leans like the bone does, and ends at the text's left edge.
    return [{ id: text.id, kind: "stem", x1: foot.x - 12, y1: from, x2: foot.x - 3, y2: foot.y }];
  });
  return { lines, texts };
}

function headText(problem: string, measure: Measure): FishboneText {
  const width = (line: string): number => measure(line, HEAD_SIZE, true);
  const lines = wrapText(problem.trim() === "" ? "…" : problem, HEAD_WIDTH, width);
  return {
    id: PROBLEM_ID,
    kind: "problem",
    level: 0,
    x: 0,
    y: 0,
    width: Math.max(110, ...lines.map(width)) + 24,
    height: lines.length * 18 + 20,
    size: HEAD_SIZE,
    bold: true,
    lines: lines.map((text, i) => ({ text, x: 12, y: 24 + i * 18 })),
    marks: null,
  };
}

/** A text whose lines are relative to its corner, put at a place. */
function moved(text: FishboneText | GroupText, x: number, y: number): FishboneText {
  const { id, kind, level, width, height, size, bold, marks } = text;
  return {
    id,
    kind,
    level,
    x,
    y,
    width,
    height,
    size,
    bold,
    lines: text.lines.map((l) => ({ text: l.text, x: x + l.x, y: y + l.y })),
    marks: marks === null ? null : { text: marks.text, x: x + marks.x, y: y + marks.y },
  };
}
