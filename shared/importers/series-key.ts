/**
 * `name{key="value",…}` with sorted keys, as Prometheus writes a series;
 * the name alone where there are no labels. Empty values are left out.
 */
export function seriesKey(name: string, labels: Iterable<readonly [string, string]>): string {
  const sorted = [...labels]
    .filter(([, value]) => value !== "")
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (sorted.length === 0) return name;
  return `${name}{${sorted.map(([k, v]) => `${k}=${JSON.stringify(v)}`).join(",")}}`;
}

/** Labels that name the service a series or record belongs to, in order of preference. */
const SERVICE_LABELS = [
  "service",
  "service.name",
  "service_name",
  "svc",
  "app",
  "app_kubernetes_io_name",
  "application",
  "microservice",
  "container",
  "container_name",
  "deployment",
  "job",
];

/** The service that labels speak of, or null. */
export function serviceOfLabels(labels: Readonly<Record<string, unknown>>): string | null {
  for (const key of SERVICE_LABELS) {
    const value = labels[key];
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}
