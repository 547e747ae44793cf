import { expect, test } from "vitest";
import { dockerJsonImporter } from "../../../shared/importers/docker-json.ts";
import { testFixtures } from "./suite.ts";

testFixtures(dockerJsonImporter, "docker-json");

test.each([
  '{"log":"a\\n","stream":"stdout"}\n',
  '{"log":"a\\n","stream":"stdout","time":"2026-03-01T10:00:00Z","level":"info"}\n',
  '{"msg":"a"}\n',
  "2026-03-01T10:00:00Z stdout F a\n",
  "",
])("%j is no log of Docker", (text) => {
  expect(dockerJsonImporter.detect(new TextEncoder().encode(text), "x-json.log")).toBe(0);
});
