package main

// probe is a program for "node -e" with npm's lockfile as its argument. It exits 0 if "npm ci" would install what is
// in node_modules already. npm is asked what it would do: npm 10 and later say so without doing it, which earlier
// ones do not. What npm 10 is told to omit it does not compare, so that it is asked for that first.
const probe = `const { execSync } = require("child_process");
const npm = words => execSync("npm " + words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const quit = why => { console.log(why); process.exit(1); };
if (!require("fs").existsSync("node_modules")) quit("there is no node_modules");
try {
  if (parseInt(npm("--version")) < 10) quit("npm cannot be asked");
  if (npm("config get omit").trim()) quit("npm is told to leave something out");
  const said = npm("ci --dry-run --offline --json --no-audit --no-fund");
  const { added, removed, changed } = JSON.parse(said.slice(said.indexOf("{")));
  if (added || removed || changed) quit("node_modules is not what " + process.argv[1] + " lists");
} catch {
  quit("npm ci would not succeed");
}
console.log("node_modules holds what " + process.argv[1] + " lists");`
