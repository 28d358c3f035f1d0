const t = b.step("test", "Run the tests");
const r = b.step("run", "Run it");
