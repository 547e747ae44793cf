/** A canvas pattern as zrender takes it. */
export interface Hatch {
  readonly image: HTMLCanvasElement;
  readonly repeat: "repeat";
  readonly scaleX: number;
  readonly scaleY: number;
}

const made = new Map<string, Hatch>();

/**
 * Diagonal lines: the incident's fill wherever the baseline's is solid.
 * Drawn at twice the size, so that it is sharp on dense screens.
 */
export function hatch(color: string, gap: number, width: number, ground?: string): Hatch {
  const key = `${color}|${String(gap)}|${String(width)}|${ground ?? ""}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const scale = 2;
  const size = gap * scale;
  const image = document.createElement("canvas");
  image.width = size;
  image.height = size;
  const context = image.getContext("2d");
  if (context !== null) {
    if (ground !== undefined) {
      context.fillStyle = ground;
      context.fillRect(0, 0, size, size);
    }
    context.strokeStyle = color;
    context.lineWidth = width * scale;
    context.beginPath();
    for (const shift of [-size, 0, size]) {
      context.moveTo(shift - size / 2, size + size / 2);
      context.lineTo(shift + size + size / 2, -size / 2);
    }
    context.stroke();
  }
  const pattern: Hatch = { image, repeat: "repeat", scaleX: 1 / scale, scaleY: 1 / scale };
  made.set(key, pattern);
  return pattern;
}
