Deno.test("a", () => {});
