/** Parts of a log record, a metric sample or an event that have a column of their own. */
export type Part =
  | "time"
  | "level"
  | "service"
  | "host"
  | "message"
  | "value"
  | "name"
  | "unit"
  | "kind"
  | "title"
  | "detail";

/**
 * Keys by part, in order of preference; a dot goes into an object or stands in
 * the key itself. Compared without regard to case.
 */
export const KEYS: Record<Part, readonly string[]> = {
  time: [
    "@timestamp",
    "timestamp",
    "_timestamp",
    "eventtime",
    "event_time",
    "time",
    "ts",
    "datetime",
    "date",
    "published_date",
    "asctime",
    "_time",
    "t.$date",
    "t",
    "__realtime_timestamp",
    "time_unix_nano",
    "timeunixnano",
    "created_at",
  ],
  level: [
    "level",
    "severity",
    "loglevel",
    "log_level",
    "lvl",
    "levelname",
    "level_name",
    "severity_text",
    "severitytext",
    "log.level",
    "@fields.lvl",
    "fields.level",
    "@l",
    "severity_number",
    "severitynumber",
    "levelno",
    "priority",
    "s",
    "status",
  ],
  message: [
    "message",
    "msg",
    "log",
    "text",
    "body",
    "@message",
    "short_message",
    "fields.message",
    "@fields.msg",
    "@fields.message",
    "log.message",
    "body.stringvalue",
    "line",
    "_raw",
    "@m",
    "@mt",
    "message_text",
    "event",
  ],
  service: [
    "service",
    "service.name",
    "service_name",
    "servicename",
    "resource.service.name",
    "app",
    "appname",
    "app_name",
    "application",
    "kubernetes.labels.app",
    "kubernetes.container_name",
    "kubernetes.container.name",
    "k8s.deployment.name",
    "k8s.container.name",
    "container_name",
    "container.name",
    "syslog_identifier",
    "_systemd_unit",
    "component",
    "logger",
    "logger_name",
    "loggername",
    "log.logger",
  ],
  host: [
    "host",
    "hostname",
    "host.name",
    "host_name",
    "kubernetes.pod_name",
    "kubernetes.pod.name",
    "k8s.pod.name",
    "pod",
    "pod_name",
    "kubernetes.host",
    "node",
    "_hostname",
    "instance",
    "machine",
  ],
  value: ["value", "val", "metric_value"],
  name: ["metric", "metric_name", "name", "metricname", "__name__", "series", "measurement"],
  unit: ["unit", "units"],
  kind: ["type", "kind", "event_type", "eventtype", "event", "action", "category"],
  detail: ["detail", "details", "change", "description", "message", "msg", "text", "body", "note"],
  title: [
    "title",
    "name",
    "summary",
    "subject",
    "reason",
    "description",
    "message",
    "msg",
    "text",
    "note",
    "flag",
    "change",
    "version",
    "commit_sha",
  ],
};

/** Parts of each target, in the order of the table's columns that they fill. */
export const PARTS = {
  logs: ["time", "level", "service", "host", "message"],
  metrics: ["time", "name", "service", "value", "unit"],
  events: ["time", "kind", "title", "service", "detail"],
} as const satisfies Record<string, readonly Part[]>;

/** Place of a path among the keys of a part, or -1. */
export function rankOf(part: Part, path: string): number {
  return KEYS[part].indexOf(path.toLowerCase());
}

/** Whether a part may lie below a path. */
export function leadsTo(parts: readonly Part[], path: string): boolean {
  const prefix = `${path.toLowerCase()}.`;
  return parts.some((part) => KEYS[part].some((key) => key.startsWith(prefix)));
}
