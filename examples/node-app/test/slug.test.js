import assert from "node:assert/strict";
import { test } from "node:test";
import { slug } from "../src/slug.js";

const cases = { "Hello, World!": "hello-world", "Crème brûlée": "creme-brulee", "--": "", "a_b": "a-b" };

for (const [title, want] of Object.entries(cases)) {
  test(`slug of ${JSON.stringify(title)}`, () => assert.equal(slug(title), want));
}
