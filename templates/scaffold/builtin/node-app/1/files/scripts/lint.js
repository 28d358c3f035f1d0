// Checks that each file can be parsed, has no blanks at the end of a line, and ends with a new line.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

const faults = [];
for (const dir of ["src", "test", "scripts"]) {
  for (const name of readdirSync(dir, { recursive: true }).filter((name) => name.endsWith(".js"))) {
    const file = `${dir}/${name}`;
    const text = readFileSync(file, "utf8");
    execFileSync(process.execPath, ["--check", file], { stdio: "inherit" });
    text.split("\n").forEach((line, i) => {
      if (/\s$/.test(line)) faults.push(`${file}:${i + 1}: blank at the end of the line`);
    });
    if (!text.endsWith("\n")) faults.push(`${file}: no new line at the end`);
  }
}
faults.forEach((fault) => console.error(fault));
process.exitCode = faults.length ? 1 : 0;
