/** Formats that are told from the values, the narrowest first; whole values, RE2 and Python alike. */
export const FORMATS = [
  {
    name: "digits",
    regex: "^[0-9]+$",
  },
  {
    name: "a UUID",
    regex: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
  },
  {
    name: "an ISO 8601 date",
    regex:
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$",
  },
  {
    name: "a mail address",
    regex: "^[^@ ]+@[^@ ]+[.][^@ ]+$",
  },
] as const;
export type Format = (typeof FORMATS)[number];

/** The format that all of these values have; null where there is none. */
export function formatOf(values: readonly string[]): Format | null {
  if (values.length === 0) return null;
  return FORMATS.find(({ regex }) => values.every((v) => new RegExp(regex).test(v))) ?? null;
}
