package floors

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// retired are words that were names once, by the folder in which a term of the field has replaced them. As
// ordinary English they may stand in prose, and in folders of other lines they may be names. No key of a
// document has one, in any folder.
var retired = map[string]string{
	"runner": "Seen Ingredients Place Placed Because opaque tainted imaginable facts",
	"runner/deploy": "Glance Live Look Shared Trial Reach Sweep Free Yields Note Anew Taken Lost Locked Gone " +
		"Impossible",
	"runner/deploy/release": "Axes Ill Cure Sick Who Aside Keyed Hide Touched heed",
	"runner/deploy/history": "shelf",
	"runner/deploy/docker":  "ground turn stand withdraw tidy wake again quiet living others",
	"runner/buildkit":       "room hub takeover team hear told heard",
	"runner/host":           "room hub takeover team hear told heard",
	"cmd/internal/app":      ofCommands,
	"cmd/internal/deploy":   ofCommands,
	"plugins":               "looked aside either",
}

const ofCommands = "ladder rung climb site takeBack stands gather yield bring beside apart Sickbed Sight " +
	"Standing Drifted Begin Dry Reported Unserved still idle amend"

// retiredKeys are more words that no key has.
var retiredKeys = []string{"ill", "ills", "cure", "sick", "left", "lost", "aside", "because", "touched",
	"who", "heals", "strangers", "kept", "how", "what"}

// An allowance lets a folder or a file have names or keys with a retired word.
type allowance struct{ in, words, reason string }

var allowedNames = []allowance{
	{"runner/deploy", "LockedError LeaseLostError", "the terms that replaced Locked and Lost"},
	{"runner/deploy", "live", "live state is the term for what Observe returns"},
	{"runner/deploy", "SharedResources", "Compose shares volumes and networks"},
	{"runner/deploy/compose", "sharedRules refuseShared sharedError sharedBy", "Compose shares namespaces too"},
	{"cmd/internal/app", "DryRun", "the term that replaced Dry"},
}

var allowedKeys = []allowance{
	{"runner/deploy/release/format.go", "because touched ills sick cure", "format 1 is read with its own keys"},
	{"cmd/internal", "notes", "the sentences of a proposal or a step; retired was Note, to record a repair"},
	{"runner/record.go", "note", "the same"},
	{"internal/project", "hide", "a documented key of project.toml; retired was Hide, to redact"},
	{"conventions", "hide", "a default of that key"},
}

func TestRetiredWordsAreNoNames(t *testing.T) {
	for _, name := range disallowed(retiredNames(sources(t)), allowedNames) {
		t.Errorf("%s: the name %q has a word that is retired in its folder", name.at, name.text)
	}
}

func TestRetiredWordsAreNoKeys(t *testing.T) {
	for _, key := range disallowed(retiredKeysOf(sources(t)), allowedKeys) {
		t.Errorf("%s: the key %q has a retired word", key.at, key.text)
	}
}

// TestAllowancesAreNeeded keeps the allowances from outliving their reasons.
func TestAllowancesAreNeeded(t *testing.T) {
	all := sources(t)
	for _, text := range unneeded(retiredNames(all), allowedNames) {
		t.Errorf("no name needs the allowance for %s", text)
	}
	for _, text := range unneeded(retiredKeysOf(all), allowedKeys) {
		t.Errorf("no key needs the allowance for %s", text)
	}
}

// TestRetiredFoldersExist keeps the rows from guarding a folder that has moved.
func TestRetiredFoldersExist(t *testing.T) {
	for folder := range retired {
		if !slices.ContainsFunc(sources(t), func(s source) bool { return in(s.path, folder) }) {
			t.Errorf("%s has no Go files", folder)
		}
	}
}

// retiredNames returns the declared names that have a retired word of the deepest row that their file is in.
func retiredNames(all []source) (found []word) {
	for _, s := range all {
		words := snakes(strings.Fields(retired[deepest(s.folder(), maps.Keys(retired))]))
		for _, name := range names(s) {
			if hasAny(name.text, words) {
				found = append(found, name)
			}
		}
	}
	return found
}

// retiredKeysOf returns the keys that have a retired word of any row.
func retiredKeysOf(all []source) (found []word) {
	words := slices.Clone(retiredKeys)
	for row := range maps.Values(retired) {
		words = append(words, strings.Fields(row)...)
	}
	words = snakes(words)
	for _, s := range all {
		for _, key := range keys(s) {
			if hasAny(key.text, words) {
				found = append(found, key)
			}
		}
	}
	return found
}

// hasAny reports whether a name has one of some words, in either case and with a plural s: of "_cure", these
// are "cure", "Cures", "cureAll" and "last_cure".
func hasAny(name string, words []string) bool {
	name = snake(name) + "_"
	return slices.ContainsFunc(words, func(w string) bool {
		return strings.Contains(name, w+"_") || strings.Contains(name, w+"s_")
	})
}

var (
	lowerUpper = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	acronym    = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
	noLetters  = regexp.MustCompile(`[^a-z]+`)
)

// snake returns the words of a name in lower case, each after an underscore: "_take_back" for "TakeBack".
func snake(name string) string {
	name = acronym.ReplaceAllString(lowerUpper.ReplaceAllString(name, "${1}_$2"), "${1}_$2")
	return "_" + strings.Trim(noLetters.ReplaceAllString(strings.ToLower(name), "_"), "_")
}

func snakes(names []string) (all []string) {
	for _, name := range names {
		all = append(all, snake(name))
	}
	return all
}

func disallowed(all []word, list []allowance) []word {
	return slices.DeleteFunc(slices.Clone(all), func(w word) bool {
		return slices.ContainsFunc(list, func(a allowance) bool { return a.allows(w) })
	})
}

func (a allowance) allows(w word) bool {
	return in(w.path, a.in) && slices.Contains(strings.Fields(a.words), w.text)
}

// unneeded returns what a list allows that is not among some words.
func unneeded(all []word, list []allowance) (left []string) {
	for _, a := range list {
		for text := range strings.FieldsSeq(a.words) {
			one := allowance{in: a.in, words: text}
			if !slices.ContainsFunc(all, one.allows) {
				left = append(left, path.Join(a.in, text))
			}
		}
	}
	return left
}

// TestRetiredNamesAreFound keeps the rule from being empty: each of these declares a retired word.
func TestRetiredNamesAreFound(t *testing.T) {
	for _, declaration := range []string{
		"func cure() {}", "func (x T) Cure() {}", "func (cure T) M() {}", "func f(cure int) {}",
		"func f() (cure int) { return }", "func f() { cure := 1; _ = cure }", "func f() { var ills int; _ = ills }",
		"func f() { for cure := range 2 { _ = cure } }", "func f() { switch cure := any(1).(type) { } }",
		"func f() { _ = func(who int) {} }", "type Ills []int", "type Illness2Cure int", "type Illness_Ill int",
		"type T struct { cure int }", "type I interface { Cure() }", "type T[Ill any] struct{}",
		"const lastCure = 1", "var cureAll, x = 1, 2", "var HTTPCure int", "var is_sick int",
	} {
		all := sourcesOf(t, map[string]string{"runner/deploy/release/x.go": "package x\n\n" + declaration})
		if found := retiredNames(all); len(found) == 0 {
			t.Errorf("not found: %s", declaration)
		}
	}
}

// TestOtherNamesAreNotFound checks that only whole words count, and only in the folders of their row.
func TestOtherNamesAreNotFound(t *testing.T) {
	for _, s := range sourcesOf(t, map[string]string{
		"runner/deploy/release/x.go": "package x\n\nfunc fill() { secure, skilled, whose := 1, 2, 3 }",
		"internal/ui/x.go":           "package x\n\nfunc cure() {}",
	}) {
		if found := retiredNames([]source{s}); len(found) > 0 {
			t.Errorf("found: %v", found)
		}
	}
}

// TestRetiredKeysAreFound checks that a word of one row is found as a key in all folders.
func TestRetiredKeysAreFound(t *testing.T) {
	const tag = "package x\n\ntype T struct { X int `%s:\"%s\"` }"
	texts := []string{
		"package x\n\nvar x = map[string]int{\"cure\": 1}", "package x\n\nfunc f() { m[\"cure\"] = 1 }",
		"package x\n\nvar _ = struct { X int `json:\"ills\"` }{}",
		fmt.Sprintf(tag, "json", "cure,omitempty"), fmt.Sprintf(tag, "json", "lastCure"),
		fmt.Sprintf(tag, "toml", "cures"), fmt.Sprintf(tag, "yaml", "take_back"), fmt.Sprintf(tag, "json", "shelf"),
	}
	for _, folder := range []string{"runner/deploy/release", "runner/deploy/docker", "cmd/internal/deploy",
		"internal/new", "new", "plugins/builtin/x"} {
		for _, text := range texts {
			all := sourcesOf(t, map[string]string{folder + "/x.go": text})
			if found := disallowed(retiredKeysOf(all), allowedKeys); len(found) != 1 {
				t.Errorf("%s: found %v in %s", folder, found, text)
			}
		}
	}
}
