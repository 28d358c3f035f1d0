// Package managertest gives tests the package managers of Python and Node, and programs that come with these: those on
// PATH, and otherwise pinned versions that are installed once, from PyPI and npm, into a folder of the user's cache. A
// test whose manager cannot be had is skipped, with a line that says so; with CI=true it fails.
package managertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/cache"
)

// A Manager is a package manager that systems often lack.
type Manager struct {
	program string
	// requirements are the package that has it, and others that it needs in an older version than the newest: of
	// PyPI if it has "==", and otherwise of npm.
	requirements string
	// version is the beginning of the versions on PATH that serve, "" for all.
	version string
}

// The managers.
var (
	UV     = Manager{"uv", "uv==0.13.9", ""}
	Poetry = Manager{"poetry", "poetry==2.5.1", "Poetry (version 2"}
	PDM    = Manager{"pdm", "pdm==2.29.4 hishel<2", ""}
	Pipenv = Manager{"pipenv", "pipenv==2026.10.3", ""}
	PNPM   = Manager{"pnpm", "pnpm@10.34.9", "10."}
	Yarn1  = Manager{"yarn", "yarn@1.22.22", "1."}
	Yarn4  = Manager{"yarn", "@yarnpkg/cli-dist@4.18.1", "4."}
	Bun    = Manager{"bun", "bun@1.4.5", "1."}

	// PreCommit installs the hooks of Git, each with its program.
	PreCommit = Manager{"pre-commit", "pre-commit==4.6.0", ""}

	// MkDocs makes the site of the documentation, as website/requirements.txt has it; others have other checks.
	MkDocs = Manager{"mkdocs", "mkdocs==1.6.1", "mkdocs, version 1.6.1"}

	// CheckJSONSchema has the schemas that CI systems publish.
	CheckJSONSchema = Manager{"check-jsonschema", "check-jsonschema==0.39.0", ""}
)

// Requirements returns what is installed.
func (m Manager) Requirements() string { return m.requirements }

// Link makes a link to the program of a manager in a folder.
func (m Manager) Link(t testing.TB, dir string) {
	t.Helper()
	program, err := m.find(t.Context())
	if err == nil {
		err = errors.Join(os.MkdirAll(dir, 0o755), os.Symlink(program, filepath.Join(dir, m.program)))
	}
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal(err)
	case err != nil:
		t.Skip("left out: ", err)
	}
}

// find returns the path of the program, which it installs if there is none.
func (m Manager) find(ctx context.Context) (string, error) {
	if path, err := exec.LookPath(m.program); err == nil && m.serves(ctx, path) {
		return path, nil
	}
	home, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	home = filepath.Join(home, "davit-test-managers")
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	defer cache.Open(home, cache.Options{}).Lock(ctx, "install", func() {})()
	return m.install(ctx, filepath.Join(home, filepath.Base(strings.Fields(m.requirements)[0])))
}

// serves reports whether a program on PATH has a version that serves.
func (m Manager) serves(ctx context.Context, path string) bool {
	if m.version == "" {
		return true
	}
	c := exec.CommandContext(ctx, path, "--version")
	c.Env = append(c.Environ(), "COREPACK_ENABLE_NETWORK=0")
	out, err := c.Output()
	return err == nil && strings.HasPrefix(string(out), m.version)
}

// install installs the manager in a folder, unless it is there, and returns the path of its program. An
// installation that was interrupted lacks the file "complete".
func (m Manager) install(ctx context.Context, dir string) (string, error) {
	program, commands := m.installation(dir)
	complete := filepath.Join(dir, "complete")
	if _, err := os.Stat(complete); err == nil {
		return program, nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	for _, argv := range commands {
		if out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s is not on PATH and cannot be installed: %w: %s", m.program, err, out)
		}
	}
	return program, os.WriteFile(complete, nil, 0o600)
}

// installation returns the path of the program in a folder, and the commands that install it there.
func (m Manager) installation(dir string) (program string, commands [][]string) {
	all := strings.Fields(m.requirements)
	if !strings.Contains(m.requirements, "==") {
		return filepath.Join(dir, "node_modules", ".bin", m.program),
			[][]string{append([]string{"npm", "install", "--silent", "--prefix", dir}, all...)}
	}
	install := []string{filepath.Join(dir, "bin", "python"), "-m", "pip", "install", "--quiet"}
	return filepath.Join(dir, "bin", m.program), [][]string{{"python3", "-m", "venv", dir}, append(install, all...)}
}
