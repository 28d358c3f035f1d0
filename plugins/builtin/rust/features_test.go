package rust

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

func TestPredicates(t *testing.T) {
	on := map[string]bool{"std": true}
	for text, want := range map[string]verdict{
		`feature = "std"`: holds, `feature = "x"`: off, `test`: holds, `tokio_unstable`: unknown,
		`all(test, feature = "x")`: off, `all(feature = "std", feature = "x",)`: off, `any(feature = "x", feature = "std")`: holds,
		`any(feature = "x", tokio_unstable)`: unknown, `not(feature = "x")`: holds, `not(feature = "std")`: off,
		`not(any(feature = "x", feature = "y"))`: holds, `all(windows, feature = "x")`: elsewhere,
		`all(target_os = "macos", feature = "x")`: elsewhere, `all(target_os = "linux", feature = "x")`: off, `not(loom)`: holds,
	} {
		if got := parsePredicate(text).eval(on); got != want {
			t.Errorf("%s: got %d, wanted %d", text, got, want)
		}
	}
}

func TestSourcesBehindFeatures(t *testing.T) {
	for text, want := range map[string]string{
		"#![cfg(feature = \"x\")]\n#[test]\nfn a() {}\n":                                                       "x",
		"#![cfg(feature = \"x\")]\nfn a() {}\n":                                                                "none",
		"#[cfg(feature = \"x\")]\n#[test]\nfn a() {}\n#[test]\nfn b() {}\n":                                    "x",
		"#[test]\n#[cfg(feature = \"x\")]\nfn a() {}\n":                                                        "x",
		"#[cfg(all(\n    test,\n    feature = \"x\"\n))]\nmod tests {\n    #[tokio::test]\n    fn a() {}\n}\n": "x",
		"#[cfg(feature = \"x\")]\nmod a {\n    fn b() {}\n}\n#[test]\nfn c() {}\n":                             "none",
		"#[cfg(feature = \"x\")]\n/// ```\n/// a();\n/// ```\nfn a() {}\n":                                     "none",
		"#![cfg(feature = \"x\")]\n/// ```\n/// a();\n/// ```\nfn a() {}\n":                                    "x",
		"#[cfg(feature = \"std\")]\n#[test]\nfn a() {}\n":                                                      "none",
		"#[cfg(feature = \"x\")] mod a { #[test] fn a() {} }\n":                                                "x",
	} {
		needs, out := parseSource("src/a.rs", text).omitted(nil, map[string]bool{"std": true})
		if got := strings.Join(needs, ","); out != (want != "none") || out && got != want {
			t.Errorf("%q: got %v %s, wanted %s", text, out, got, want)
		}
	}
}

func TestCargoCommandsOfPipelines(t *testing.T) {
	for line, want := range map[string]string{
		"cargo test":                                              "test . ",
		"cargo +stable test --all -F a,b":                         "test . --workspace --features a,b",
		"cargo +nightly test --all-features":                      "none",
		"cargo nextest run --all-features --workspace":            "test . --workspace --all-features",
		"cargo --locked test --no-default-features":               "test . --no-default-features",
		"cargo t --features \"a b\" --manifest-path x/Cargo.toml": "test x --features a,b",
		"cargo test --features $X":                                "none",
		"cargo install cargo-hack":                                "none",
		"cargo +1.80 llvm-cov --workspace --lcov":                 "test . --workspace",
		"cargo hack test --each-feature":                          "test . narrow",
		"cargo test --features nightly":                           "test . --features nightlynarrow",
		"cargo test --lib":                                        "test . narrow",
		"cargo clippy --all-targets -- -D warnings":               "clippy . ",
	} {
		c := pipelines.Call{Command: recipes.Commands(".", line)[0]}
		got := "none"
		if call, ok := parseCall(c); ok {
			got = call.command + " " + call.dir + " " + strings.Join(call.selects.flags(), " ")
			if call.narrow {
				got += "narrow"
			}
		}
		if got != want {
			t.Errorf("%s: got %q, wanted %q", line, got, want)
		}
	}
}

func TestFeaturesThatMembersAskFor(t *testing.T) {
	a := &crate{name: "a", features: map[string][]string{"default": {"x"}, "x": {"y"}, "y": nil, "z": nil, "w": nil}}
	b := &crate{name: "b", asks: map[string][]string{"a": {"z"}}}
	u := &unit{members: []*crate{a, b}, defaults: []*crate{a}}
	for want, s := range map[string]selection{
		"default,x,y": {}, "default,x,y,z": {workspace: true}, "": {noDefaultFeatures: true}, "w": {noDefaultFeatures: true, features: []string{"a/w"}},
		"default,w,x,y,z": {allFeatures: true},
	} {
		var got []string
		for name := range s.enabled(u, a) {
			got = append(got, name)
		}
		if slices.Sort(got); strings.Join(got, ",") != want {
			t.Errorf("%v: got %v", s.flags(), got)
		}
	}
}

// FuzzParseSource checks that no text of Rust causes a panic.
func FuzzParseSource(f *testing.F) {
	f.Add("#![cfg(all(feature = \"x\", not(test)))]\n#[cfg(any(a, b))]\nmod c {\n}\n")
	f.Fuzz(func(t *testing.T, text string) {
		s := parseSource("src/lib.rs", text)
		s.omitted(moduleConditions([]*source{s}), nil)
	})
}
