package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// probe is a program for "node -e" with npm's lockfile as its argument. It exits 0 if node_modules has
// exactly the packages of the lockfile, so that "npm ci" need not delete what was installed by hand. Optional
// packages may be missing, since npm does not install those of other systems. Lockfiles of version 1 nest
// packages; later ones list them by path.
const probe = `const fs = require("fs"), read = f => JSON.parse(fs.readFileSync(f, "utf8"));
const nested = (d, at, to = {}) => { for (const n in d) { to[at + n] = d[n]; nested(d[n].dependencies, at + n + "/node_modules/", to); } return to; };
const flat = l => l.packages || nested(l.dependencies, "node_modules/");
const quit = why => { console.log(why); process.exit(1); };
if (!fs.existsSync("node_modules/.package-lock.json")) quit("npm has not installed node_modules");
const want = flat(read(process.argv[1])), have = flat(read("node_modules/.package-lock.json"));
for (const k of Object.keys(want).filter(k => k.includes("node_modules/"))) {
  const w = want[k], h = have[k];
  if (!h && w.optional) continue;
  if (!h || !fs.existsSync(k)) quit(k + " is not installed");
  if (w.version !== h.version || !!w.link !== !!h.link || w.integrity && h.integrity && w.integrity !== h.integrity) quit(k + " is installed in another version");
}
for (const k in have) if (k.includes("node_modules/") && !want[k]) quit(k + " is installed but not in the lockfile");
console.log("node_modules holds what " + process.argv[1] + " lists");`

// lockHead is how much of a lockfile is read. The first entry has the dependencies of its package.json;
// changes after it do not change the plan.
const lockHead = 64 << 10

// lockMismatch describes a dependency that npm's lockfile lacks, so that "npm ci" would fail. It returns ""
// if there is none or the lockfile cannot be read. It does not compare versions.
func (u *unit) lockMismatch() string {
	locked, ok := lockedRoot(u.project.Head(u.manager.Lock, lockHead))
	if !ok {
		return ""
	}
	has := map[string]bool{}
	for _, section := range sections {
		for name := range stringMap(locked[section]) {
			has[name] = true
		}
	}
	for _, section := range sections[:3] {
		for _, name := range slices.Sorted(maps.Keys(u.root.Sections[section])) {
			if !has[name] {
				return fmt.Sprintf("it lacks %q of %s", name, section)
			}
		}
	}
	return ""
}

// lockedRoot returns the entry of the root package in a lockfile of version 2 or 3.
func lockedRoot(text string) (map[string]json.RawMessage, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	if !enterObject(d, "packages") || !enterObject(d, "") {
		return nil, false
	}
	var root map[string]json.RawMessage
	err := d.Decode(&root)
	return root, err == nil && root != nil
}

// enterObject reads the next object up to the value of a key, and reports whether it has the key.
func enterObject(d *json.Decoder, key string) bool {
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return false
	}
	for {
		name, err := d.Token()
		if err != nil || name == json.Delim('}') {
			return false
		}
		if name == key {
			return true
		}
		if skip(d) != nil {
			return false
		}
	}
}
