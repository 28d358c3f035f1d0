// Package cmake is the davit plugin for CMake, with tests by CTest.
//
// It builds in a folder of its own, which git ignores. Tests that an option of the project turns off are run if a pipeline
// turns them on, or "define" does; otherwise the option is named. CTest that finds no test is a failure.
//
// Its configuration is {"define": ["SHOP_BUILD_TESTS=ON"], "preset": "ci", "image": "…", "folders": ["lib"]}, each of them
// optional.
package cmake

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// A config is the table "config" of [plugins.cmake].
type config struct {
	stack.Config
	// Define are variables of CMake: "SHOP_BUILD_TESTS=ON". Preset is that of CMakePresets.json to configure with.
	Define []string `json:"define"`
	Preset string   `json:"preset"`
}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	c := &config{}
	return stack.Read(p, &stack.Stack{
		Name: "cmake", Title: "CMake", Manifests: []string{"CMakeLists.txt"}, Config: c,
		Refuses:  refuses,
		Products: []string{stack.Tree + "/"},
		Plan:     c.plan,
		Absent: map[string]string{
			"init":                     "CMake fetches what it needs when it configures",
			"test-functional":          "CTest has no mark for functional tests, so they are part of test-unit",
			"test-integration":         "CTest has no mark for integration tests, so they are part of test-unit",
			"style":                    "no pipeline of the project runs clang-format",
			"format":                   "there is no .clang-format",
			"complexity":               "the plugin knows no tool for it",
			"security-sast":            "the plugin knows no tool for it",
			"security-dependency-scan": "CMake has no list of dependencies",
			"run":                      "CMake does not say which program is the project's; cmake builds them in " + stack.Tree,
			"watch":                    "CMake does not watch",
			"package":                  "which libraries a program needs is not known; a Dockerfile says it",
			"upgrade":                  "CMake has no list of dependencies",
		},
	})
}

// refuses returns why a CMakeLists.txt is no project that CMake builds alone.
func refuses(u *stack.Unit) string {
	if !isProject.MatchString(u.Text("CMakeLists.txt")) {
		return "it has no project()"
	}
	for _, name := range []string{"pyproject.toml", "setup.py", "package.json", "Cargo.toml"} {
		if strings.Contains(strings.ToLower(u.Text(name)), "cmake") {
			return name + " builds it"
		}
	}
	return ""
}

var isProject = regexp.MustCompile(`(?im)^[^#\n]*\bproject\s*\(`)

func (c *config) plan(u *stack.Unit) error {
	files := lists(u)
	u.Use(tool(u.Text("CMakeLists.txt")))
	words, left := u.Switches(testOptions(files), "ON", []string{"cmake"}, c.Define)
	configure := sdk.Quote(slices.Concat([]string{"cmake", "-S", ".", "-B", stack.Tree}, c.preset(u), words)...)
	install, compile := stack.Debian("cmake", "cmake"), "cmake --build "+stack.Tree+" -j "+stack.Jobs
	build := stack.InTree("cmake --build "+stack.Tree, install, configure, compile+` "$@"`)
	build.NoCache, build.NoCacheWhy, build.Hint = true, "CMake itself knows what is up to date", dependencies(u)
	style(u)
	u.Add("build", build, "CMake builds in "+stack.Tree)
	addTests(u, files, left, stack.InTree("ctest --test-dir "+stack.Tree, install, configure, compile,
		"ctest --test-dir "+stack.Tree+` --output-on-failure --no-tests=error --output-junit junit.xml "$@"`))
	u.Add("clean", stack.Shell("rm -rf "+stack.Tree), "")
	return nil
}

// tool returns CMake in the version that the project and the report of CTest need.
func tool(text string) plan.Tool {
	least := "3.21"
	if found := minimum.FindStringSubmatch(text); found != nil && sdk.CompareVersions(found[1], least) > 0 {
		least = found[1]
	}
	return plan.Tool{Check: []string{"cmake", "--version"}, Version: ">=" + least, Image: "buildpack-deps:bookworm",
		Install: "see https://cmake.org/download"}
}

var minimum = regexp.MustCompile(`(?i)cmake_minimum_required\s*\(\s*VERSION\s+([0-9.]*[0-9])`)

// lists returns the texts of the files of CMake in a project, the root's first.
func lists(u *stack.Unit) (texts []string) {
	texts = []string{u.Text("CMakeLists.txt")}
	for _, dir := range append([]string{"cmake/", "."}, u.List(".")...) {
		if dir = strings.TrimSuffix(dir, "/"); strings.HasPrefix(dir, ".") && dir != "." {
			continue
		}
		for _, name := range u.List(dir) {
			if path.Ext(name) == ".cmake" || name == "CMakeLists.txt" && dir != "." {
				texts = append(texts, u.Text(path.Join(dir, name)))
			}
		}
	}
	return texts
}

// testOptions returns the options with TEST in their names that are off by default.
func testOptions(texts []string) (names []string) {
	for _, text := range texts {
		for _, found := range option.FindAllStringSubmatch(text, -1) {
			off := slices.Contains([]string{"", "OFF", "NO", "FALSE", "0"}, strings.ToUpper(found[2]))
			if off && !opposite.MatchString(found[1]) && !slices.Contains(names, found[1]) {
				names = append(names, found[1])
			}
		}
	}
	return names
}

var option = regexp.MustCompile(`(?im)^\s*(?:option|cmake_dependent_option)\s*\(\s*(\w*TESTS?(?:ING)?(?:_\w+)?)\s+"[^"]*"\s*([\w${}]*)`)

// opposite matches the names of options that turn no test on.
var opposite = regexp.MustCompile(`WITHOUT|SYSTEM|DISABLE|SKIP|(^|_)NO_|INSTALL|EXTERNAL|VALGRIND|COVERAGE|FUZZ|BENCH`)

var enablesTests = regexp.MustCompile(`(?im)^[^#\n]*(enable_testing\s*\(|include\s*\(\s*CTest|add_test\s*\(|_discover_tests\s*\()`)

// addTests offers the tests, if there are any.
func addTests(u *stack.Unit, files, left []string, test plan.Step) {
	if !slices.ContainsFunc(files, enablesTests.MatchString) {
		u.Explain("test-unit", "no CMakeLists.txt calls enable_testing or add_test")
		return
	}
	test.Reports, test.Hint = stack.JUnit(stack.Tree+"/junit.xml"), dependencies(u)
	if len(left) > 0 {
		hint := `[plugins.cmake] config = { define = ["` + left[0] + `=ON"] }`
		test.Hint = "options that are off may leave out tests (" + sdk.Listed(left, 5) + "): " + hint
		u.Omit("tests that options turn off ("+sdk.Listed(left, 5)+")", hint, "test-unit")
	}
	u.Add("test-unit", test, "CTest; what counts is a test of CTest, which may be a program with many cases")
	u.Includes("test-unit", "test-functional", "test-integration")
}

// preset returns the preset to configure with: the configured one, that of a pipeline, or "default".
func (c *config) preset(u *stack.Unit) []string {
	var file struct {
		ConfigurePresets []struct{ Name string }
	}
	_ = json.Unmarshal([]byte(u.Text("CMakePresets.json")), &file) // CMake reports its faults
	name, why := c.Preset, "the configuration names it"
	for _, p := range file.ConfigurePresets {
		if name == "" && p.Name == "default" {
			name, why = p.Name, "of its name"
		}
	}
	for _, call := range u.Calls("cmake") {
		for _, p := range file.ConfigurePresets {
			words := strings.ReplaceAll(strings.Join(call.Words, " ")+" ", "--preset=", "--preset ")
			if c.Preset == "" && !strings.Contains(words, " --build ") && strings.Contains(words, " --preset "+p.Name+" ") {
				name, why = p.Name, call.File+" uses it"
			}
		}
	}
	if name == "" {
		return nil
	}
	u.Decide("the preset %s, because %s", name, why)
	return []string{"--preset", name}
}

// dependencies returns a hint about the package manager that the project needs.
func dependencies(u *stack.Unit) string {
	switch {
	case u.FirstOf("conanfile.txt", "conanfile.py") != "":
		return "Conan may have to provide dependencies: conan install . --output-folder=" + stack.Tree
	case u.Exists("vcpkg.json"):
		return `vcpkg may have to provide dependencies: [plugins.cmake] config = { define = ["CMAKE_TOOLCHAIN_FILE=…/vcpkg.cmake"] }`
	}
	return ""
}

// style offers clang-format, if a pipeline runs it.
func style(u *stack.Unit) {
	const files = `git ls-files -z '*.c' '*.cc' '*.cpp' '*.cxx' '*.h' '*.hh' '*.hpp' | xargs -0 clang-format `
	t := plan.Tool{Check: []string{"clang-format", "--version"}, Image: "buildpack-deps:bookworm", Install: "apt-get install clang-format"}
	if len(u.Calls("clang-format")) > 0 {
		check := stack.Shell("# clang-format --dry-run -Werror", stack.Debian("clang-format", "clang-format"), files+"--dry-run -Werror")
		check.Tool = u.With(t)
		u.Add("style", check, "clang-format, because a pipeline runs it")
	}
	if u.Exists(".clang-format") {
		format := stack.Shell("# clang-format -i", stack.Debian("clang-format", "clang-format"), files+"-i")
		format.Tool = u.With(t)
		u.Add("format", format, "clang-format, because there is a .clang-format")
	}
}
