// Package hugo is the davit plugin for sites of Hugo.
package hugo

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// manifests mark a site. Those that other tools have too need a folder of Hugo's beside them.
var manifests = []string{"hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml", "config.json"}

// Read plans the sites of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "hugo", Title: "Hugo", Manifests: manifests,
		Refuses:  refuses,
		Tool:     plan.Tool{Check: []string{"hugo", "version"}, Image: "hugomods/hugo:exts", Install: "see https://gohugo.io/installation"},
		Caches:   []plan.Cache{{ID: "hugo", Env: "HUGO_CACHEDIR"}},
		Products: []string{"public/", "resources/"},
		Plan:     plans,
		Absent: map[string]string{
			"test-unit":        "Hugo has no tests: the build finds what is wrong",
			"test-functional":  "Hugo has no tests",
			"test-integration": "Hugo has no tests",
			"style":            "Hugo has no linter",
			"format":           "Hugo has no formatter",
		},
	})
}

// refuses returns why a folder is no site of the repository itself.
func refuses(u *stack.Unit) string {
	own := u.FirstOf(manifests[:3]...) != ""
	content := u.Exists("content") && u.FirstOf("themes", "layouts", "archetypes") != ""
	switch text := u.Text(u.FirstOf(manifests...)); {
	case u.Dir != "." && u.Beside():
		return "it documents a project of another stack"
	case !own && (!content || !strings.Contains(strings.ToLower(text), "baseurl")):
		return "it has no content for Hugo"
	case !u.Exists("content") && u.FirstOf("theme.toml", "exampleSite") != "":
		return "it is a theme or a module, without a site"
	}
	return ""
}

// plans adds the commands of one site.
func plans(u *stack.Unit) error {
	argv := append([]string{"hugo", "--noBuildLock"}, options(u)...)
	if !u.Ignores("public") {
		argv = append(argv, "--destination", ".davit/site")
	}
	build := stack.Shell("# "+strings.Join(argv, " "), sdk.IgnoreScript(".davit"), sdk.Quote(argv...))
	build.NoCache, build.NoCacheWhy = true, "pages depend on the date"
	u.Add("build", build, "the site, in the folder that git ignores: public or .davit/site")
	u.Add("run", stack.Exec("hugo", "server", "--noBuildLock"), "")
	u.Add("clean", stack.Exec("rm", "-rf", "public", ".davit/site"), "")
	if u.Exists("go.mod") {
		u.Add("upgrade", stack.Exec("hugo", "mod", "get", "-u"), "newer modules")
	}
	u.Site(stack.Shell("# hugo", sdk.IgnoreScript(".davit"),
		sdk.Quote(append(append([]string{"hugo", "--noBuildLock"}, options(u)...), "--destination", ".davit/site")...)), ".davit/site")
	return nil
}

// options returns those of a pipeline's command that decide what is built.
func options(u *stack.Unit) (options []string) {
	for _, c := range u.Calls("hugo") {
		for _, word := range c.Words[1:] {
			known := []string{"--gc", "--minify", "--buildDrafts", "-D", "--buildFuture", "-F", "--panicOnWarning"}
			if slices.Contains(known, word) && !slices.Contains(options, word) {
				options = append(options, word)
			}
		}
	}
	return options
}
