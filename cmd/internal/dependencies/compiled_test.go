package dependencies

import (
	"fmt"

	"github.com/davit-dev/davit/internal/packagetest"
)

var cargo = manager{
	name: "cargo", needs: []string{"cargo"}, registry: packagetest.Cargo, module: packagetest.Crate,
	files: func(url, _ string, packages []string) files {
		text := "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n\n[dependencies]\n"
		for _, p := range packages {
			text += p + " = \"1\"\n"
		}
		return files{"Cargo.toml": text, ".gitignore": "target/\n",
			".cargo/config.toml": fmt.Sprintf(`[source.crates-io]
replace-with = "here"

[source.here]
registry = "sparse+%s/"
`, url),
			"src/lib.rs": `#[test]
fn version() {
    println!("saw mast {}", mast::VERSION);
    assert_eq!(mast::VERSION, "1.11.0");
}
`}
	},
	lock: "cargo generate-lockfile -q", lockFiles: []string{"Cargo.lock"},
	install: "true", test: "cargo test -q --locked", tarball: "/download", environment: "target", ahead: both,
	differs: map[string]verdict{"dependency removed": refused, "last dependency removed": refused},
}

var golang = manager{
	name: "go", needs: []string{"go"}, registry: packagetest.Go,
	module: func(name, version string) packagetest.Package {
		return packagetest.GoModule("example.com/"+name, version)
	},
	files: func(_, version string, packages []string) files {
		text := "module example.com/app\n\ngo 1.21\n"
		for _, p := range packages {
			if p != mast {
				version = good
			}
			text += "\nrequire example.com/" + p + " v" + version + "\n"
		}
		return files{"go.mod": text, "app_test.go": `package app

import (
	"testing"

	"example.com/mast"
)

func TestVersion(t *testing.T) {
	t.Log("saw mast", mast.Version)
	if mast.Version != "1.11.0" {
		t.Fail()
	}
}
`}
	},
	lock: "go mod download all", lockFiles: []string{"go.mod", "go.sum"},
	install: "true", test: "go test ./...", tarball: ".zip", ahead: at(bad),
	differs: map[string]verdict{"dependency removed": refused, "last dependency removed": refused},
	variables: func(url string) []string {
		return []string{"GOPROXY=" + url, "GOSUMDB=off", "GOFLAGS=-modcacherw", "GOTOOLCHAIN=local",
			"GONOSUMDB=*", "GOCACHE=" + goCache()}
	},
}
