import { err, ok } from "../base/result.ts";
import { planElements, readElements, type ElementFormat } from "./element-import.ts";
import { ElasticsearchReader } from "./elasticsearch/reading.ts";
import { elasticsearchShape, PATTERNS } from "./elasticsearch/recognise.ts";
import type { Importer } from "./importer.ts";
import { describeBinary } from "./text.ts";

const FORMAT: ElementFormat = {
  id: "elasticsearch",
  tables: ["logs"],
  sources: {
    logs: {
      ts: "@timestamp",
      level: "log.level",
      service: "service.name",
      host: "host.name",
      message: "message",
      fields: "the rest of the document, _index and _id",
    },
  },
  reader: (reading, options) => new ElasticsearchReader(reading, options.service),
};

/**
 * Documents of Elasticsearch and OpenSearch: responses of searches, and the
 * lines that elasticdump writes.
 * https://www.elastic.co/guide/en/elasticsearch/reference/current/search-search.html,
 * https://github.com/elasticsearch-dump/elasticsearch-dump
 */
export const elasticsearchImporter: Importer = {
  id: "elasticsearch",
  name: "Elasticsearch",
  description: "Documents of Elasticsearch or OpenSearch: responses of searches, elasticdump",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    // Less than importers of what is stored in it, such as traces of Jaeger.
    return elasticsearchShape(head) === null ? 0 : 0.95;
  },

  async plan(source, options) {
    const head = await source.head();
    const shape = elasticsearchShape(head);
    if (shape === null) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No document of Elasticsearch was found at the beginning of “${source.name}”.`,
        advice:
          "Export the index with elasticdump --type=data, or save the response of a search; or choose another importer.",
      });
    }
    return ok(await planElements(FORMAT, source, PATTERNS[shape], options));
  },

  async read(source, plan, sink) {
    const patterns = PATTERNS[elasticsearchShape(await source.head()) ?? "documents"];
    await readElements(FORMAT, source, patterns, plan, sink);
  },
};
