package plugindev

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins"
)

const examples = "../../../examples/plugins"

func TestMain(m *testing.M) {
	if code, is := plugins.Main(os.Args[1:]); is {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// An example is the plugin of examples/plugins in one language.
type example struct {
	language string
	// needs is a script that fails if a compiler is absent.
	needs string
	// prepare is a script that makes a copy of the example, in another folder, ready to be built.
	prepare string
}

var languagesOfExamples = []example{
	{"go", "go version", `go mod edit -replace github.com/davit-dev/davit="$REPO"`},
	{"c", "echo 'int main(void) { return 0; }' | clang --target=wasm32-wasi -x c -o /dev/null -", ""},
	{"rust", `cargo --version && test -d "$(rustc --print target-libdir --target wasm32-wasip1)"`, ""},
	{"assemblyscript", "node --version && npm --version", ""},
}

// TestThePluginInEachLanguage checks that the plugins of all languages give the same plans for the same fixtures, and that a
// plugin has the same bytes when it is built again in another folder.
func TestThePluginInEachLanguage(t *testing.T) {
	for _, e := range languagesOfExamples {
		t.Run(e.language, func(t *testing.T) {
			t.Parallel()
			dir := e.copy(t)
			first := build(t, dir)
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			if err := os.Rename(dir, elsewhere); err != nil {
				t.Fatal(err)
			}
			if again := build(t, elsewhere); again.Digest != first.Digest {
				t.Errorf("built again it is %s, and was %s", again.Digest, first.Digest)
			}
			testFixtures(t, elsewhere)
		})
	}
}

// testFixtures tests a plugin with the fixtures of the examples.
func testFixtures(t *testing.T, dir string) {
	t.Helper()
	r, err := Tools{}.Test(t.Context(), TestRequest{Plugin: dir, Fixtures: filepath.Join(examples, "testdata")})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Fixtures {
		if f.State != Passed {
			t.Errorf("%s: %s, got:\n%s", f.Name, f.Reason, f.Got)
		}
	}
	for _, h := range r.Hostile {
		if h.State == Failed {
			t.Errorf("%s: %s", h.Name, h.Reason)
		}
	}
}

// copy returns a copy of the example that is ready to be built. Without its compiler the test is skipped, or
// fails with CI=true on Linux: Apple's clang knows no WebAssembly.
func (e example) copy(t testing.TB) string {
	t.Helper()
	switch err := script(t, ".", e.needs); {
	case err != nil && os.Getenv("CI") == "true" && runtime.GOOS == "linux":
		t.Fatal(err)
	case err != nil:
		t.Skip("left out: ", err)
	}
	dir := filepath.Join(t.TempDir(), e.language)
	err := errors.Join(os.MkdirAll(dir, 0o755), script(t, examples, "tar -c --exclude=node_modules --exclude=target --exclude='*.wasm' "+e.language+" | tar -x -C "+filepath.Dir(dir)),
		script(t, dir, e.prepare))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// script runs a script in a folder.
func script(t testing.TB, dir, text string) error {
	t.Helper()
	repo, err := filepath.Abs("../../..")
	if err != nil {
		return err
	}
	c := exec.CommandContext(t.Context(), "sh", "-ec", text)
	c.Dir, c.Env = dir, append(os.Environ(), "REPO="+repo)
	if out, err := c.CombinedOutput(); err != nil {
		return errors.New(text + ": " + strings.TrimSpace(string(out)))
	}
	return nil
}

// build builds the plugin in a folder.
func build(t testing.TB, dir string) *Packed {
	t.Helper()
	var output strings.Builder
	packed, err := Tools{}.Build(t.Context(), BuildRequest{Dir: dir, Output: &output})
	if err != nil {
		t.Fatalf("%v\n%s", err, output.String())
	}
	return packed
}

// TestTheExampleHasTheReaderOfTheTemplate: what reads requests in AssemblyScript is one file, which both have.
func TestTheExampleHasTheReaderOfTheTemplate(t *testing.T) {
	const reader = "assembly/request.ts"
	var texts []string
	for _, folder := range []string{examples + "/assemblyscript", "../../../templates/scaffold/builtin/plugin/1/files"} {
		text, err := os.ReadFile(filepath.Join(folder, reader))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Errorf("%s of the example is not that of the template", reader)
	}
}
