// Package autotools is the davit plugin for projects with a configure.ac. A project that CMake or Meson builds too is left
// to these.
//
// It builds in a copy of the sources, since autoreconf and configure write into theirs, and many projects can be built in
// no other folder.
//
// Its configuration is {"configure": ["--without-docs"], "image": "…", "folders": ["lib"]}, each of them optional.
package autotools

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// copyDir has the copy of the sources. It is below the folder that git ignores, since it has the .gitignore of the project.
const copyDir = stack.Tree + "/src"

// A config is the table "config" of [plugins.autotools].
type config struct {
	stack.Config
	// Configure are arguments of configure: "--without-docs".
	Configure []string `json:"configure"`
}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	c := &config{}
	return stack.Read(p, &stack.Stack{
		Name: "autotools", Title: "Autotools", Manifests: []string{"configure.ac", "configure.in"}, Config: c,
		Refuses:  refuses,
		Tool:     plan.Tool{Check: []string{"autoreconf", "--version"}, Image: "buildpack-deps:bookworm", Install: "apt-get install autoconf automake libtool"},
		Products: []string{stack.Tree + "/"},
		Plan:     c.plan,
		Absent: map[string]string{
			"init":             "nothing is downloaded: the system has the libraries that configure looks for",
			"test-functional":  "make check has no mark for functional tests, so they are part of test-unit",
			"test-integration": "make check has no mark for integration tests, so they are part of test-unit",
			"style":            "make runs no linter that has a usual name",
			"format":           "make has no usual target that formats",
			"run":              "Automake does not say which program is the project's; it is built in " + copyDir,
			"package":          "which libraries a program needs is not known; a Dockerfile says it",
		},
	})
}

// refuses returns why a configure.ac is no project that is built by it here.
func refuses(u *stack.Unit) string {
	switch other := u.FirstOf("CMakeLists.txt", "meson.build"); {
	case other != "":
		return "there is a " + other + " beside it, which comes first; off = true in [plugins.cmake] or [plugins.meson] chooses this"
	case !strings.Contains(u.Text("configure.ac")+u.Text("configure.in"), "AC_INIT"):
		return "it has no AC_INIT"
	}
	return ""
}

func (c *config) plan(u *stack.Unit) error {
	configure := "./configure " + sdk.Quote(c.Configure...)
	if !u.Exists("configure") {
		generate := "autoreconf -fi"
		if u.Exists("autogen.sh") {
			generate = "NOCONFIGURE=1 sh ./autogen.sh"
		}
		u.Decide("%s makes configure, which the repository does not have", generate)
		configure = "{ [ -x configure ] || " + generate + "; } && " + configure
	}
	copied := "mkdir -p " + copyDir + " && tar -cf - --exclude=./.git --exclude=./.davit . | tar -xf - -C " + copyDir + "\n" +
		"(cd " + copyDir + "; [ -e config.status ] || { " + configure + "; })"
	install, enter := stack.Debian("autoreconf", "autoconf", "automake", "libtool", "pkg-config"), "cd "+copyDir
	build := stack.InTree("./configure && make, in "+copyDir, install, copied, enter, "make -j "+stack.Jobs+` "$@"`)
	build.NoCache, build.NoCacheWhy = true, "make itself knows what is up to date"
	u.Add("build", build, "make, in a copy of the sources in "+copyDir)
	test := stack.InTree("make check, in "+copyDir, install, copied, enter, "make -j "+stack.Jobs, `make check "$@"`)
	test.TestRunner = plan.RunnerAutomake
	u.Add("test-unit", test, "make check; what counts is a test of Automake, which may be a program with many cases")
	u.Includes("test-unit", "test-functional", "test-integration")
	u.Add("clean", stack.Shell("rm -rf "+stack.Tree), "")
	return nil
}
