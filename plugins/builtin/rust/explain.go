package rust

import "strings"

// absent has the reasons why common targets are not offered.
var absent = map[string]string{
	"init":                     "no package needs anything that is not in the repository",
	"test-functional":          "Cargo has no mark for functional tests, so they are part of test-unit",
	"test-integration":         "cargo test runs the tests in tests/ together with the others, so they are part of test-unit",
	"complexity":               "no clippy.toml sets cognitive-complexity-threshold",
	"security-sast":            "the plugin knows no tool for it; clippy is part of style",
	"security-dependency-scan": "there is neither a deny.toml nor an audit.toml",
	"watch":                    "there is no bacon.toml",
}

// explain records for each target why it is as it is, or why it is absent.
func (b *builder) explain() {
	b.ExplainAbsent(absent)
	b.explainBuild()
	why := "cargo fmt --check"
	if b.runsClippy() {
		why += " and clippy; warnings of clippy do not fail, unless Cargo.toml, the pipeline or \"davit style -- -- -D warnings\" says so"
	}
	b.Explain("style", why)
	b.Explain("test-unit", "cargo test: unit tests, tests/ and examples in comments")
	if b.repo.config.Nextest {
		b.Explain("test-unit", "cargo-nextest as configured, and the examples in comments by cargo test")
	}
	tests := b.About["test-unit"]
	tests.Includes = []string{"test-functional", "test-integration"}
	b.About["test-unit"] = tests
	if b.Offers("init") {
		b.Explain("init",
			"fetches all dependencies at once; the other targets fetch what they need by themselves")
	}
}

// explainBuild records where "build" leaves the programs.
func (b *builder) explainBuild() {
	var folders []string
	for _, u := range b.repo.units {
		if len(b.repo.outputs(u)) > 0 {
			folders = append(folders, u.debug)
		}
	}
	if folders != nil {
		b.Explain("build", "cargo build; its programs are in "+strings.Join(folders, ", ")+
			", and copied there if CARGO_TARGET_DIR or Cargo's configuration makes it build elsewhere")
	}
}
