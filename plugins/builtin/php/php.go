// Package php is the davit plugin for PHP projects with Composer: their scripts first, then PHPUnit, Pest, Nette Tester,
// and the linters that the project has.
//
// Its configuration is {"image": "composer:2", "folders": ["api"]}, both optional.
package php

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

var php = stack.Stack{
	Name: "php", Title: "PHP", Manifests: []string{"composer.json"},
	Tool: plan.Tool{Check: []string{"composer", "--version"}, Version: ">=2", Image: "composer:2",
		Install: "see https://getcomposer.org"},
	Caches:   []plan.Cache{{ID: "composer", Env: "COMPOSER_CACHE_DIR"}},
	Products: []string{"vendor/", ".phpunit.cache/", ".phpunit.result.cache", ".php-cs-fixer.cache"},
	Plan:     planProject,
	Absent: map[string]string{
		"build":                    "PHP compiles nothing, and composer.json has no script build",
		"test":                     "there are no tests of PHPUnit, Pest or Nette Tester, and composer.json has no script test",
		"style":                    "composer.json has no script for it, and no linter is called",
		"security-dependency-scan": "the project has no packages",
		"package":                  "a PHP program needs a server, which a Dockerfile describes",
	},
}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) { return stack.Read(p, &php) }

// A manifest is what a composer.json says.
type manifest struct {
	Require    map[string]any `json:"require"`
	RequireDev map[string]any `json:"require-dev"`
	Scripts    map[string]any `json:"scripts"`
	Autoload   struct {
		Classmap []string `json:"classmap"`
	} `json:"autoload"`
	Config struct {
		Vendor string `json:"vendor-dir"`
		Bin    string `json:"bin-dir"`
	} `json:"config"`
}

// A project is a PHP project with its composer.json.
type project struct {
	*stack.Unit
	manifest
	vendor, bin string
}

func planProject(u *stack.Unit) error {
	p := &project{Unit: u}
	if err := json.Unmarshal([]byte(u.Text("composer.json")), &p.manifest); err != nil {
		return fmt.Errorf("%s: %v", u.Manifest, err)
	}
	p.vendor = path.Clean(strings.TrimSuffix(orElse(p.Config.Vendor, "vendor"), "/"))
	p.bin = path.Clean(orElse(p.Config.Bin, p.vendor+"/bin"))
	p.install()
	p.Tasks(p.scripts())
	p.tests()
	p.linters()
	if !u.Has("run") && u.Exists("artisan") {
		u.Add("run", stack.Exec("php", "artisan", "serve"), "the server of Laravel")
	} else if !u.Has("run") && u.Exists("public/index.php") {
		u.Add("run", stack.Exec("php", "-S", "localhost:8000", "-t", "public"), "PHP's own server, for public/index.php")
	}
	u.Add("upgrade", stack.Exec("composer", "update", "--no-interaction"), "")
	if p.hasPackages() {
		audit := stack.Exec("composer", "audit", "--no-interaction")
		audit.NoCache = true
		u.Add("security-dependency-scan", audit, "composer audit")
	}
	return nil
}

// hasPackages reports whether there is a package to install, besides PHP and its extensions.
func (p *project) hasPackages() bool {
	for _, name := range slices.Concat(slices.Collect(maps.Keys(p.Require)), slices.Collect(maps.Keys(p.RequireDev))) {
		if strings.Contains(name, "/") {
			return true
		}
	}
	return false
}

// install fills the folder of packages. A lock file that the project does not have is not left behind.
func (p *project) install() {
	step := stack.Exec("composer", "install", "--no-interaction", "--no-progress")
	why := "the packages of composer.lock"
	locked := p.Exists("composer.lock")
	switch {
	case !p.hasPackages() && !locked:
		step.Argv, why = []string{"composer", "dump-autoload", "--no-interaction"}, "the autoloader, since there are no packages"
	case !locked:
		step = stack.Shell(sdk.Quote(step.Argv...), "rm -f composer.lock")
		why = "the newest packages, since there is no composer.lock"
	}
	if !strings.Contains(p.Text(".gitignore"), p.vendor) {
		step = p.keptFromGit(step)
	}
	step.Inputs = []string{"composer.json", "composer.lock", "auth.json"}
	for _, name := range p.Autoload.Classmap {
		if name = path.Clean(name); !sdk.HasGlobMeta(name) && name != "." && !strings.HasPrefix(name, "..") {
			step.Inputs = append(step.Inputs, name+"/", name)
		}
	}
	step.Outputs = []string{p.vendor + "/"}
	step.Provides = &plan.Provides{Dir: p.vendor + "/", Variables: []string{"COMPOSER*"}}
	p.Prepare(step, why)
}

// keptFromGit returns an install that makes a folder which git ignores, where the project does not say so.
func (p *project) keptFromGit(step plan.Step) plan.Step {
	if step.Script == "" {
		step.Script = sdk.Quote(step.Argv...)
	}
	title, _, _ := strings.Cut(step.Script, " --")
	return stack.Shell("# "+title, sdk.IgnoreScript(p.vendor), step.Script)
}

// scripts returns the scripts of composer.json. Composer runs those with the names of its events by itself.
func (p *project) scripts() (tasks []stack.Task) {
	for _, name := range slices.Sorted(maps.Keys(p.Scripts)) {
		if strings.HasPrefix(name, "pre-") || strings.HasPrefix(name, "post-") {
			continue
		}
		text := p.scriptText(name, 0)
		step := stack.Exec("composer", "run-script", "--no-interaction", "--timeout=0", name)
		tasks = append(tasks, stack.Task{Name: name, Text: text, Step: step, Source: p.Manifest, Runner: p.runner(text)})
	}
	return tasks
}

// scriptText returns the commands of a script, with those of the scripts that it names by "@other".
func (p *project) scriptText(name string, depth int) string {
	var lines []string
	switch script := p.Scripts[name].(type) {
	case string:
		lines = []string{script}
	case []any:
		for _, line := range script {
			lines = append(lines, fmt.Sprint(line))
		}
	}
	for i, line := range lines {
		other, called := strings.CutPrefix(line, "@")
		other, _, _ = strings.Cut(other, " ")
		if text := p.Scripts[other]; called && text != nil && depth < 8 {
			lines[i] = p.scriptText(other, depth+1)
		}
	}
	return strings.Join(lines, "\n")
}

func (p *project) runner(text string) string {
	switch {
	case strings.Contains(text, "pest"):
		return plan.RunnerPest
	case strings.Contains(text, "phpunit"), strings.Contains(text, "artisan test"), strings.Contains(text, "simple-phpunit"):
		return plan.RunnerPHPUnit
	case strings.Contains(text, "tester"):
		return plan.RunnerNette
	}
	return ""
}

// tests offers the tests by the runner that the project requires, unless a script does.
func (p *project) tests() {
	if p.Has("test-unit") {
		p.Includes("test-unit", "test-functional", "test-integration")
		return
	}
	configured := p.FirstOf("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml")
	switch {
	case p.requires("pestphp/pest"):
		p.test(plan.RunnerPest, "pest", "tests of Pest", "--log-junit")
	case p.requires("nette/tester"):
		p.test(plan.RunnerNette, "tester", "tests of Nette Tester", "", orElse(p.FirstOf("tests", "test"), "tests"))
	case p.requires("phpunit/phpunit"), configured != "":
		p.test(plan.RunnerPHPUnit, "phpunit", "tests of PHPUnit", "--log-junit", append(p.uncached(configured), p.testFolder(configured)...)...)
	}
}

// uncached returns the option by which PHPUnit writes no ".phpunit.result.cache", which git would show. It is known since 8.0,
// and not needed where the project says where the file goes, or git ignores it.
func (p *project) uncached(configured string) []string {
	required, _ := p.RequireDev["phpunit/phpunit"].(string)
	oldest := strings.Trim(required, "^~>=v *")
	old := oldest == "" || strings.ContainsAny(oldest[:1], "34567")
	settings := p.Text(configured)
	if old || strings.Contains(settings, "cacheDirectory=") || strings.Contains(settings, "cacheResult") || strings.Contains(p.Text(".gitignore"), ".phpunit") {
		return nil
	}
	return []string{"--do-not-cache-result"}
}

// testFolder returns the folder of the tests, if the configuration of PHPUnit does not name it.
func (p *project) testFolder(configured string) []string {
	if dir := p.FirstOf("tests", "test"); configured == "" && dir != "" {
		return []string{dir}
	}
	return nil
}

// test adds the tests of a runner. The option makes it write JUnit XML.
func (p *project) test(runner, program, why, junit string, args ...string) {
	step := p.tool(program, args...)
	step.TestRunner = runner
	if junit != "" {
		step.Reports = []plan.Report{{Format: plan.FormatJUnit, Args: []string{junit, "{report}"}}}
	}
	p.Add("test-unit", step, why)
	p.Includes("test-unit", "test-functional", "test-integration")
}

// tool returns a step that runs a program that Composer installs, one of the project's own, or one of the machine.
func (p *project) tool(program string, args ...string) plan.Step {
	name := program
	switch own := p.FirstOf("tools/"+program, "tools/"+program+".phar", "bin/"+program, program+".phar"); {
	case p.installs(program):
		name = p.bin + "/" + program
	case own != "":
		name = own
	default:
		return stack.Exec(append([]string{program}, args...)...)
	}
	return stack.Exec(append([]string{"php", name}, args...)...)
}

func (p *project) requires(name string) bool {
	return p.Require[name] != nil || p.RequireDev[name] != nil
}

// packages are those that install a program of another name.
var packages = map[string]string{"phpcs": "squizlabs/php_codesniffer", "phpcbf": "squizlabs/php_codesniffer", "psalm": "vimeo/psalm",
	"pint": "laravel/pint", "php-cs-fixer": "friendsofphp/php-cs-fixer", "tester": "nette/tester", "pest": "pestphp/pest"}

// installs reports whether Composer installs a program: its package is required, or the lock file has it.
func (p *project) installs(program string) bool {
	name := orElse(packages[program], program+"/"+program)
	return p.requires(name) || strings.Contains(p.Text("composer.lock"), `"name": "`+name+`"`)
}

func orElse(value, other string) string {
	if value == "" {
		return other
	}
	return value
}
