/**
 * Makes the data of this sample. Seeded: the same bytes every time, except for
 * the Parquet files' writer metadata.
 *
 *   node resources/samples/silent-degradation/generate.mjs
 *
 * The story: a recommender's click-through rate sinks for three weeks and no
 * alert fires. On 22 May the profile service began to write the demographic
 * attribute `user_gender` as codes (F → 0, M → 1, X → 2). Cached profiles
 * expire over eight days, so the share of re-encoded users grows slowly. The
 * model knows only the letters and treats codes as "unknown".
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { createRequire } from "node:module";
import * as arrow from "apache-arrow";

const require = createRequire(import.meta.url);
const parquet = require("parquet-wasm");

const HERE = dirname(fileURLToPath(import.meta.url));
const FIRST_DAY = Date.UTC(2024, 4, 1);
const DAYS = 42;
const ONSET = Date.UTC(2024, 4, 22, 3, 0, 0);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** mulberry32: small, seeded, good enough for a story. */
function randomOf(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const random = randomOf(20240522);
const uniform = (low, high) => low + (high - low) * random();
const normal = () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
function pick(weights) {
  let left = random();
  for (const [value, weight] of Object.entries(weights)) {
    left -= weight;
    if (left < 0) return value;
  }
  return Object.keys(weights).at(-1);
}
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const round = (value, digits) => Number(value.toFixed(digits));

/** Share of profiles that were written again since the change: caches expire over eight days. */
function migratedShare(at) {
  return at < ONSET ? 0 : Math.min(1, 1 - Math.exp(-(at - ONSET) / (3.2 * DAY)));
}

const CODES = { F: "0", M: "1", X: "2" };
const AFFINITY = { F: 0.55, M: 0.35, X: 0.4 };

function user(at) {
  const day = Math.floor((at - FIRST_DAY) / DAY);
  // A campaign in Poland from 12 May: a little more PL, before anything went wrong.
  const campaign = day >= 11 ? 0.03 : 0;
  const country = pick({ DE: 0.34, FR: 0.22, PL: 0.14 + campaign, ES: 0.16, NL: 0.14 - campaign });
  const device = pick({ ios: 0.38, android: 0.42, web: 0.2 });
  const letter = pick({ F: 0.46, M: 0.45, X: 0.09 });
  const migrated = random() < migratedShare(at);
  const age = Math.max(16, Math.min(84, Math.round(36 + 12 * normal())));
  const tenure = Math.floor(-420 * Math.log(1 - random()));
  // Sessions drift a little all the time, also before the incident.
  const sessions = Math.max(0, Math.round(5.2 + day * 0.008 + 2.4 * normal()));
  const dwell = Math.max(1, round(Math.exp(2.9 + 0.5 * normal()), 1));
  const price = round(Math.min(1, Math.max(0, 0.52 + 0.17 * normal())), 3);
  const norm = round(1 + 0.06 * normal(), 4);
  const known = migrated ? 0 : AFFINITY[letter];
  const score = round(sigmoid(-2.25 + known + 0.05 * sessions + 0.35 * (price - 0.5) + 0.3 * normal()), 4);
  const truth = -2.42 + (migrated ? -0.28 : AFFINITY[letter]) + 0.05 * sessions + 0.35 * (price - 0.5);
  const clicked = random() < sigmoid(truth);
  return {
    event_ts: at,
    user_id: `u${String(Math.floor(random() * 90000) + 10000)}`,
    country,
    device,
    user_gender: random() < 0.004 ? null : migrated ? CODES[letter] : letter,
    age,
    tenure_days: tenure,
    sessions_7d: sessions,
    avg_dwell_s: random() < 0.01 ? null : dwell,
    price_affinity: price,
    embedding_norm: norm,
    score,
    clicked,
    model_version: day >= 8 ? "rank-2024.05.09" : "rank-2024.04.25",
  };
}

/** Busy in the evening, quieter at night; weekends a little busier. */
function traffic(at) {
  const hour = (at / HOUR) % 24;
  const weekday = new Date(at).getUTCDay();
  const daily = 0.55 + 0.45 * Math.sin(((hour - 13) / 24) * 2 * Math.PI);
  return (0.35 + daily) * (weekday === 0 || weekday === 6 ? 1.12 : 1);
}

function writeFeatures() {
  const folder = join(HERE, "features");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (let day = 0; day < DAYS; day++) {
    const start = FIRST_DAY + day * DAY;
    const rows = [];
    const wanted = 620 + Math.floor(uniform(-40, 40));
    while (rows.length < wanted) {
      const at = start + Math.floor(random() * DAY);
      if (random() < traffic(at) / 1.5) rows.push(user(at));
    }
    rows.sort((a, b) => a.event_ts - b.event_ts);
    const column = (name, type) => arrow.vectorFromArray(rows.map((r) => r[name]), type);
    const table = new arrow.Table({
      event_ts: arrow.vectorFromArray(
        rows.map((r) => r.event_ts),
        new arrow.TimestampMillisecond("UTC"),
      ),
      user_id: column("user_id", new arrow.Utf8()),
      country: column("country", new arrow.Utf8()),
      device: column("device", new arrow.Utf8()),
      user_gender: column("user_gender", new arrow.Utf8()),
      age: column("age", new arrow.Int32()),
      tenure_days: column("tenure_days", new arrow.Int32()),
      sessions_7d: column("sessions_7d", new arrow.Int32()),
      avg_dwell_s: column("avg_dwell_s", new arrow.Float64()),
      price_affinity: column("price_affinity", new arrow.Float64()),
      embedding_norm: column("embedding_norm", new arrow.Float64()),
      score: column("score", new arrow.Float64()),
      clicked: column("clicked", new arrow.Bool()),
      model_version: column("model_version", new arrow.Utf8()),
    });
    const bytes = parquet.writeParquet(
      parquet.Table.fromIPCStream(arrow.tableToIPC(table, "stream")),
      new parquet.WriterPropertiesBuilder().setCompression(parquet.Compression.ZSTD).build(),
    );
    const date = new Date(start).toISOString().slice(0, 10);
    writeFileSync(join(folder, `user_features_${date}.parquet`), bytes);
  }
}

function writeMetrics() {
  const lines = [
    "time,requests,ctr,avg_score,calibration_error,latency_p50_ms,latency_p99_ms,cache_hit_rate",
  ];
  for (let at = FIRST_DAY; at < FIRST_DAY + DAYS * DAY; at += HOUR) {
    const requests = Math.round(5200 * traffic(at) * (1 + 0.04 * normal()));
    const share = migratedShare(at);
    const evening = 0.004 * Math.sin((((at / HOUR) % 24) - 16) / 24 * 2 * Math.PI);
    const ctr = 0.1425 + evening - 0.031 * share + 0.0032 * normal();
    const score = 0.1605 - 0.024 * share + 0.0018 * normal();
    lines.push(
      [
        new Date(at).toISOString().replace(".000Z", "Z"),
        requests,
        ctr.toFixed(5),
        score.toFixed(5),
        (0.012 + 0.006 * share + 0.0022 * Math.abs(normal())).toFixed(5),
        (23 + 5 * (requests / 5200) + 0.7 * normal()).toFixed(1),
        (118 + 24 * (requests / 5200) + 8 * Math.abs(normal())).toFixed(1),
        (0.931 + 0.006 * normal()).toFixed(4),
      ].join(","),
    );
  }
  mkdirSync(join(HERE, "metrics"), { recursive: true });
  writeFileSync(join(HERE, "metrics/model_metrics.csv"), `${lines.join("\n")}\n`);
}

const DEPLOYMENTS = [
  ["2024-05-02T09:12:00Z", "deployment", "web-frontend", "web-frontend 88.2", "new header layout"],
  ["2024-05-06T13:40:00Z", "deployment", "search", "search 41.0.3", "index rebuild"],
  ["2024-05-09T07:05:00Z", "model", "ranker", "rank-2024.05.09", "weekly retraining, offline AUC 0.712"],
  ["2024-05-12T06:00:00Z", "config", "marketing", "spring campaign PL", "paid traffic from Poland"],
  ["2024-05-14T10:21:00Z", "deployment", "ranker", "ranker 9.14.0", "thread pool tuning"],
  ["2024-05-16T15:30:00Z", "deployment", "checkout", "checkout 17.4", "new payment provider"],
  ["2024-05-20T11:00:00Z", "config", "experiments", "exp-311 start", "card size test, 5 % of users"],
  ["2024-05-21T16:45:00Z", "deployment", "infrastructure", "node pool upgrade", "kernel and container runtime"],
  ["2024-05-22T03:00:00Z", "deployment", "profile-service", "profile-service 4.12.0", "migrate user attributes to enum codes"],
  ["2024-05-23T08:15:00Z", "deployment", "ranker", "ranker 9.15.0", "logging only"],
  ["2024-05-27T12:00:00Z", "config", "experiments", "exp-311 stop", "no significant difference"],
  ["2024-05-29T09:30:00Z", "deployment", "web-frontend", "web-frontend 89.0", "dark mode"],
  ["2024-06-03T14:10:00Z", "deployment", "search", "search 41.1.0", "synonyms"],
  ["2024-06-10T08:00:00Z", "incident", "ranker", "business review", "click-through rate down since May, no alert had fired"],
];

function writeEvents() {
  mkdirSync(join(HERE, "events"), { recursive: true });
  const lines = ["time,kind,service,title,detail", ...DEPLOYMENTS.map((d) => d.map((c) => (c.includes(",") ? `"${c}"` : c)).join(","))];
  writeFileSync(join(HERE, "events/deployments.csv"), `${lines.join("\n")}\n`);
}

const LINES = [
  [0.62, "INFO", "RankHandler", () => `ranked ${Math.floor(uniform(180, 420))} candidates in ${uniform(11, 34).toFixed(1)} ms for rail=for_you`],
  [0.2, "INFO", "FeatureClient", () => `fetched profile user=u${Math.floor(uniform(10000, 99999))} from cache age=${Math.floor(uniform(0, 691200))}s`],
  [0.1, "INFO", "FeatureClient", () => `fetched profile user=u${Math.floor(uniform(10000, 99999))} from profile-service in ${uniform(4, 19).toFixed(1)} ms`],
  [0.05, "DEBUG", "ModelStore", () => `model snapshot verified sha=${Math.floor(random() * 0xffffffff).toString(16).padStart(8, "0")}`],
  [0.022, "WARN", "RankHandler", () => `slow request ${uniform(180, 420).toFixed(0)} ms rail=for_you`],
  [0.006, "WARN", "FeatureClient", () => `profile cache eviction pressure ${Math.floor(uniform(81, 97))}%`],
  [0.002, "ERROR", "RankHandler", () => "upstream timeout after 500 ms\njava.util.concurrent.TimeoutException: ranker deadline\n\tat app.rank.RankHandler.await(RankHandler.java:112)\n\tat app.rank.RankHandler.handle(RankHandler.java:57)"],
];

function writeLogs() {
  const folder = join(HERE, "logs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (let week = 0; week < DAYS / 7; week++) {
    const start = FIRST_DAY + week * 7 * DAY;
    const entries = [];
    while (entries.length < 3600) {
      const at = start + Math.floor(random() * 7 * DAY);
      if (random() < traffic(at) / 1.5) entries.push(at);
    }
    entries.sort((a, b) => a - b);
    const text = entries.map((at) => {
      // The only trace of the change in the logs, at the lowest level: unknown categories fall back to a default.
      const share = migratedShare(at);
      const stamp = new Date(at).toISOString().replace("T", " ").replace("Z", "").replace(".", ",");
      const thread = `[rank-${Math.floor(uniform(1, 9))}]`;
      if (random() < 0.02 * share) return `${stamp} ${thread} DEBUG c.example.Encoder - category not in vocabulary, using default bucket`;
      let left = random();
      const [, level, logger, message] = LINES.find(([weight]) => (left -= weight) < 0) ?? LINES[0];
      return `${stamp} ${thread} ${level} c.example.${logger} - ${message()}`;
    });
    const date = new Date(start).toISOString().slice(0, 10);
    writeFileSync(join(folder, `serving-${date}.log.gz`), gzipSync(`${text.join("\n")}\n`, { level: 9 }));
  }
}

writeFeatures();
writeMetrics();
writeEvents();
writeLogs();
writeFileSync(
  join(HERE, "truth.json"),
  `${JSON.stringify(
    {
      column: "user_gender",
      onset: new Date(ONSET).toISOString().replace(".000Z", "Z"),
      kind: "re-encoding",
      mapping: CODES,
      event: "profile-service 4.12.0",
    },
    null,
    2,
  )}\n`,
);
