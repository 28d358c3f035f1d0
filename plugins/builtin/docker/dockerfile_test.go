package docker

import (
	"path"
	"strings"
	"testing"
)

func TestWhatIsADockerfile(t *testing.T) {
	for name, want := range map[string]bool{
		"Dockerfile": true, "Containerfile": true, "a/b/Dockerfile": true, "Dockerfile.dev": true,
		"api.Dockerfile": true, "Containerfile.x": true,
		"Dockerfile.": false, "Dockerfile.dockerignore": false, "Dockerfile.j2": false,
		"Dockerfile.in": false, "Dockerfile~": false,
		"Dockerfile.dev.bak": false, "Dockerfiles": false, "dockerfile.go": false, "MyDockerfile": false,
		"Dockerfile/": false,
	} {
		if isDockerfile(name) != want {
			t.Errorf("%s: got %v", name, !want)
		}
	}
}

func TestShortNamesOfDockerfiles(t *testing.T) {
	for name, want := range map[string]string{
		"Dockerfile.dev": "dev", "api.Dockerfile": "api", "docker/Dockerfile": "docker",
		"docker/api/Dockerfile": "api", "docker/Dockerfile.dev": "dev",
		"api/Dockerfile": "api", "api/Dockerfile.dev": "api-dev", "Containerfile.a b": "a-b",
		"build/package/Dockerfile": "package",
	} {
		if got := shortName(name); got != want {
			t.Errorf("%s: got %q, wanted %q", name, got, want)
		}
	}
}

func TestMainDockerfile(t *testing.T) {
	for _, c := range []struct{ found, want string }{
		{"Dockerfile Dockerfile.dev docker/Dockerfile", "Dockerfile"},
		{"Containerfile api/Dockerfile", "Containerfile"},
		{"docker/Dockerfile api/Dockerfile", "docker/Dockerfile"},
		{"Dockerfile.prod", "Dockerfile.prod"},
		{"Dockerfile.prod Dockerfile.dev", ""},
		{"api/Dockerfile", ""},
	} {
		if got := mainOf(strings.Fields(c.found)); got != c.want {
			t.Errorf("%s: got %q, wanted %q", c.found, got, c.want)
		}
	}
}

func TestFilesFromTheContext(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"FROM scratch\nCOPY a b/c ./d/ /x/\n", "a b/c d"},
		{"copy --chown=1:1 --link a /x\n", "a"},
		{"COPY --from=build /a /x\nADD https://example.com/a b /x\n", "b"},
		{"COPY . /x\nCOPY $a ${b} c* <<EOF /x\n", ""},
		{"COPY [\"a\", \"b\", \"/x\"]\n", "a b"},
		{"COPY a \\\n  # not b\n  c \\\n  /x\r\n", "a c"},
		{"RUN COPY a b\n# COPY a b\nCOPY a\n", ""},
	} {
		if got := strings.Join(contextFiles(c.text), " "); got != c.want {
			t.Errorf("%q: got %q, wanted %q", c.text, got, c.want)
		}
	}
}

// FuzzContextFiles checks that the files which a Dockerfile copies are looked for only below the context.
func FuzzContextFiles(f *testing.F) {
	f.Add("FROM a\nCOPY --from=b c d\nADD [\"e\", \"f\"]\nCOPY ../x y \\\n")
	f.Add("COPY /etc/../../x y\nCOPY a/../../b c\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range contextFiles(text) {
			if path.IsAbs(s) || s == ".." || strings.HasPrefix(s, "../") || path.Clean(s) != s {
				t.Fatalf("source %q", s)
			}
		}
	})
}
