package docker

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// mounts returns the secrets that RUN instructions mount, each once, and whether one mounts the SSH agent.
// Ids with variables are left out, since only the builder knows them.
func mounts(text string) (secrets []plan.Secret, ssh bool) {
	for _, line := range instructions(text) {
		for _, options := range mountsOf(line) {
			ssh = ssh || options["type"] == "ssh"
			if s := secret(options); s.ID != "" && !slices.Contains(secrets, s) {
				secrets = append(secrets, s)
			}
		}
	}
	return secrets, ssh
}

// mountsOf returns the options of each --mount of a RUN instruction. They precede its command.
func mountsOf(line string) (all []map[string]string) {
	words := strings.Fields(line)
	if len(words) == 0 || !strings.EqualFold(words[0], "RUN") {
		return nil
	}
	for _, word := range words[1:] {
		if !strings.HasPrefix(word, "--") {
			break
		}
		if rest, ok := strings.CutPrefix(word, "--mount="); ok {
			all = append(all, pairs(rest))
		}
	}
	return all
}

// pairs parses "type=secret,id=token". Keys may be in any case.
func pairs(text string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(strings.Trim(text, `"`), ",") {
		key, value, _ := strings.Cut(pair, "=")
		out[strings.ToLower(strings.Trim(key, `"`))] = strings.Trim(value, `"`)
	}
	return out
}

// secret returns the secret that a mount names: by its id, else by its target file. The Dockerfile says where
// the secret is mounted; the variable is there because a plan requires one.
func secret(options map[string]string) plan.Secret {
	id := options["id"]
	if id == "" {
		id = strings.Trim(path.Base(options["target"]+options["dst"]+options["destination"]), "./")
	}
	if options["type"] != "secret" || id == "" || strings.ContainsAny(id, "${}") {
		return plan.Secret{}
	}
	return plan.Secret{ID: id, Env: variable(id)}
}

// variable returns the name of a variable for an id: "NPM_TOKEN" for "npm-token".
func variable(id string) string {
	name := strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return '_'
	}, strings.ToUpper(id))
	if name[0] >= '0' && name[0] <= '9' {
		return "_" + name
	}
	return name
}
