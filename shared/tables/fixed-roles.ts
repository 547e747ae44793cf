import type { Role } from "../model/role.ts";
import type { FixedTable } from "./fixed-tables.ts";

/** Roles of the columns of the fixed tables. */
export const FIXED_ROLES: Record<FixedTable, Readonly<Record<string, Role>>> = {
  logs: {
    ts: "timestamp",
    level: "level",
    service: "service",
    host: "host",
    message: "message",
    fields: "ignore",
  },
  metrics: {
    ts: "timestamp",
    series: "series",
    name: "ignore",
    service: "service",
    value: "value",
    unit: "ignore",
  },
  events: {
    ts: "timestamp",
    kind: "segment",
    title: "message",
    service: "service",
    detail: "message",
    fields: "ignore",
  },
  spans: {
    ts: "timestamp",
    trace_id: "entity",
    span_id: "entity",
    parent_id: "entity",
    service: "service",
    name: "segment",
    duration: "value",
    status: "segment",
    fields: "ignore",
  },
};
