// Package jekyll is the davit plugin for sites of Jekyll.
package jekyll

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// Read plans the sites of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "jekyll", Title: "Jekyll", Manifests: []string{"_config.yml", "_config.yaml", "_config.toml"},
		Refuses: func(u *stack.Unit) string {
			switch {
			case u.Beside("Gemfile", "package.json", "requirements.txt"):
				return "it documents a project of another stack"
			case u.FirstOf("_posts", "_layouts", "_includes", "index.md", "index.html", "index.markdown", "Gemfile") == "":
				return "it has no pages for Jekyll"
			}
			return ""
		},
		Products: []string{"_site/", ".jekyll-cache/", ".sass-cache/"},
		Plan:     plans,
		Absent: map[string]string{
			"test-unit":        "Jekyll has no tests: the build finds what is wrong",
			"test-functional":  "Jekyll has no tests",
			"test-integration": "Jekyll has no tests",
			"style":            "Jekyll has no linter",
			"format":           "Jekyll has no formatter",
		},
	})
}

// plans adds the commands of one site: by Bundler, where the site has a Gemfile.
func plans(u *stack.Unit) error {
	jekyll := []string{"jekyll"}
	u.Use(plan.Tool{Check: []string{"jekyll", "--version"}, Image: "jekyll/jekyll:4", Install: "gem install jekyll"})
	b := bundler(u)
	if u.Exists("Gemfile") {
		jekyll = []string{"bundle", "exec", "jekyll"}
		u.Use(plan.Tool{Check: []string{"bundle", "--version"}, Image: "ruby:3", Install: "gem install bundler"})
		install := stack.Shell("# bundle install", sdk.IgnoreScript(".davit"), b.lock+"bundle install")
		u.Prepare(u.BundleInstall(install, b.gems), "the gems of Gemfile, into "+b.gems)
	}
	to := "_site"
	if !u.Ignores("_site") {
		to = ".davit/site"
	}
	step := func(words ...string) plan.Step {
		argv := append(append([]string{}, jekyll...), words...)
		s := stack.Shell("# "+strings.Join(argv, " "), sdk.IgnoreScript(".davit"), b.lock+sdk.Quote(argv...))
		s.Env, s.NoCache, s.NoCacheWhy = b.env, true, "pages depend on the date"
		return s
	}
	u.Add("build", step("build", "--disable-disk-cache", "--destination", to), "the site, in "+to)
	serve := step("serve", "--disable-disk-cache", "--destination", ".davit/site")
	u.Add("run", serve, "")
	u.Add("clean", stack.Exec("rm", "-rf", "_site", ".davit/site", ".jekyll-cache", ".sass-cache"), "")
	if b.env != nil {
		update := stack.Exec("bundle", "update")
		update.Env = u.BundleEnv(b.gems, "update")
		u.Add("upgrade", update, "newer gems")
	}
	u.Site(step("build", "--disable-disk-cache", "--destination", ".davit/site"), ".davit/site")
	return nil
}

// A bundle is what the commands of a site with a Gemfile have in common.
type bundle struct {
	gems string // the folder of the gems
	env  map[string]string
	lock string // a line that removes the lock file which Bundler writes, if the site has none
}

// bundler returns the bundle of a site. Where the site is a project of Ruby, too, as a theme is, it is that of this project.
func bundler(u *stack.Unit) (b bundle) {
	if !u.Exists("Gemfile") {
		return b
	}
	b.gems = stack.Bundle
	if u.ToolsOfAnother() != "" {
		b.gems, b.lock = ".davit/bundle", "[ -e Gemfile.lock ] || trap 'rm -f Gemfile.lock' EXIT\n"
	}
	b.env = u.BundleEnv(b.gems)
	return b
}
