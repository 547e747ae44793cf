/**
 * Grafana's identifiers of units (`config.unit`) that are not how a person
 * writes the unit; "" for those that say nothing. All others are kept as they are.
 * https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
 */
const WRITTEN: Readonly<Record<string, string>> = {
  none: "",
  short: "",
  sishort: "",
  locale: "",
  string: "",
  percent: "%",
  percentunit: "ratio",
  humidity: "%",
  bytes: "B",
  decbytes: "B",
  bits: "bit",
  decbits: "bit",
  kbytes: "KiB",
  deckbytes: "kB",
  mbytes: "MiB",
  decmbytes: "MB",
  gbytes: "GiB",
  decgbytes: "GB",
  binBps: "B/s",
  Bps: "B/s",
  binbps: "bit/s",
  bps: "bit/s",
  KBs: "kB/s",
  KiBs: "KiB/s",
  MBs: "MB/s",
  MiBs: "MiB/s",
  pps: "packets/s",
  m: "min",
  dtdurations: "s",
  dtdurationms: "ms",
  clocks: "s",
  clockms: "ms",
  cps: "counts/s",
  ops: "ops/s",
  reqps: "req/s",
  rps: "reads/s",
  wps: "writes/s",
  iops: "iops",
  cpm: "counts/min",
  opm: "ops/min",
  reqpm: "req/min",
  rpm: "reads/min",
  wpm: "writes/min",
  celsius: "°C",
  fahrenheit: "°F",
  farenheit: "°F",
  kelvin: "K",
  watt: "W",
  kwatt: "kW",
  watth: "Wh",
  kwatth: "kWh",
  volt: "V",
  amp: "A",
  hertz: "Hz",
  rotrpm: "rpm",
  currencyUSD: "USD",
  currencyEUR: "EUR",
  currencyGBP: "GBP",
  currencyJPY: "JPY",
};

/** The unit of a field's values as a person writes it, or null. */
export function writtenUnit(id: unknown): string | null {
  if (typeof id !== "string" || id === "") return null;
  const written = WRITTEN[id] ?? /^(?:suffix|prefix|si|count|currency):(.+)$/.exec(id)?.[1] ?? id;
  return written === "" || /^(?:time|bool|dateTime)/.test(id) ? null : written;
}
