package node

import (
	"encoding/base64"
	"encoding/hex"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A lockedArchive is an archive of the project with the integrity that the lockfile has for it.
type lockedArchive struct {
	file      string // relative to the folder of the lockfile
	integrity string // "sha512-…", in base64; there may be several, with spaces between them
}

// lockedArchives returns the archives in the lockfile of a manager that does not read an archive if its cache has one
// with that integrity: then a replaced archive is installed as it was before, and only a clean machine would refuse it.
// pnpm and later versions of yarn read it. The binary lockfile of Bun is not read.
func (u *unit) lockedArchives() (list []lockedArchive) {
	locked, reads := lockedPatterns[u.manager.Name]
	if !reads || u.manager.Berry || u.manager.Lock == "" || !u.hasArchives() {
		return nil
	}
	text, _ := u.project.Read(u.manager.Lock)
	for _, found := range locked().FindAllStringSubmatch(text, -1) {
		a := lockedArchive{strings.TrimPrefix(found[1], "file:"), found[2]}
		if u.manager.Name == "yarn" {
			a.integrity = yarnIntegrity(found[2], found[3])
		}
		if a.file = path.Clean(a.file); isArchive(a.file) && !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

// lockedPatterns match a package in a lockfile, by manager, with its file and its integrity. yarn has the SHA-1 behind
// the file, and the integrity in a line of its own, which may be missing.
var lockedPatterns = map[string]func() *regexp.Regexp{
	"npm":  pattern(`"(?:resolved|version)":\s*"file:([^"]+)",\s*"integrity":\s*"([^"]+)"`),
	"yarn": pattern(`(?m)^ +resolved "file:([^"#]+)#([0-9a-f]{40})"(?:\r?\n +integrity (.+?))?\r?$`),
	"bun":  pattern(`\["[^"]+?@([^"@]+)",.*"(sha\d+-[^"]+)"\]`),
}

// yarnIntegrity returns the integrity of a package in a yarn.lock, which may be only a SHA-1 in hexadecimal.
func yarnIntegrity(sha1, integrity string) string {
	sum, err := hex.DecodeString(sha1)
	if integrity != "" || err != nil {
		return integrity
	}
	return "sha1-" + base64.StdEncoding.EncodeToString(sum)
}

// archiveCheck returns a command that fails if an archive is not the one of the lockfile; nil if there is none.
func (u *unit) archiveCheck() []string {
	list := u.lockedArchives()
	if len(list) == 0 {
		return nil
	}
	argv := []string{u.runtime(), "-e", compareArchives, path.Base(u.manager.Lock)}
	for _, a := range list {
		argv = append(argv, a.file, a.integrity)
	}
	return argv
}

// compareArchives is a program that compares archives with their integrity. Its arguments are the lockfile, and then a
// file and its integrity in turn. Of a file that is missing, the manager says so.
const compareArchives = `const fs = require("fs"), { createHash } = require("crypto");
const [lock, ...list] = process.argv.slice(1);
for (let i = 0; i < list.length; i += 2) {
  if (!fs.existsSync(list[i])) continue;
  const sum = algorithm => createHash(algorithm).update(fs.readFileSync(list[i])).digest("base64");
  if (list[i + 1].split(" ").some(s => s === s.split("-")[0] + "-" + sum(s.split("-")[0]))) continue;
  console.error(list[i] + " is not the archive that " + lock + " lists: the integrity differs. " +
    "Install it again with the package manager, which brings " + lock + " up to date");
  process.exitCode = 1;
}`

// runFirst returns a step as a script with a summary, in which commands run first.
func runFirst(s plan.Step, summary string, commands ...string) plan.Step {
	call := s.Script
	if call == "" {
		call = sdk.Quote(s.Argv...) + ` "$@"`
	}
	s.Op, s.Argv = plan.OpShell, nil
	s.Script = "# " + summary + "\n" + strings.Join(commands, "\n") + "\n" + call
	return s
}
