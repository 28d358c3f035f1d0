import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { server } from "../src/server.js";

const app = server();
const get = (path) => fetch(`http://localhost:${app.address().port}${path}`);

before(() => new Promise((listening) => app.listen(0, listening)));
after(() => app.close());

test("it is healthy", async () => {
  assert.equal(await (await get("/health")).text(), "ok\n");
});

test("it greets", async () => {
  assert.equal(await (await get("/hello?name=Ada")).text(), "Hello, Ada!\n");
});

test("another path is not found", async () => {
  assert.equal((await get("/nowhere")).status, 404);
});
