export * from "./src/a.ts";
