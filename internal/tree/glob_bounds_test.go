package tree

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// hostileGlobs take exponential time where alternatives are tried one after the other, or look as if they did.
var hostileGlobs = map[string]string{
	"many pairs":        strings.Repeat("{a,a}", 40) + "b",
	"pairs of stars":    strings.Repeat("{*,**}", 40) + "b",
	"behind a folder":   "src/**/" + strings.Repeat("{a,a}", 30) + "*.go",
	"nested":            strings.Repeat("{a,", 300) + "b" + strings.Repeat("}", 300),
	"nested twice":      strings.Repeat("{{a,a},{a,a}}", 20) + "b",
	"empty":             strings.Repeat("{,}", 60) + "b",
	"one alternative":   strings.Repeat("{a}", 900) + "b",
	"braces in braces":  strings.Repeat("{", 2000) + strings.Repeat("}", 2000),
	"many in one":       "{" + strings.Repeat("a,", 2000) + "a}{" + "a,a,a}b",
	"folders":           strings.Repeat("**/", 1000) + "b",
	"stars":             strings.Repeat("*a", 2000) + "b",
	"folders and stars": strings.Repeat("**/*a*/", 500) + "b",
	"classes":           strings.Repeat("[a-z]*", 600) + "Z",
	"long class":        "**/[" + strings.Repeat("b", 4000) + "]*b",
	"long":              strings.Repeat("a*", 1<<19),
	"within the bounds": "**/*" + strings.Repeat("{a,a}", 9) + "b",
	"brackets":          strings.Repeat("[{a,a}]", 30) + "b",
}

func TestNoGlobTakesForEver(t *testing.T) {
	names := []string{strings.Repeat("a", 255), strings.Repeat("a/", 2000) + "a",
		strings.Repeat(strings.Repeat("a", 200)+"/", 20) + "a"}
	refused := 0
	for title, glob := range hostileGlobs {
		done := make(chan bool)
		go func() { // each form in which a glob is compared
			for _, form := range []string{glob, "!" + glob, "./" + glob} {
				Match([]string{form}, names)
			}
			rules := parseIgnore(".", glob)
			for _, name := range names {
				ignored(rules, name, false)
			}
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: it is still compared after 20 seconds", title)
		}
		if !ValidGlob(glob) {
			refused++
			if fault := GlobsFault([]string{"ok", glob}); fault == "" || len(fault) > 250 {
				t.Errorf("%s: it is refused with %q", title, fault)
			}
		}
	}
	t.Logf("%d globs tried, %d held; %d of them refused", len(hostileGlobs), len(hostileGlobs), refused)
}

func TestAlternativesAreCounted(t *testing.T) {
	for glob, want := range map[string]int{"": 1, "a": 1, "{a}": 2, "{a,b}": 2, "{a,b,c}{d,e}": 6, "{a,{b,c}}": 3,
		"{a,{b,c}d{e,f}}x{g,h}": 10, `\{a,b\}`: 1, "[{,]": 1, "a,b": 1, "{,}": 2, "{{a}}": 2, "{a,b}{c,[,}],d}": 6,
		strings.Repeat("{a,b}", 100): maxExpanded + 1} {
		if got := alternatives(glob); got != want {
			t.Errorf("%q: got %d, wanted %d", glob, got, want)
		}
	}
}

// What people write stays within the bounds.
func TestOrdinaryGlobsAreAccepted(t *testing.T) {
	if fault := GlobsFault([]string{"**/*.{js,jsx,ts,tsx,mjs,cjs,mts,cts,vue,svelte}",
		"{src,lib,test,tests,packages/*,apps/*}/**/{test,tests,__tests__,spec}/**/*.{js,jsx,ts,tsx,mjs,cjs,mts,cts}",
		"!**/{node_modules,dist,build,.next,.turbo,coverage}/**", "app/[id]/{page,layout,error,loading}.{ts,tsx}",
	}); fault != "" {
		t.Error(fault)
	}
	many := make([]string, maxGlobs+1)
	if fault := GlobsFault(many); fault != "10001 globs are too many; at most 10000 are compared" {
		t.Errorf("got %q", fault)
	}
}

// The bounds change no answer: a glob that is accepted matches what it has always matched.
func TestBoundsChangeNoAnswer(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 5))
	words := strings.Fields(`a b a/ / ** **/ /** * ? [ab] [^a] {a,b} {a,/} {*,b/} {a,{b,**}} {,a} \a , { }`)
	matched, accepted, tried := 0, 0, 200_000
	for range tried {
		glob := joined(random, words, 6)
		name := joined(random, []string{"a", "b", "/", "ab"}, 5)
		if !doublestar.ValidatePattern(glob) {
			continue
		}
		if !ValidGlob(glob) {
			t.Fatalf("%q is refused", glob)
		}
		want := doublestar.MatchUnvalidated(glob, name)
		if strings.HasSuffix(glob, "/") { // a folder with all below
			want = doublestar.MatchUnvalidated(glob+"**/*", name)
		}
		accepted++
		if got := pattern(glob)(name); got != want {
			t.Fatalf("%q and %q: got %v, wanted %v", glob, name, got, want)
		}
		if want {
			matched++
		}
	}
	t.Logf("%d globs tried, %d are valid, %d matched; none has another answer", tried, accepted, matched)
}

// joined joins some words.
func joined(random *rand.Rand, words []string, most int) string {
	var b strings.Builder
	for range 1 + random.IntN(most) {
		b.WriteString(words[random.IntN(len(words))])
	}
	return b.String()
}
