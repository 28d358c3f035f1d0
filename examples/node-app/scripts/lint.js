// Looks for what a reviewer would point out in any file: tabs, blanks at the end of a line, no new line at the end.
import { readFileSync, readdirSync } from "node:fs";

const faults = [];
for (const dir of ["src", "test", "scripts"]) {
  for (const name of readdirSync(dir)) {
    const text = readFileSync(`${dir}/${name}`, "utf8");
    text.split("\n").forEach((line, i) => {
      if (/\t|\s$/.test(line)) faults.push(`${dir}/${name}:${i + 1}: tab, or blank at the end of the line`);
    });
    if (!text.endsWith("\n")) faults.push(`${dir}/${name}: no new line at the end`);
  }
}
faults.forEach((fault) => console.error(fault));
process.exitCode = faults.length ? 1 : 0;
