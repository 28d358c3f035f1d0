// Package maven is the davit plugin for Maven: one project, or one of many modules, with or without its wrapper.
//
// A build of several modules is tested by "mvn verify": a module with a module-info needs the archives of the others,
// which "mvn test" does not make. "mvn install" is never run, since it writes into the user's repository. Tests of
// failsafe run in "verify" only. Linters that the pom.xml calls are run without the rest of the build.
//
// Its configuration is {"args": ["-Pci"], "image": "maven:3-eclipse-temurin-21", "folders": ["api"], "base":
// "eclipse-temurin:21-jre", "ports": [8080]}, each of them optional.
package maven

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// A config is the table "config" of [plugins.maven].
type config struct {
	stack.Config
	// Args are arguments of every command: "-Pci".
	Args []string `json:"args"`
	// Base is the base image of the program's image, and Ports those that the program listens on.
	Base  string    `json:"base"`
	Ports sdk.Ports `json:"ports"`
}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	c := &config{}
	return stack.Read(p, &stack.Stack{
		Name: "maven", Title: "Maven", Manifests: []string{"pom.xml"}, Config: c,
		Caches: []plan.Cache{{ID: "maven", Env: "MAVEN_OPTS", Value: "-Dmaven.repo.local={cache}"},
			{ID: "maven-wrapper", Env: "MAVEN_USER_HOME"}},
		Settings: []string{"maven"},
		Plan:     c.plan,
		Absent: map[string]string{
			"init":                     "Maven downloads what each command needs",
			"test-functional":          "Maven has no mark for functional tests, so they are part of the others",
			"test-integration":         "no pom.xml calls the plugin failsafe, so that all tests are those of surefire",
			"style":                    "pom.xml calls no linter",
			"format":                   "pom.xml calls no formatter",
			"complexity":               "the plugin knows no tool for it",
			"security-sast":            "the plugin knows no tool for it",
			"security-dependency-scan": "pom.xml does not call dependency-check",
			"run":                      "pom.xml calls no plugin that starts the program, as those of Spring Boot and Quarkus do",
			"watch":                    "pom.xml does not call the plugin of Quarkus",
			"package":                  "there is no program that pom.xml packs for itself, as the plugin of Spring Boot does; a Dockerfile says more",
		},
	})
}

// A project is a Maven project with its pom.xml.
type project struct {
	*stack.Unit
	config  *config
	root    *pom
	modules []string
	java    string // the version of Java in images: "17"
}

func (c *config) plan(u *stack.Unit) error {
	if err := c.Ports.Check("maven"); err != nil {
		return err
	}
	p := &project{Unit: u, config: c, root: readPom(u, ".")}
	p.modules = modules(u, p.root)
	p.useTool()
	p.style()
	build := p.maven("package", "-DskipTests")
	build.NoCache, build.NoCacheWhy = true, "Maven itself knows what is up to date"
	u.Add("build", build, "compiles and packs, without tests; what it makes is in target")
	p.tests()
	p.run()
	p.image()
	u.Add("clean", p.maven("clean"), "")
	u.Add("upgrade", p.maven("versions:update-properties", "versions:use-latest-releases", "-DgenerateBackupPoms=false"), "")
	if p.root.calls("dependency-check-maven") {
		scan := p.maven("org.owasp:dependency-check-maven:aggregate")
		scan.NoCache = true
		u.Add("security-dependency-scan", scan, "the plugin dependency-check")
	}
	return nil
}

// maven returns a step that runs Maven, by the wrapper if there is one.
func (p *project) maven(words ...string) plan.Step {
	argv := []string{"mvn", "-B", "-ntp"}
	if p.Exists("mvnw") {
		argv[0] = "./mvnw"
		if sdk.CompareVersions(cmp.Or(wrapperVersion(p.Text(".mvn/wrapper/maven-wrapper.properties")), "4"), "3.6.1") < 0 {
			argv = argv[:2] // it does not know -ntp
		}
	}
	return stack.Exec(slices.Concat(argv, p.config.Args, words)...)
}

// wrapperVersion returns the version of Maven that the wrapper downloads.
func wrapperVersion(properties string) string {
	_, rest, _ := strings.Cut(properties, "/apache-maven/")
	version, _, _ := strings.Cut(rest, "/")
	return version
}

// useTool chooses Java and Maven: for the wrapper, only Java.
func (p *project) useTool() {
	needs := p.javaVersion()
	for _, p.java = range []string{"17", "21", "25"} { // those with long support, of which there are images
		if sdk.CompareVersions(p.java, needs) >= 0 {
			break
		}
	}
	t := plan.Tool{Check: []string{"mvn", "--version"}, Version: ">=3.6.1", Image: "maven:3-eclipse-temurin-" + p.java,
		Install: "see https://maven.apache.org/install.html"}
	if p.Exists("mvnw") {
		t = plan.Tool{Check: []string{"java", "-version"}, Image: t.Image, Install: "see https://adoptium.net"}
		if needs != "" {
			t.Version = ">=" + numbered(needs)
		}
		p.Decide("./mvnw, because the project has the wrapper")
	}
	p.Use(t)
}

// javaVersion returns the version of Java that the project needs: the one that it pins, or else compiles for.
func (p *project) javaVersion() string {
	if pin, ok := p.Pin([]string{".java-version"}, "java"); ok {
		p.Decide("Java %s, because %s asks for it", pin.Version, pin.File)
		return major(strings.TrimLeft(pin.Version, "abcdefghijklmnopqrstuvwxyz-"))
	}
	return major(p.root.property("maven.compiler.release", "release.version", "java.version", "maven.compiler.target",
		"maven.compiler.source", "release", "target"))
}

// numbered returns a feature release of Java as Java prints it: "1.8" for "8".
func numbered(release string) string {
	if n, _ := strconv.Atoi(release); n < 9 {
		return "1." + release
	}
	return release
}

// major returns the feature release of a version of Java: "8" for "1.8", "17" for "17.0.2"; "" if it is none.
func major(version string) string {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "1."), ".")
	if n, err := strconv.Atoi(version); err != nil || n < 5 || n > 99 {
		return ""
	}
	return version
}

// tests offers the tests: those of surefire, and those of failsafe, which run in "verify" with all others.
func (p *project) tests() {
	reports := stack.JUnit(p.inModules("target/surefire-reports/TEST-*.xml")...)
	failsafe := stack.JUnit(p.inModules("target/failsafe-reports/TEST-*.xml")...)
	goal, why := "test", "mvn test"
	switch {
	case len(p.modules) > 0:
		goal, why = "verify", "mvn verify, since modules need the archives of others"
	case p.hasModuleInfo():
		goal, why = "verify", "mvn verify, since the project has a module-info.java"
	}
	step := p.maven(goal)
	step.Reports = append(slices.Clone(reports), failsafe...)
	step.TestModules = p.testModules()
	if p.testsElsewhere() {
		step.Reports = nil
	}
	switch {
	case !p.hasFailsafe():
		p.Add("test-unit", step, why)
		p.Includes("test-unit", "test-functional", "test-integration")
	case goal == "verify":
		p.Add("test", step, why+"; it has the tests of surefire and of failsafe")
		p.Includes("test", "test-unit", "test-functional", "test-integration")
	default:
		step.Reports, step.TestModules = slices.Clone(reports), nil
		p.Add("test-unit", step, "the tests of surefire")
		only := p.maven("verify", "-Dtest=NoUnitTest", "-Dsurefire.failIfNoSpecifiedTests=false", "-DfailIfNoTests=false")
		only.Reports = failsafe
		p.Add("test-integration", only, "the tests of failsafe, which only verify runs; the others are left out")
	}
}

// testsElsewhere reports whether a single project has tests only of a language whose plugin for Maven writes no report, as
// that of Clojure. A project without any test has none here.
func (p *project) testsElsewhere() bool {
	return len(p.modules) == 0 && p.Exists("src/test/clojure") && len(stack.JVMTests(p.Unit, []string{"."})) == 0
}

// testModules returns the modules that have tests of Java, if there are modules: of a single project the tests are counted.
func (p *project) testModules() []string {
	if len(p.modules) == 0 {
		return nil
	}
	return stack.JVMTests(p.Unit, append([]string{"."}, p.modules...))
}

// inModules returns a glob for the project and, if it has modules, for all of them.
func (p *project) inModules(glob string) []string {
	if len(p.modules) == 0 {
		return []string{glob}
	}
	return []string{"**/" + glob}
}

func (p *project) hasFailsafe() bool {
	return slices.ContainsFunc(append([]string{"."}, p.modules...), func(dir string) bool {
		return readPom(p.Unit, dir).calls("maven-failsafe-plugin")
	})
}

func (p *project) hasModuleInfo() bool {
	return p.Exists(path.Join("src/main/java", "module-info.java"))
}
