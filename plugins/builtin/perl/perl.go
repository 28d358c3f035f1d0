// Package perl is the davit plugin for distributions of Perl: Makefile.PL, Build.PL, dist.ini or a cpanfile alone.
//
// Its configuration is {"image": "perl:5.40", "folders": ["lib"]}, both optional.
package perl

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

var perl = stack.Stack{
	Name: "perl", Title: "Perl", Manifests: []string{"Makefile.PL", "Build.PL", "dist.ini", "cpanfile"},
	Tool: plan.Tool{Check: []string{"perl", "-v"}, Image: "perl:5", Install: "see https://www.perl.org/get.html"},
	Products: []string{"blib/", "local/", "Makefile", "Makefile.old", "pm_to_blib", "MYMETA.json", "MYMETA.yml", "Build", "_build/",
		"cover_db/"},
	Plan: planProject,
	Absent: map[string]string{
		"init":                     "there is no cpanfile; what Makefile.PL requires must be installed",
		"build":                    "there is neither a Makefile.PL nor a Build.PL",
		"test":                     "there is no folder t",
		"style":                    "no pipeline calls perlcritic, and there is no .perlcriticrc",
		"run":                      "nothing says which of the scripts is the program",
		"security-dependency-scan": "the plugin knows no tool for it",
	},
}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) { return stack.Read(p, &perl) }

func planProject(u *stack.Unit) error {
	installs(u)
	configure, build, test := commands(u)
	if configure != "" {
		step := stack.Shell(configure, build)
		step.NoCache, step.NoCacheWhy = true, "make itself knows what is up to date"
		u.Add("build", step, "")
	}
	if u.Exists("t") {
		step := stack.Shell(test)
		if configure != "" {
			step = stack.Shell(configure, build, test)
		}
		step.TestRunner = plan.RunnerProve
		step.Env = local(u)
		u.Add("test-unit", step, strings.TrimPrefix(test, "./"))
		u.Includes("test-unit", "test-functional", "test-integration")
	}
	if u.Checked("perlcritic", ".perlcriticrc") {
		u.AddAs("style", "style-perlcritic", stack.Exec("perlcritic", "--quiet", "lib"), "perlcritic")
	}
	if u.Checked("perltidy", ".perltidyrc") {
		u.Add("format", stack.Shell("# perltidy", `find lib t bin -name '*.p[lm]' -exec perltidy -b -bext=/ {} + 2>/dev/null`), "perltidy")
	}
	if u.Manifest == u.Path("dist.ini") {
		u.Add("package", stack.Exec("dzil", "build"), "the archive for CPAN; nothing is uploaded")
	}
	return nil
}

// installs fills the folder local with the modules of a cpanfile.
func installs(u *stack.Unit) {
	if !u.Exists("cpanfile") {
		return
	}
	argv := []string{"cpanm", "--quiet", "--notest", "--local-lib-contained", "local", "--installdeps", "."}
	if u.Exists("cpanfile.snapshot") {
		argv = []string{"carton", "install", "--deployment"}
	}
	step := stack.Shell(sdk.IgnoreScript("local"), sdk.Quote(argv...))
	step.Inputs, step.Outputs = []string{"cpanfile", "cpanfile.snapshot"}, []string{"local/"}
	step.Provides = &plan.Provides{Dir: "local/", Variables: []string{"PERL*"}}
	u.Prepare(step, "the modules of cpanfile, into local")
}

// local are the variables with which Perl finds the modules of the folder local.
func local(u *stack.Unit) map[string]string {
	if !u.Exists("cpanfile") {
		return nil
	}
	return map[string]string{"PERL5LIB": "local/lib/perl5"}
}

// commands returns the commands that configure, build and test, as the manifest has them.
func commands(u *stack.Unit) (configure, build, test string) {
	switch {
	case u.Exists("Build.PL") && !u.Exists("Makefile.PL"):
		return "perl Build.PL", "./Build", "./Build test"
	case u.Exists("Makefile.PL"):
		return "perl Makefile.PL", "make", "make test"
	}
	return "", "", "prove -lr t"
}
