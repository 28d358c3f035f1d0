import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { server } from "../src/server.js";

const app = server();
const get = (path) => fetch(`http://localhost:${app.address().port}${path}`);

before(() => new Promise((listening) => app.listen(0, listening)));
after(() => app.close());

test("a title is answered with its slug", async () => {
  const response = await get("/?title=Hello%20World");
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "hello-world\n");
});

test("a title that is missing is a bad request", async () => {
  assert.equal((await get("/")).status, 400);
});
