import { err, ok, type Result } from "../base/result.ts";
import { cloudWatchImporter } from "./cloudwatch.ts";
import { arrowImporter } from "./arrow.ts";
import { datadogImporter } from "./datadog.ts";
import { delimitedImporter } from "./delimited.ts";
import { deploymentsImporter } from "./deployments.ts";
import { elasticsearchImporter } from "./elasticsearch.ts";
import { grafanaCsvImporter } from "./grafana-csv.ts";
import { grafanaImporter } from "./grafana.ts";
import { greatExpectationsImporter } from "./great-expectations.ts";
import { hiveTableImporter } from "./hive-table.ts";
import type { ImportError, Importer } from "./importer.ts";
import { jaegerImporter } from "./jaeger.ts";
import { dockerJsonImporter } from "./docker-json.ts";
import { journaldImporter } from "./journald.ts";
import { jsonSpansImporter } from "./json-spans.ts";
import { jsonlImporter } from "./jsonl.ts";
import { kubernetesImporter } from "./kubernetes.ts";
import { lokiImporter } from "./loki.ts";
import { mlflowJsonImporter } from "./mlflow-json.ts";
import { mlflowStoreImporter } from "./mlflow-store.ts";
import { monteCarloImporter } from "./monte-carlo.ts";
import { mysqlSlowImporter } from "./mysql-slow.ts";
import { newRelicImporter } from "./new-relic.ts";
import { otlpJsonImporter } from "./otlp-json.ts";
import { otlpProtoImporter } from "./otlp-proto.ts";
import { parquetImporter } from "./parquet.ts";
import { prometheusJsonImporter } from "./prometheus-json.ts";
import { prometheusTextImporter } from "./prometheus-text.ts";
import { sqliteImporter } from "./sqlite.ts";
import { describeBinary } from "./text.ts";
import { splunkImporter } from "./splunk.ts";
import { textLogImporter } from "./text-log.ts";
import { wandbHistoryImporter } from "./wandb-history.ts";
import { wandbRunImporter } from "./wandb-run.ts";
import { xlsxImporter } from "./xlsx.ts";
import { zipkinImporter } from "./zipkin.ts";

/** All importers. A new format is one file and one row here; of equals, the first is chosen. */
export const IMPORTERS: readonly Importer[] = [
  parquetImporter,
  arrowImporter,
  sqliteImporter,
  xlsxImporter,
  hiveTableImporter,
  mlflowStoreImporter,
  mlflowJsonImporter,
  wandbRunImporter,
  wandbHistoryImporter,
  grafanaImporter,
  grafanaCsvImporter,
  datadogImporter,
  newRelicImporter,
  otlpJsonImporter,
  otlpProtoImporter,
  jaegerImporter,
  zipkinImporter,
  jsonSpansImporter,
  dockerJsonImporter,
  lokiImporter,
  cloudWatchImporter,
  elasticsearchImporter,
  prometheusJsonImporter,
  prometheusTextImporter,
  journaldImporter,
  greatExpectationsImporter,
  kubernetesImporter,
  deploymentsImporter,
  splunkImporter,
  monteCarloImporter,
  mysqlSlowImporter,
  jsonlImporter,
  delimitedImporter,
  textLogImporter,
];

/** Below this, a file is refused rather than guessed at. */
const LEAST_CONFIDENCE = 0.05;

/** The importer that is surest of a file with these first bytes and this name. */
export function chooseImporter(head: Uint8Array, name: string): Result<Importer, ImportError> {
  let best: Importer | null = null;
  let bestConfidence = LEAST_CONFIDENCE;
  for (const importer of IMPORTERS) {
    const confidence = importer.detect(head, name);
    if (confidence > bestConfidence) {
      best = importer;
      bestConfidence = confidence;
    }
  }
  return best === null ? err(refusal(head, name)) : ok(best);
}

/** An importer by its registry name; `auto` chooses. */
export function findImporter(
  id: string,
  head: Uint8Array,
  name: string,
): Result<Importer, ImportError> {
  if (id === "auto") return chooseImporter(head, name);
  const importer = IMPORTERS.find((i) => i.id === id);
  if (importer !== undefined) return ok(importer);
  return err({
    kind: "unsupported",
    file: name,
    message: `There is no importer called “${id}”.`,
    advice: `Use auto, or one of ${IMPORTERS.map((i) => i.id).join(", ")}.`,
  });
}

function refusal(head: Uint8Array, file: string): ImportError {
  if (head.length === 0) {
    return {
      kind: "empty",
      file,
      message: `“${file}” is empty.`,
      advice: "Check the export that made it; there is nothing to import.",
    };
  }
  const binary = describeBinary(head);
  if (binary !== null) {
    return {
      kind: "binary",
      file,
      message: `“${file}” cannot be imported: it looks like ${binary.what}.`,
      advice: binary.advice,
    };
  }
  return {
    kind: "unsupported",
    file,
    message: `The format of “${file}” is not recognised.`,
    advice: `Choose an importer yourself (${IMPORTERS.map((i) => i.name).join(", ")}), or convert the file to CSV or JSON lines.`,
  };
}
