import type { FishboneText } from "../../../../shared/reasoning/fishbone-text.ts";

/** Directions of the arrow keys. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The text that lies nearest in the direction of an arrow key; null where there is none. */
export function textTowards(
  texts: readonly FishboneText[],
  from: FishboneText,
  key: string,
): string | null {
  const step = STEPS[key];
  if (step === undefined) return null;
  const middle = (t: FishboneText) => ({ x: t.x + t.width / 2, y: t.y + t.height / 2 });
  const start = middle(from);
  let best: { id: string; far: number } | null = null;
  for (const text of texts) {
    const { x, y } = middle(text);
    const along = (x - start.x) * step[0] + (y - start.y) * step[1];
    const aside = Math.abs((x - start.x) * step[1]) + Math.abs((y - start.y) * step[0]);
    if (along < 4) continue;
    const far = along + 2 * aside;
    if (best === null || far < best.far) best = { id: text.id, far };
  }
  return best?.id ?? null;
}
