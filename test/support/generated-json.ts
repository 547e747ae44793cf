import { isoOf, secondsOf, type Drawn, type FileFamily } from "./generated-files.ts";

const several = (family: FileFamily): FileFamily => ({ ...family, several: true });

/** Values that stand where a record should, the last one not even JSON. */
const NO_RECORDS = ["null", "42", '"text"', "[7]", "{}", '{"a": tru}'];
/** Where a series or trace is read as one, what is not JSON makes all of it unreadable. */
const VALUES = NO_RECORDS.slice(0, -1);

function element(good: (record: Drawn) => unknown): (record: Drawn) => string {
  return (record) =>
    record.damage === 0 ? JSON.stringify(good(record)) : (NO_RECORDS[record.damage - 1] ?? "null");
}

/** A document with its records in an array, each on a line of its own. */
function document(
  importer: string,
  kind: string,
  before: string,
  good: (record: Drawn) => unknown,
  after: string,
  damages = NO_RECORDS,
): FileFamily {
  const text = element(good);
  return {
    importer,
    kind,
    file: "x.json",
    damages,
    ...(damages === NO_RECORDS && { lines: 1 }),
    make: (records) => `${before}\n${records.map(text).join(",\n")}\n${after}\n`,
  };
}

/** A document per line. */
function jsonLines(importer: string, kind: string, good: (record: Drawn) => unknown): FileFamily {
  const text = element(good);
  return {
    importer,
    kind,
    file: "x.jsonl",
    damages: NO_RECORDS,
    lines: 0,
    make: (records) => records.map((record) => `${text(record)}\n`).join(""),
  };
}

const span = (record: Drawn) => ({
  traceID: `5b8efff798038103d269b6338${String(record.number).padStart(7, "0")}`,
  spanID: String(record.number).padStart(16, "0"),
  operationName: "charge",
  startTime: secondsOf(record) * 1e6,
  duration: 1500,
  process: { serviceName: "checkout", tags: [] },
});

export const JSON_FAMILIES: readonly FileFamily[] = [
  several(
    document(
      "mlflow-json",
      "metric history",
      '{"metrics": [',
      (r) => ({ key: "loss", value: r.number / 7, timestamp: secondsOf(r) * 1000, step: r.number }),
      "]}",
    ),
  ),
  document(
    "grafana",
    "annotations",
    "[",
    (r) => ({
      id: r.number,
      alertName: "",
      dashboardUID: "u",
      panelId: 2,
      created: secondsOf(r) * 1000,
      time: secondsOf(r) * 1000,
      timeEnd: secondsOf(r) * 1000,
      text: `deploy ${r.number}`,
      tags: ["deploy"],
    }),
    "]",
  ),
  document(
    "datadog",
    "logs",
    '{"meta": {"status": "done"}, "data": [',
    (r) => ({
      id: `A${r.number}`,
      type: "log",
      attributes: {
        timestamp: isoOf(r),
        message: `order ${r.number}`,
        status: "info",
        service: "pay",
      },
    }),
    "]}",
  ),
  document(
    "new-relic",
    "logs of a query",
    '{"data": {"actor": {"account": {"nrql": {"results": [',
    (r) => ({
      timestamp: secondsOf(r) * 1000,
      message: `order ${r.number}`,
      level: "INFO",
      "entity.name": "pay",
      "newrelic.source": "logs.APM",
    }),
    "]}}}}}",
  ),
  document(
    "otlp-json",
    "log records",
    '{"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [{"scope": {}, "logRecords": [',
    (r) => ({
      timeUnixNano: `${secondsOf(r)}000000000`,
      severityNumber: 9,
      body: { stringValue: `order ${r.number}` },
    }),
    "]}]}]}",
  ),
  document(
    "jaeger",
    "spans of a trace",
    '{"data": [{"traceID": "a", "spans": [',
    (r) => ({ ...span(r), processID: "p1" }),
    '], "processes": {"p1": {"serviceName": "checkout", "tags": []}}}]}',
    VALUES,
  ),
  document(
    "zipkin",
    "spans",
    "[",
    (r) => ({
      traceId: "5b8efff798038103",
      id: String(r.number).padStart(16, "0"),
      name: "get",
      timestamp: secondsOf(r) * 1e6,
      duration: 100,
      localEndpoint: { serviceName: "web" },
    }),
    "]",
  ),
  document(
    "json-spans",
    "spans",
    "[",
    (r) => ({
      trace_id: "5b8efff798038103",
      span_id: String(r.number).padStart(16, "0"),
      service: "web",
      name: "get",
      start: secondsOf(r) * 1000,
      duration_ms: 100,
    }),
    "]",
  ),
  document(
    "loki",
    "values of a stream",
    '{"status": "success", "data": {"resultType": "streams", "result": [{"stream": {"app": "pay"}, "values": [',
    (r) => [`${secondsOf(r)}000000000`, `order ${r.number}`],
    "]}]}}",
    VALUES,
  ),
  document(
    "cloudwatch",
    "log events",
    '{"events": [',
    (r) => ({
      logStreamName: "live",
      timestamp: secondsOf(r) * 1000,
      message: `order ${r.number}`,
      ingestionTime: secondsOf(r) * 1000,
      eventId: String(r.number),
    }),
    '], "searchedLogStreams": []}',
  ),
  document(
    "elasticsearch",
    "hits",
    '{"took": 1, "hits": {"total": {"value": 10000, "relation": "gte"}, "hits": [',
    (r) => ({
      _index: "logs",
      _id: String(r.number),
      _source: { "@timestamp": isoOf(r), message: `order ${r.number}` },
    }),
    "]}}",
  ),
  document(
    "prometheus-json",
    "samples of a matrix",
    '{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {"__name__": "up"}, "values": [',
    (r) => [secondsOf(r), String(r.number)],
    "]}]}}",
    VALUES,
  ),
  several(
    document(
      "great-expectations",
      "results",
      '{"success": false, "meta": {"run_id": {"run_time": "2026-03-01T10:00:00+00:00"}}, "statistics": {}, "results": [',
      (r) => ({
        success: r.number % 2 === 0,
        expectation_config: {
          type: "expect_column_values_to_not_be_null",
          kwargs: { column: `c${r.number}` },
        },
        result: { observed_value: r.number },
      }),
      "]}",
    ),
  ),
  document(
    "kubernetes",
    "events",
    '{"kind": "EventList", "apiVersion": "v1", "items": [',
    (r) => ({
      kind: "Event",
      apiVersion: "v1",
      metadata: { name: `e${r.number}`, namespace: "shop" },
      involvedObject: { kind: "Pod", name: "p" },
      reason: "Pulled",
      message: `m ${r.number}`,
      type: "Normal",
      firstTimestamp: isoOf(r),
      lastTimestamp: isoOf(r),
      count: 1,
    }),
    "]}",
  ),
  document(
    "deployments",
    "GitHub deployments",
    "[",
    (r) => ({
      url: `https://api.github.com/repos/shop/checkout/deployments/${r.number}`,
      id: r.number,
      sha: "a84d88e",
      ref: "main",
      task: "deploy",
      environment: "production",
      created_at: isoOf(r),
      updated_at: isoOf(r),
      statuses_url: `https://api.github.com/repos/shop/checkout/deployments/${r.number}/statuses`,
      repository_url: "https://api.github.com/repos/shop/checkout",
    }),
    "]",
  ),
  document(
    "splunk",
    "results",
    '{"preview": false, "init_offset": 0, "messages": [], "fields": [{"name": "_time"}, {"name": "_raw"}], "results": [',
    (r) => ({ _time: isoOf(r), _raw: `order ${r.number}`, host: "web-1" }),
    "]}",
  ),
  document(
    "monte-carlo",
    "alerts",
    "[",
    (r) => ({
      id: `a${r.number}`,
      title: "Freshness",
      type: "METRIC_ANOMALIES",
      severity: "SEV_3",
      status: "FIXED",
      createdTime: isoOf(r),
    }),
    "]",
  ),
  document(
    "jsonl",
    "an array",
    "[",
    (r) => ({ id: r.number, score: r.number / 7, ts: isoOf(r) }),
    "]",
  ),
  jsonLines("jsonl", "lines", (r) => ({ id: r.number, score: r.number / 7, ts: isoOf(r) })),
  jsonLines("jaeger", "span lines", (r) => ({ ...span(r), flags: 1, references: [], tags: [] })),
  jsonLines("docker-json", "container log", (r) => ({
    log: `order ${r.number}\n`,
    stream: "stdout",
    time: isoOf(r),
  })),
  jsonLines("loki", "logcli", (r) => ({
    labels: { app: "pay" },
    line: `order ${r.number}`,
    timestamp: isoOf(r),
  })),
  jsonLines("elasticsearch", "elasticdump", (r) => ({
    _index: "logs",
    _id: String(r.number),
    _source: { "@timestamp": isoOf(r), message: `order ${r.number}` },
  })),
  jsonLines("journald", "json", (r) => ({
    __REALTIME_TIMESTAMP: `${secondsOf(r)}000000`,
    __CURSOR: `s=1;i=${r.number}`,
    _HOSTNAME: "web",
    MESSAGE: `order ${r.number}`,
    PRIORITY: "6",
  })),
  jsonLines("splunk", "export", (r) => ({
    preview: false,
    offset: r.number,
    result: { _time: isoOf(r), _raw: `order ${r.number}`, host: "web-1" },
  })),
  jsonLines("new-relic", "log lines", (r) => ({
    timestamp: secondsOf(r) * 1000,
    message: `order ${r.number}`,
    level: "info",
    "entity.guid": "M",
    "entity.name": "pay",
  })),
  jsonLines("otlp-json", "exported lines", (r) => ({
    resourceLogs: [
      {
        resource: { attributes: [] },
        scopeLogs: [
          {
            scope: {},
            logRecords: [{ timeUnixNano: `${secondsOf(r)}000000000`, body: { stringValue: "x" } }],
          },
        ],
      },
    ],
  })),
  {
    ...jsonLines("wandb-history", "history", (r) => ({
      _step: r.number,
      _timestamp: secondsOf(r),
      _runtime: 1,
      loss: r.number / 7,
    })),
    lead: 20,
    several: true,
  },
];
