import assert from "node:assert/strict";
import { test } from "node:test";
import { greeting, show } from "../src/page.js";

test("a name is part of the address, whatever is in it", () => {
  assert.equal(greeting("Ada & Bob"), "/greet?name=Ada%20%26%20Bob");
});

test("the greeting is shown", async () => {
  const element = {};
  await show(element, "Ada", async (url) => ({ text: async () => `${url} answered` }));
  assert.equal(element.textContent, "/greet?name=Ada answered");
});
