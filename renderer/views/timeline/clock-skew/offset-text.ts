/** `+1 h 30 min`, `−2.5 s`: an offset in full, as it is added to times. */
export function offsetText(micros: number): string {
  const size = Math.abs(micros) / 1e6;
  const [hours, minutes] = [Math.floor(size / 3600), Math.floor((size % 3600) / 60)];
  const seconds = Number((size % 60).toFixed(size < 60 ? 3 : 1));
  const parts = [
    ...(hours === 0 ? [] : [`${String(hours)} h`]),
    ...(minutes === 0 ? [] : [`${String(minutes)} min`]),
    ...(seconds === 0 && size >= 1 ? [] : [`${String(seconds)} s`]),
  ];
  return `${micros < 0 ? "−" : "+"}${parts.join(" ")}`;
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, min: 60, m: 60, s: 1, ms: 0.001 };

/** Milliseconds of `+90`, `-1 h 30 min`, `2.5 s`, `250 ms`; null for anything else. */
export function readOffset(text: string): number | null {
  const bare = text.trim().replace(/^[−–]/u, "-");
  const sign = bare.startsWith("-") ? -1 : 1;
  const rest = bare.replace(/^[+-]\s*/u, "");
  if (/^\d+(?:\.\d+)?$/u.test(rest)) return sign * Number(rest) * 1000;
  const parts = [...rest.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|h|m|s)\s*/gu)];
  if (parts.length === 0 || parts.map((p) => p[0]).join("") !== rest) return null;
  const seconds = parts.reduce((sum, [, n, unit = "s"]) => sum + Number(n) * (UNITS[unit] ?? 1), 0);
  return (sign * Math.round(seconds * 1e6)) / 1000;
}
