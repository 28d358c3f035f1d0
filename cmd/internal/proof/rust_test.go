package proof

import (
	"math/rand/v2"
	"os"
	"path/filepath"
)

// rustCrate is a crate with one beside it and configurations of Cargo.
var rustCrate = &kind{
	name: "rust", repository: "project", targets: []string{"test-unit"}, plugin: true, real: true,
	needs: "cargo",
	steps: []step{native("cargo test --offline")},
	env: func() map[string]string {
		home, _ := os.UserHomeDir()
		if set := os.Getenv("RUSTUP_HOME"); set != "" {
			return map[string]string{"RUSTUP_HOME": set}
		}
		return map[string]string{"RUSTUP_HOME": filepath.Join(home, ".rustup")}
	},
	more: snapshot{
		"project/.gitignore": file("target/\nCargo.lock\ndist/\n"),
		"project/Cargo.toml": file("[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n" +
			"[dependencies]\nlib = { path = \"../lib\" }\n\n[lints.rust]\nunexpected_cfgs = \"allow\"\n"),
		"project/src/lib.rs": file(`#[test]
fn words() {
    let mut all = String::from(lib::WORD) + lib::FAR + include_str!("../dist/page.txt");
    all += option_env!("WORD").unwrap_or("");
    all += &std::env::var("WANT").unwrap_or_default();
    all += &std::fs::read_to_string("data.txt").unwrap_or_default();
    assert!(!all.contains("broken") && !cfg!(broken), "{}", all);
}
`),
		"project/dist/page.txt": file("one\n"),
		"project/data.txt":      linkTo("../ext/data.txt"),
		"lib/Cargo.toml": file(
			"[package]\nname = \"lib\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n" +
				"[dependencies]\nfar = { path = \"../far\" }\n",
		),
		"lib/src/lib.rs": file(rustLib("one")),
		"far/Cargo.toml": file(
			"[package]\nname = \"far\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
		),
		"far/src/lib.rs":          file(rustWord("one")),
		"ext/data.txt":            file("one\n"),
		"home/.cargo/config.toml": file(cargoConfig("one")),
		".cargo/config.toml":      file(""),
	},
	operation: func(r *rand.Rand) op {
		word := one(r, words)
		return one(r, []op{
			put("../lib/src/lib.rs", rustLib(word)), put("../far/src/lib.rs", rustWord(word)),
			put("dist/page.txt", word+"\n"),
			put("../ext/data.txt", word+"\n"),
			put("../home/.cargo/config.toml", cargoConfig(word)),
			put("../.cargo/config.toml", cargoConfig(word)),
			put("Cargo.lock", "broken\n"), remove{"Cargo.lock"}, setenv{"WANT", word}, unsetenv{"WANT"},
			setenv{"RUSTFLAGS", "--cfg " + word}, unsetenv{"RUSTFLAGS"},
			setenv{"CARGO_BUILD_RUSTFLAGS", "--cfg " + word}, unsetenv{"CARGO_BUILD_RUSTFLAGS"},
			setenv{"CARGO_ENCODED_RUSTFLAGS", "--cfg=" + word}, unsetenv{"CARGO_ENCODED_RUSTFLAGS"},
			remove{"target"}, fresh{}, nothing{},
		})
	},
}

func rustWord(word string) string    { return "pub const WORD: &str = \"" + word + "\";\n" }
func rustLib(word string) string     { return rustWord(word) + "pub use far::WORD as FAR;\n" }
func cargoConfig(word string) string { return "[env]\nWORD = \"" + word + "\"\n" }
