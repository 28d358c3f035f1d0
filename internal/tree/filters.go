package tree

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// compare runs a command of git that compares contents with commits. Git would pass them through
// the filters (filter.NAME.clean) that the configuration names. Those of the user's own configuration, such as Git
// LFS, stay; one that only the repository's configuration names is a program that the repository chooses, and is not
// run: a file that it would change counts as changed.
func (t *Tree) compare(ctx context.Context, args ...string) (string, error) {
	out, err := t.git(ctx, "config", "--show-scope", "-z", "--get-regexp", filterKeys)
	if err != nil && !gitFailed(err) {
		return "", err
	}
	return t.gitWith(ctx, configured(os.Getenv("GIT_CONFIG_COUNT"), ownFilters(out)), args...)
}

// configured returns the variables that configure git beyond those of the caller, which are so many. An option -c would
// end the name of a key at its first "=".
func configured(callers string, config map[string]string) (env []string) {
	count, _ := strconv.Atoi(callers) // git itself refuses what is no number
	for _, key := range slices.Sorted(maps.Keys(config)) {
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", count, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", count, config[key]))
		count++
	}
	if len(env) > 0 {
		env = append(env, fmt.Sprintf("GIT_CONFIG_COUNT=%d", count))
	}
	return env
}

// filterKeys matches what makes git run a filter, or fail without one.
const filterKeys = `^filter\..*\.(clean|process|required)$`

// ownFilters returns what the filters that the configuration of a repository names are without that configuration, by
// their keys: those of the user, or nothing. It takes the records "SCOPE\x00KEY\nVALUE\x00", the last of a key counts.
func ownFilters(records string) map[string]string {
	user, repository := map[string]string{}, map[string]string{}
	fields := strings.Split(records, "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		key, value, _ := strings.Cut(fields[i+1], "\n")
		switch fields[i] {
		case "local", "worktree":
			repository[key] = ""
			if strings.HasSuffix(key, ".required") {
				repository[key] = "false"
			}
		default:
			user[key] = value
		}
	}
	for key := range repository {
		if value, has := user[key]; has {
			repository[key] = value
		}
	}
	return repository
}
