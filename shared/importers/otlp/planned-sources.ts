import type { FixedTable } from "../../tables/fixed-tables.ts";

/** Names that OTLP has for what stands in the columns of the fixed tables. */
export const PLANNED_SOURCES: Readonly<Record<FixedTable, Readonly<Record<string, string>>>> = {
  logs: {
    ts: "timeUnixNano",
    level: "severityNumber",
    service: "service.name",
    host: "host.name",
    message: "body",
    fields: "attributes",
  },
  metrics: {
    ts: "timeUnixNano",
    series: "name and attributes",
    name: "name",
    service: "service.name",
    value: "dataPoints",
    unit: "unit",
  },
  spans: {
    ts: "startTimeUnixNano",
    trace_id: "traceId",
    span_id: "spanId",
    parent_id: "parentSpanId",
    service: "service.name",
    name: "name",
    duration: "endTimeUnixNano - startTimeUnixNano",
    status: "status.code",
    fields: "attributes",
  },
  events: {
    ts: "events.timeUnixNano",
    kind: "events",
    title: "events.name",
    service: "service.name",
    detail: "exception.stacktrace",
    fields: "events.attributes",
  },
};
