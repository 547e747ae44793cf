import { objectOf, textOf } from "../json-fields.ts";
import { serviceOfLabels } from "../series-key.ts";
import { camelKeys, plainAttributes, restOf, textOfPlain, type PlainObject } from "./values.ts";

/** Attributes of a resource that describe it without telling its instances apart. */
const DESCRIPTIVE =
  /^(?:telemetry\.|os\.|process\.(?!pid$)|host\.(?:arch|cpu|image|ip|mac|type)\b|container\.(?:command|image|label)|k8s\.\w+\.(?:annotation|label)|webengine\.)/;

const HOSTS = ["host.name", "k8s.pod.name"] as const;

const RESOURCE_KEYS = new Set(["attributes", "droppedAttributesCount"]);
const SCOPE_KEYS = new Set(["name", "version", "attributes", "droppedAttributesCount"]);

/** Where records come from: resource and instrumentation scope, read once for all of them. */
export interface Origin {
  readonly service: string | null;
  readonly host: string | null;
  /** What the resource says beside service and host; null for nothing. */
  readonly resource: Readonly<Record<string, unknown>> | null;
  /** What it says beside the service, for rows that have no column for a host. */
  readonly resourceAndHost: Readonly<Record<string, unknown>> | null;
  readonly scope: Readonly<Record<string, unknown>> | null;
  /** Labels that its metrics carry in their series. */
  readonly labels: readonly (readonly [string, string])[];
  /** Attributes that are left out of the labels. */
  readonly unlabelled: readonly string[];
}

/** Reads a `Resource` and an `InstrumentationScope`. `service`: for a resource that names none. */
export function originOf(resource: unknown, scope: unknown, service: string | null): Origin {
  const read = camelKeys(objectOf(resource) ?? {});
  const attributes = plainAttributes(read["attributes"]);
  const named = textOf(attributes["service.name"]);
  const hostKey = HOSTS.find((key) => textOf(attributes[key]) !== null);
  const further = {
    ...attributes,
    ...dropped(read),
    ...restOf(read, RESOURCE_KEYS),
  };
  const told = new Set(named === null ? [] : ["service.name"]);
  const scoped = scopeFields(scope);
  return {
    service: named ?? service ?? serviceOfLabels(attributes),
    host: hostKey === undefined ? null : textOf(attributes[hostKey]),
    resource: restOf(further, new Set([...told, ...(hostKey === undefined ? [] : [hostKey])])),
    resourceAndHost: restOf(further, told),
    scope: scoped,
    labels: labelsOf(attributes, scope),
    unlabelled: Object.keys(attributes).filter((key) => DESCRIPTIVE.test(key)),
  };
}

function dropped(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const count = object["droppedAttributesCount"];
  return count === undefined || count === 0 ? {} : { dropped_attributes_count: count };
}

function scopeFields(scope: unknown): Readonly<Record<string, unknown>> | null {
  const read = camelKeys(objectOf(scope) ?? {});
  const attributes = plainAttributes(read["attributes"]);
  const fields = {
    ...(textOf(read["name"]) === null ? {} : { name: read["name"] }),
    ...(textOf(read["version"]) === null ? {} : { version: read["version"] }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...dropped(read),
    ...restOf(read, SCOPE_KEYS),
  };
  return Object.keys(fields).length === 0 ? null : fields;
}

/** The scope belongs to the identity of a metric by its name; its version changes with each release. */
function labelsOf(attributes: PlainObject, scope: unknown): (readonly [string, string])[] {
  const labels: (readonly [string, string])[] = [];
  for (const [key, value] of Object.entries(attributes)) {
    if (!DESCRIPTIVE.test(key)) labels.push([key, textOfPlain(value) ?? ""]);
  }
  const read = objectOf(scope) ?? {};
  const name = textOf(read["name"]);
  if (name !== null) labels.push(["otel.scope.name", name]);
  for (const [key, value] of Object.entries(plainAttributes(read["attributes"])))
    labels.push([`otel.scope.${key}`, textOfPlain(value) ?? ""]);
  return labels;
}
