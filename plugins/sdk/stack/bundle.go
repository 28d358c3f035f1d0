package stack

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// Bundle is the folder of the gems of a project of Ruby.
const Bundle = "vendor/bundle"

// ToolsOfAnother returns the file of another stack beside a Gemfile whose gems are only tools of that stack, or "".
func (u *Unit) ToolsOfAnother() string {
	other := u.FirstOf("package.json", "go.mod", "Cargo.toml", "pom.xml", "mix.exs", "_config.yml", "Podfile", "fastlane")
	if u.Gemspec() != "" || u.Exists("config/application.rb") || u.FirstOf("spec", "test") != "" && u.Exists("Rakefile") {
		return ""
	}
	return other
}

// Gemspec returns the name of the project's gemspec, or "".
func (u *Unit) Gemspec() string {
	for _, name := range u.List(".") {
		if strings.HasSuffix(name, ".gemspec") {
			return name
		}
	}
	return ""
}

// BundleEnv returns the variables of a command that works with the gems of a folder. The lock file stays as it is, except
// by "bundle update".
func (u *Unit) BundleEnv(dir string, argv ...string) map[string]string {
	env := map[string]string{"BUNDLE_PATH": dir}
	if u.Exists("Gemfile.lock") && !slices.Contains(argv, "update") {
		env["BUNDLE_FROZEN"] = "true"
	}
	return env
}

// BundleInstall makes a step that runs "bundle install" one that fills a folder. Two plugins that fill the same one install
// once: Bundler says that the second has nothing to do.
func (u *Unit) BundleInstall(step plan.Step, dir string) plan.Step {
	gems := u.Text("Gemfile") + u.Text("Gemfile.lock") + u.Text(u.Gemspec())
	step.Env = u.BundleEnv(dir)
	step.Inputs = []string{"Gemfile", "Gemfile.lock", "*.gemspec", "gemfiles/", ".ruby-version", "lib/**/version.rb", ".bundle/config"}
	step.Outputs = []string{dir + "/"}
	step.Caches = []plan.Cache{{ID: "bundle", Env: "BUNDLE_USER_CACHE"}}
	step.Provides = &plan.Provides{Dir: dir + "/", Variables: []string{"BUNDLE_*", "GEM_*"}, Check: []string{"bundle", "check", "--dry-run"}}
	step.Provides.Empty = !strings.Contains(gems, "gem ") && !strings.Contains(gems, "_dependency")
	return step
}
