/** What a number means by its format. */
export type NumberMeaning = "number" | "date" | "datetime" | "time" | "elapsed";

/** Formats that are not written into the file (ECMA-376, part 1, 18.8.30). */
const BUILT_IN: Readonly<Record<number, NumberMeaning>> = {
  14: "date",
  15: "date",
  16: "date",
  17: "date",
  18: "time",
  19: "time",
  20: "time",
  21: "time",
  22: "datetime",
  27: "date",
  28: "date",
  29: "date",
  30: "date",
  31: "date",
  32: "time",
  33: "time",
  34: "date",
  35: "date",
  36: "date",
  45: "time",
  46: "elapsed",
  47: "time",
  50: "date",
  51: "date",
  52: "date",
  53: "date",
  54: "date",
  55: "date",
  56: "date",
  57: "date",
  58: "date",
};

/** Meaning of a format's number, or of its code where the file defines it. */
export function meaningOf(id: number, code: string | undefined): NumberMeaning {
  if (code === undefined) return BUILT_IN[id] ?? "number";
  const [section = ""] = code.split(";");
  const bare = section
    .replace(/"[^"]*"|\\.|_.|\*./g, "")
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "")
    .toLowerCase();
  if (bare.includes("general")) return "number";
  if (/\[(?:h+|m+|s+)\]/.test(bare)) return "elapsed";
  const day = /[dy]/.test(bare);
  const clock = /[hs]/.test(bare);
  if (day || (bare.includes("m") && !clock)) return clock ? "datetime" : "date";
  return clock ? "time" : "number";
}

const DAY_MS = 86_400_000;
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
const MOST_DAYS = 2_958_466;

/**
 * A number as the seconds of a duration (`elapsed`: `[h]:mm`), or as the date or time that it means, or null where it means none. In
 * the 1900 system, 1900 is taken for a leap year: days before 1 March are one off.
 */
export function textOfSerial(
  value: number,
  meaning: NumberMeaning,
  date1904: boolean,
): string | null {
  if (!Number.isFinite(value)) return null;
  if (meaning === "elapsed") return String(Math.round(value * DAY_MS) / 1000);
  if (value < 0 || value >= MOST_DAYS) return null;
  if (meaning === "time" && value < 1) return clockOf(Math.round(value * DAY_MS) % DAY_MS);
  const shift = !date1904 && value < 60 ? DAY_MS : 0;
  // Excel keeps no more than milliseconds.
  const millis = Math.round(value * DAY_MS);
  const text = new Date((date1904 ? EPOCH_1904 : EPOCH_1900) + shift + millis).toISOString();
  const whole = millis % DAY_MS === 0;
  if (whole && meaning !== "datetime") return text.slice(0, 10);
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${text.slice(19, 23).replace(".000", "")}`;
}

/** `10:05:00.500`. */
function clockOf(millis: number): string {
  return new Date(millis).toISOString().slice(11, 23).replace(".000", "");
}
