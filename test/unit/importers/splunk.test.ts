import { expect, test } from "vitest";
import { splunkImporter } from "../../../shared/importers/splunk.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(splunkImporter, "splunk", { mutations: 120 });
