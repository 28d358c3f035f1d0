package node

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// hostileGlobs take exponential time where alternatives or folders are tried one after the other.
var hostileGlobs = map[string]string{
	"many pairs":     strings.Repeat("{a,a}", 25) + "b",
	"other pairs":    strings.Repeat("{a,b}", 40),
	"pairs of stars": strings.Repeat("{*,*a}", 40) + "b",
	"nested":         strings.Repeat("{a,", 300) + "b" + strings.Repeat("}", 300),
	"nested pairs":   strings.Repeat("{{a,b},{c,d}}", 20) + "e",
	"empty":          strings.Repeat("{,}", 60) + "b",
	"one each":       strings.Repeat("{a}", 900) + "b",
	"only braces":    strings.Repeat("{", 2000) + strings.Repeat("}", 2000),
	"commas":         "{" + strings.Repeat(",", 4000) + "}{a,b}",
	"folders":        strings.Repeat("**/", 400) + "b",
	"deep folders":   strings.Repeat("**/a/", 400) + "b",
	"every folder":   strings.Repeat("**/*/", 400) + "b",
	"stars":          strings.Repeat("*a", 2000) + "b",
	"classes":        strings.Repeat("[!a]*", 800) + "{a,a}",
	"long":           strings.Repeat("a*", 1<<18),
	"many parts":     strings.Repeat("{a,b}/", 600) + "b",
}

// TestHostileGlobsEnd: the plugin looks at members, and at what a command names, in a moment, or refuses a glob with
// a sentence that names the file.
func TestHostileGlobsEnd(t *testing.T) {
	deep := strings.Repeat("a/", 40) + strings.Repeat("a", 200)
	tried, refused := 0, 0
	for title, glob := range hostileGlobs {
		for file, files := range map[string]map[string]string{
			"package.json":        {"package.json": fmt.Sprintf(`{"name":"x","workspaces":[%q],"scripts":{"test":"node t.js"}}`, glob)},
			"pnpm-workspace.yaml": {"package.json": `{"name":"x","packageManager":"pnpm@9.0.0"}`, "pnpm-workspace.yaml": "packages:\n  - '" + glob + "'\n"},
			"lerna.json":          {"package.json": `{"name":"x"}`, "lerna.json": fmt.Sprintf(`{"packages":[%q]}`, glob)},
			"scripts":             {"package.json": fmt.Sprintf(`{"name":"x","workspaces":["a/*"],"scripts":{"lint":"eslint %s"}}`, glob)},
		} {
			files[deep+"/package.json"], files["a/a/package.json"] = `{"name":"a"}`, `{"name":"b"}`
			begun := time.Now()
			_, err := Read(&sdk.Project{Project: plan.Project{Name: "x", Dir: "."}, FS: filesOf(files)})
			tried++
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("%s in %s took %s", title, file, took)
			}
			if err != nil {
				refused++
				if !strings.HasPrefix(err.Error(), file+": the glob ") || len(err.Error()) > 250 {
					t.Errorf("%s in %s: %v", title, file, err)
				}
			}
		}
		begun := time.Now()
		matchPath(strings.Split(glob, "/"), strings.Split(deep, "/"))
		touches(glob, deep)
		covers(glob, deep)
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("%s is compared for %s", title, took)
		}
	}
	t.Logf("%d globs tried in %d projects, %d held; %d refused", len(hostileGlobs), tried, tried, refused)
}

func TestAlternatives(t *testing.T) {
	for pattern, want := range map[string]string{"a": "a", "{a,b}": "a b", "{a,b}{c,d}": "ac ad bc bd", "{a,a}b": "ab",
		"{a,{b,c}d}e": "ae bde cde", "{a": "{a", "a}": "a}", "x{a}": "xa", strings.Repeat("{a,a}", 50): strings.Repeat("a", 50)} {
		all, ok := alternatives(pattern)
		if got := strings.Join(all, " "); got != want || !ok {
			t.Errorf("%q: got %q, wanted %q", pattern, got, want)
		}
	}
	if _, ok := alternatives(strings.Repeat("{a,b}", 20)); ok {
		t.Error("a million alternatives are within the bounds")
	}
}

func TestOrdinaryGlobsOfWorkspaces(t *testing.T) {
	if fault := globsFault([]string{"packages/*", "{apps,libs,tools}/{web,api,shared}-*", "!**/{dist,node_modules}/**"}); fault != "" {
		t.Error(fault)
	}
	if !slices.Contains([]bool{matchPart("{web,api}-*", "api-x")}, true) {
		t.Error("alternatives are not compared")
	}
}
