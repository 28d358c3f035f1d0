// Package ruby is the davit plugin for Ruby: gems and applications. Bundler installs into the project's folder, and
// changes no lock file that the project has. A Rakefile is read as text: what it defines by the usual forms is known.
//
// Its configuration is {"image": "ruby:3.3", "folders": ["api"]}, both optional.
package ruby

import (
	"regexp"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

var ruby = stack.Stack{
	Name: "ruby", Title: "Ruby", Manifests: []string{"Gemfile", "*.gemspec", "Rakefile"},
	Refuses:  refuses,
	Products: []string{"vendor/bundle/", ".bundle/", "pkg/", "coverage/", "tmp/", "log/"},
	Plan:     planProject,
	Absent: map[string]string{
		"init":                     "there is no Gemfile",
		"build":                    "Ruby compiles nothing, and no Rakefile has an extension to compile",
		"test":                     "there is neither a task that tests in the Rakefile, nor a spec or a test",
		"style":                    "no linter is called",
		"security-dependency-scan": "no pipeline calls bundler-audit, and there is no Gemfile.lock",
		"package":                  "a Ruby program has an image by its Dockerfile",
	},
}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) { return stack.Read(p, &ruby) }

// refuses returns why a folder is no project of Ruby: its Gemfile is only for tools of another stack.
func refuses(u *stack.Unit) string {
	if other := u.ToolsOfAnother(); other != "" {
		return "its gems are tools, beside " + other
	}
	return ""
}

// A project is a project of Ruby.
type project struct {
	*stack.Unit
	rake string // the text of its Rakefile
	gems string // the texts that name its gems
}

func planProject(u *stack.Unit) error {
	p := &project{Unit: u, rake: u.Text("Rakefile"), gems: u.Text("Gemfile") + u.Text("Gemfile.lock")}
	gemspec := u.Gemspec()
	p.gems += u.Text(gemspec)
	p.useTool()
	p.install()
	if p.calls(extension) {
		u.Add("build", p.bundled("rake", "compile"), "the Rakefile has an extension to compile")
	}
	p.tests()
	p.style()
	p.application()
	if gemspec != "" {
		build := p.bundled("gem", "build", gemspec)
		if p.calls(gemTasks) {
			build = p.bundled("rake", "build")
		}
		build.NoCache, build.NoCacheWhy = true, "the gem has the time in it"
		u.Add("package", build, "the gem; nothing is pushed")
	}
	if u.Exists("Gemfile") {
		u.Add("upgrade", p.step("bundle", "update"), "")
	}
	return nil
}

// What a Rakefile defines.
var (
	testTask  = regexp.MustCompile(`(?:Rake::TestTask|Minitest::TestTask)\.(?:new|create)(?:[ (]+[:"'](\w+))?`)
	specTask  = regexp.MustCompile(`RSpec::Core::RakeTask\.new(?:[ (]+[:"']?(\w+))?`)
	namedTest = regexp.MustCompile(`(?m)^task[ (]+[:"']?(test|spec)\b`)
	extension = regexp.MustCompile(`ExtensionTask\.new|(?m)^task[ (]+[:"']?compile\b`)
	gemTasks  = regexp.MustCompile(`bundler/gem_tasks|Bundler::GemHelper`)
	rubocop   = regexp.MustCompile(`RuboCop::RakeTask`)
	standard  = regexp.MustCompile(`standard/rake`)
)

func (p *project) calls(pattern *regexp.Regexp) bool { return pattern.MatchString(p.rake) }

func (p *project) useTool() {
	t := plan.Tool{Check: []string{"ruby", "--version"}, Image: "ruby:3", Install: "see https://www.ruby-lang.org/en/documentation/installation"}
	if pin, ok := p.Pin([]string{".ruby-version"}, "ruby"); ok {
		version := strings.TrimPrefix(pin.Version, "ruby-")
		if strings.Trim(version, "0123456789.") == "" && version != "" {
			t.Image = "ruby:" + version
			p.Decide("Ruby %s in images, because %s asks for it", version, pin.File)
		}
	}
	p.Use(t)
}

// step returns a command with the gems of the project's folder.
func (p *project) step(argv ...string) plan.Step {
	step := stack.Exec(argv...)
	if p.Exists("Gemfile") {
		step.Env = p.BundleEnv(stack.Bundle, argv...)
	}
	return step
}

// bundled returns a command that runs by Bundler, if the project has a Gemfile.
func (p *project) bundled(argv ...string) plan.Step {
	if p.Exists("Gemfile") {
		argv = append([]string{"bundle", "exec"}, argv...)
	}
	return p.step(argv...)
}

// install fills the folder of gems. Bundler needs the lock file that it writes where the project has none.
func (p *project) install() {
	if !p.Exists("Gemfile") {
		return
	}
	why := "the gems of Gemfile.lock, into vendor/bundle"
	if !p.Exists("Gemfile.lock") {
		why = "the newest gems, into vendor/bundle; Bundler writes Gemfile.lock"
	}
	p.Prepare(p.BundleInstall(stack.Exec("bundle", "install"), stack.Bundle), why)
}

// tests offers the tests: those of a task of the Rakefile, else those of RSpec, else those of Minitest.
func (p *project) tests() {
	step, why := p.rakeTests()
	switch {
	case why != "":
	case p.Exists("config/application.rb") && p.Exists("bin/rails") && p.Exists("test"):
		step, why = p.bundled("rails", "test"), "the tests of Rails"
	case p.Exists(".rspec") || p.Exists("spec/spec_helper.rb") || p.hasFiles("spec", "_spec.rb"):
		step, why = p.bundled("rspec"), "the specs of RSpec"
		step.Reports = []plan.Report{}
		if strings.Contains(p.gems, "rspec_junit_formatter") {
			step.Reports = []plan.Report{{Format: plan.FormatJUnit,
				Args: []string{"--format", "progress", "--format", "RspecJunitFormatter", "--out", "{report}"}}}
		}
	case p.hasFiles("test", "_test.rb"), p.hasFiles("test", ".rb"):
		step, why = p.bundled("ruby", "-Ilib:test", "-e", `Dir["test/**/{test_*,*_test}.rb"].sort.each { |f| require "./" + f }`), "the files in test"
	default:
		return
	}
	step.TestRunner = plan.RunnerRuby
	p.Add("test-unit", step, why)
	p.Includes("test-unit", "test-functional", "test-integration")
}

// rakeTests returns the task of the Rakefile that tests, and which it is.
func (p *project) rakeTests() (step plan.Step, why string) {
	for _, kind := range []struct {
		pattern *regexp.Regexp
		usual   string
	}{{testTask, "test"}, {specTask, "spec"}, {namedTest, "test"}} {
		if found := kind.pattern.FindStringSubmatch(p.rake); found != nil {
			name := kind.usual
			if found[1] != "" {
				name = found[1]
			}
			return p.bundled("rake", name), "rake " + name
		}
	}
	return step, ""
}

// hasFiles reports whether a folder, or one below it, has files whose names end so.
func (p *project) hasFiles(dir, ending string) bool {
	for _, name := range p.List(dir) {
		if strings.HasSuffix(name, ending) {
			return true
		}
		if strings.HasSuffix(name, "/") && sdk.Level(dir) < 3 && p.hasFiles(dir+"/"+strings.TrimSuffix(name, "/"), ending) {
			return true
		}
	}
	return false
}

// style offers RuboCop and Standard: their tasks in the Rakefile, or what a pipeline calls.
func (p *project) style() {
	bundled := func(program string) bool { return strings.Contains(p.gems, program) || p.Called(program) }
	switch {
	case p.calls(standard), bundled("standard") && p.Checked("standardrb", ".standard.yml"):
		p.Add("style", p.bundled("standardrb", "--no-fix"), "Standard")
		p.Add("format", p.bundled("standardrb", "--fix"), "")
	case p.calls(rubocop), bundled("rubocop") && p.Checked("rubocop", ".rubocop.yml"):
		p.Add("style", p.bundled("rubocop"), "RuboCop, which changes nothing without -a")
		p.Add("format", p.bundled("rubocop", "-a"), "")
	}
	if p.Called("bundler-audit", "bundle-audit") || strings.Contains(p.gems, "bundler-audit") {
		audit := p.bundled("bundle-audit", "check", "--update")
		audit.NoCache = true
		p.Add("security-dependency-scan", audit, "bundler-audit")
	}
}

// application offers what starts a program.
func (p *project) application() {
	switch {
	case p.Exists("bin/rails"):
		p.Add("run", p.bundled("rails", "server"), "the server of Rails")
	case p.Exists("config.ru"):
		p.Add("run", p.bundled("rackup"), "config.ru")
	}
}
