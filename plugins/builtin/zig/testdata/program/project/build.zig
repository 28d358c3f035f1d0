const t = b.step("test", "Run the tests");
t.dependOn(&b.addRunArtifact(b.addTest(.{ .root_module = m })).step);
const r = b.step("run", "Run it");
