// Package gradle is the davit plugin for Gradle, in Groovy or Kotlin, with one project or many.
//
// A build with the wrapper runs by it, and never by the gradle of the machine, which may be of another version. A folder
// that Maven builds too is left to that.
//
// Its configuration is {"args": ["-Pci"], "image": "gradle:8-jdk21", "folders": ["app"]}, each of them optional.
package gradle

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// A config is the table "config" of [plugins.gradle].
type config struct {
	stack.Config
	// Args are arguments of every command: "-Pci".
	Args []string `json:"args"`
}

// Read plans the builds of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	c := &config{}
	return stack.Read(p, &stack.Stack{
		Name: "gradle", Title: "Gradle", Config: c,
		Manifests: []string{"settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts"},
		Refuses: func(u *stack.Unit) string {
			if u.Exists("pom.xml") {
				return "there is a pom.xml beside it, and Maven comes first; [plugins.maven] off = true chooses Gradle"
			}
			return ""
		},
		Caches:   []plan.Cache{{ID: "gradle", Env: "GRADLE_USER_HOME"}},
		PassEnv:  []string{"GRADLE_OPTS", "JAVA_OPTS", "JAVA_HOME"},
		Settings: []string{"gradle"},
		Products: []string{"build/", "**/build/"},
		Plan:     c.plan,
		Absent: map[string]string{
			"init":             "Gradle downloads what each command needs",
			"test-functional":  "Gradle has no mark for functional tests; other suites of a build are part of its check",
			"test-integration": "no build file has a source set or suite of the name integrationTest",
			"style":            "no build file applies spotless, checkstyle, pmd, ktlint or detekt",
			"format":           "no build file applies spotless or ktlint",
			"run":              "no build file applies application or the plugin of Spring Boot",
			"package":          "which files a program needs is not known; a Dockerfile says it",
			"upgrade":          "Gradle has no command that moves dependencies",
		},
	})
}

// A linter is a plugin of Gradle with the tasks that check and format.
type linter struct{ name, check, format string }

var linters = []linter{{"spotless", "spotlessCheck", "spotlessApply"}, {"ktlint", "ktlintCheck", "ktlintFormat"},
	{"detekt", "detekt", ""}, {"checkstyle", "checkstyleMain checkstyleTest", ""}, {"pmd", "pmdMain pmdTest", ""}}

func (c *config) plan(u *stack.Unit) error {
	text := buildFiles(u)
	u.Use(tool(u, text))
	var checks, names, formats []string
	for _, l := range linters {
		if applies(text, l.name) {
			checks, names = append(checks, strings.Fields(l.check)...), append(names, l.name)
			formats = append(formats, strings.Fields(l.format)...)
		}
	}
	if len(checks) > 0 {
		u.Add("style", c.gradle(u, checks...), "the linters that build files apply: "+strings.Join(names, ", "))
	}
	if len(formats) > 0 {
		u.Add("format", c.gradle(u, formats...), "")
	}
	build := c.gradle(u, "assemble")
	build.NoCache, build.NoCacheWhy = true, "Gradle itself knows what is up to date"
	u.Add("build", build, "all that the projects make, without tests; it is in their folders build")
	test := c.gradle(u, "cleanTest", "test", "--continue") // a task that is up to date writes no report
	test.Reports = stack.JUnit("**/build/test-results/test/TEST-*.xml")
	if dirs := projects(u); len(dirs) > 1 {
		test.TestModules = stack.JVMTests(u, dirs)
	}
	u.Add("test-unit", test, "the task test of all projects")
	if integration.MatchString(text) {
		step := c.gradle(u, "cleanIntegrationTest", "integrationTest", "--continue")
		step.Reports = stack.JUnit("**/build/test-results/integrationTest/TEST-*.xml")
		u.Add("test-integration", step, "the task integrationTest, which a build file defines")
	}
	switch {
	case applies(text, "org.springframework.boot"):
		u.Add("run", c.gradle(u, "bootRun"), "the plugin of Spring Boot")
	case applies(text, "application"):
		u.Add("run", c.gradle(u, "run"), "the plugin application")
	}
	u.Add("clean", c.gradle(u, "clean"), "")
	return nil
}

var integration = regexp.MustCompile(`\bintegrationTest\b`)

// gradle returns a step that runs tasks, by the wrapper if there is one. No daemon outlives the step.
func (c *config) gradle(u *stack.Unit, tasks ...string) plan.Step {
	program := "gradle"
	if u.Exists("gradlew") {
		program = "./gradlew"
	}
	s := stack.Exec(slices.Concat([]string{program, "--no-daemon", "--console=plain"}, c.Args, tasks)...)
	if program == "./gradlew" {
		s.Hint = "if the wrapper cannot download its Gradle, this machine does not reach the distributionUrl of gradle/wrapper/gradle-wrapper.properties"
	}
	return s
}

// tool returns Java for the wrapper, or Gradle.
func tool(u *stack.Unit, text string) plan.Tool {
	java := cmp.Or(javaVersion(u, text), "17")
	image := "21"
	for _, known := range []string{"17", "21", "25"} {
		if image = known; sdk.CompareVersions(known, java) >= 0 {
			break
		}
	}
	if u.Exists("gradlew") {
		u.Decide("./gradlew, because the build has the wrapper")
		return plan.Tool{Check: []string{"java", "-version"}, Image: "eclipse-temurin:" + image, Install: "see https://adoptium.net"}
	}
	return plan.Tool{Check: []string{"gradle", "--version"}, Image: "gradle:jdk" + image, Install: "see https://gradle.org/install"}
}

// javaVersion returns the feature release of Java that the build pins, or that its toolchain names.
func javaVersion(u *stack.Unit, text string) string {
	if pin, ok := u.Pin([]string{".java-version"}, "java"); ok {
		version, _, _ := strings.Cut(strings.TrimLeft(pin.Version, "abcdefghijklmnopqrstuvwxyz-"), ".")
		return version
	}
	if found := toolchain.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

var toolchain = regexp.MustCompile(`JavaLanguageVersion\.of\(\s*['"]?(\d+)`)

// maxBuildFiles is how many build files of a build are read.
const maxBuildFiles = 100

// buildFiles returns the texts of the build files of the project and of those that its settings include, without comments.
func buildFiles(u *stack.Unit) string {
	var b strings.Builder
	for _, dir := range append(projects(u), "buildSrc") {
		for _, name := range []string{"build.gradle", "build.gradle.kts"} {
			b.WriteString(comment.ReplaceAllString(u.Text(path.Join(dir, name)), "") + "\n")
		}
	}
	return b.String()
}

// projects returns the folders of the projects of a build, in the layout that Gradle has by itself; the root is the first.
func projects(u *stack.Unit) (dirs []string) {
	settings := u.Text(cmp.Or(u.FirstOf("settings.gradle", "settings.gradle.kts"), "settings.gradle"))
	dirs = []string{"."}
	for _, line := range includes.FindAllString(settings, maxBuildFiles) {
		for _, name := range quoted.FindAllStringSubmatch(line, -1) {
			dirs = append(dirs, path.Clean(strings.TrimPrefix(strings.ReplaceAll(name[1], ":", "/"), "/")))
		}
	}
	return dirs[:min(len(dirs), maxBuildFiles)]
}

var (
	includes = regexp.MustCompile(`(?m)^\s*include\b[^\n]*(?:,\s*\n[^\n]*)*`)
	quoted   = regexp.MustCompile(`['"](:?[\w.:-]+)['"]`)
	comment  = regexp.MustCompile(`(?s)/\*.*?\*/|(?m)^\s*//[^\n]*`)
)

// applies reports whether build files apply a plugin, by its name or by one that has it in it: id 'com.diffplug.spotless',
// apply plugin: "checkstyle", alias(libs.plugins.detekt).
func applies(text, plugin string) bool {
	name := regexp.QuoteMeta(plugin)
	return regexp.MustCompile(`(?m)(?:\bid\s*\(?\s*|plugin\s*[:=]\s*|plugin\(\s*)['"](?:[\w.-]*\.)?` + name + `['"]` +
		`|plugins\.(?:[\w.]*\.)?` + name + `\b|^\s*` + "`?" + name + "`?" + `\s*$`).MatchString(text)
}
