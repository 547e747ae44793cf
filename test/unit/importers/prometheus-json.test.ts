import { prometheusJsonImporter } from "../../../shared/importers/prometheus-json.ts";
import { testFixtures } from "./suite.ts";

testFixtures(prometheusJsonImporter, "prometheus-json");
