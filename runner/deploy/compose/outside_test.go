package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestOutsideFiles has every way by which a Compose file reads a file outside of the project. Each is named, in the
// files and in a release, and what is named like a secret is not in its text.
func TestOutsideFiles(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(top, "project")
	for name, text := range map[string]string{
		"host.conf": "FOO=outside\n", ".pgpass": "joe:crownvalue\n", ".netrc": "machine h login joe password crownvalue\n",
		".bash_history": "crownvalue\n", "logins": "machine h\n login joe\n password crownvalue\n",
		"other.yaml": "services: {b: {image: x}}\n", "project/in.conf": "FOO=inside\n", "project/in.yaml": "services: {b: {image: x}}\n",
	} {
		file := filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../host.conf", filepath.Join(dir, "lnk")); err != nil {
		t.Skip(err)
	}
	tried := 0
	for text, want := range map[string]string{
		"services: {a: {image: x, env_file: ../host.conf}}":                                         "host.conf",
		"services: {a: {image: x, env_file: [./lnk]}}":                                              "host.conf",
		"services: {a: {image: x, label_file: ../host.conf}}":                                       "host.conf",
		"services: {a: {image: x, label_file: ./lnk}}":                                              "host.conf",
		"services: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: ../host.conf}}":               "host.conf",
		"services: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: lnk}}":                        "host.conf",
		"services: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: ../.pgpass}}":                 ".pgpass",
		"services: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: ../.netrc}}":                  ".netrc",
		"services: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: ../.bash_history}}":           ".bash_history",
		"services: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: ../logins}}":                  "logins",
		"services: {a: {image: x, secrets: [c]}}\nsecrets: {c: {file: ../host.conf}}":               "host.conf",
		"include: [../other.yaml]\nservices: {a: {image: x}}":                                       "other.yaml",
		"include: [{path: in.yaml, env_file: ../host.conf}]\nservices: {a: {image: x}}":             "host.conf",
		"services: {a: {extends: {file: ../other.yaml, service: b}}}":                               "other.yaml",
		"services: {a: {image: x, env_file: in.conf, configs: [c]}}\nconfigs: {c: {file: in.conf}}": "",
		"include: [in.yaml]\nservices: {a: {image: x}}":                                             "",
	} {
		tried++
		models, kept := filesAndRelease(t, dir, text)
		if strings.Contains(string(kept), "crownvalue") {
			t.Errorf("%s: the release has the secret", text)
		}
		if want != "" {
			want = "outside-file:" + filepath.ToSlash(filepath.Join(top, want))
		}
		for _, m := range models {
			if got := outsideNamed(m.Access()); got != want {
				t.Errorf("%s takes %q, wanted %q", text, got, want)
			}
		}
	}
	t.Logf("%d ways out of the project tried", tried)
}

// outsideNamed returns the access of service "a".
func outsideNamed(all []release.Access) string {
	var names []string
	for _, a := range all {
		if a.Service == "a" && strings.HasPrefix(a.Name, accessOutside) {
			names = append(names, a.Name)
		}
	}
	return strings.Join(names, " ")
}

// TestAVariableFileWithNUL is refused with its line, before anything is deployed.
func TestAVariableFileWithNUL(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"x.env": "A=b\nB=c\x00D=e\n",
		"compose.yaml": "services: {a: {image: x, env_file: x.env}}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Renderer{Environment: release.Environment{Project: "shop", Name: "dev", Dir: dir}}.Load(t.Context())
	if err == nil || !strings.HasPrefix(err.Error(), "x.env:2: there is a NUL byte") {
		t.Errorf("got %v", err)
	}
}
