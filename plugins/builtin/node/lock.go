package node

// probe is a program for "node -e" with npm's lockfile as its argument. It exits 0 if "npm ci" would install what is
// in node_modules already. npm is asked what it would do: npm 10 and later say so without doing it, which earlier
// ones do not. What npm 10 is told to omit it does not compare, so that it is asked for that first. npm believes its
// record of node_modules, which "npm update --package-lock-only" rewrites without the packages: so the versions in
// the manifests of the packages are compared before. A lockfile of npm 6 does not say where packages are.
const probe = `const { execSync } = require("child_process"), fs = require("fs");
const npm = words => execSync("npm " + words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const quit = why => { console.log(why); process.exit(1); };
const read = file => JSON.parse(fs.readFileSync(file, "utf8").replace(/^\ufeff/, ""));
const plain = version => String(version).replace(/^[=v]+|\+.*/g, "");
const differs = ([dir, p]) => {
  if (p.link || dir.startsWith("..") || !/(^|\/)node_modules\//.test(dir)) return false;
  if (!fs.existsSync(dir + "/package.json")) return !p.optional || fs.existsSync(dir);
  return plain(read(dir + "/package.json").version) !== plain(p.version);
};
if (!fs.existsSync("node_modules")) quit("there is no node_modules");
try {
  const packages = read(process.argv[1]).packages || read("node_modules/.package-lock.json").packages;
  if (Object.entries(packages).some(differs)) quit("node_modules is not what " + process.argv[1] + " lists");
  if (parseInt(npm("--version")) < 10) quit("npm cannot be asked");
  if (npm("config get omit").trim()) quit("npm is told to leave something out");
  const said = npm("ci --dry-run --offline --json --no-audit --no-fund");
  const { added, removed, changed } = JSON.parse(said.slice(said.indexOf("{")));
  if (added || removed || changed) quit("node_modules is not what " + process.argv[1] + " lists");
} catch {
  quit("npm ci would not succeed");
}
console.log("node_modules holds what " + process.argv[1] + " lists");`
