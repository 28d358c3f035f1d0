package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// sources is how many files of Go a generated project has.
const sources = 300

// tree returns the files of a project: one Go module of 30 packages with ten files each. One of them is
// cmd/app, and five others have a test. Of the standard library it uses only testing, since the compiler is
// not to be measured.
func tree() map[string]string {
	files := map[string]string{
		"go.mod":     "module example.com/app\n\ngo 1.24\n",
		".gitignore": "/bin/\n/.task/\n/.turbo/\n/.moon/cache/\n",
	}
	for i := range sources {
		path, content := source(i/10, i%10)
		files[path] = content
	}
	return files
}

// source returns a file of a package.
func source(pkg, file int) (path, content string) {
	name := fmt.Sprintf("pkg%02d", pkg)
	dir := name
	if pkg == 0 {
		dir, name = "cmd/app", "main"
	}
	switch {
	case pkg == 0 && file == 0:
		return dir + "/main.go", "package main\n\nfunc main() {}\n"
	case pkg > 0 && pkg <= 5 && file == 0:
		return fmt.Sprintf("%s/%s_test.go", dir, name), "package " + name + "\n\nimport \"testing\"\n\n" +
			"func TestF1(t *testing.T) {\n\tif F1() != 1 {\n\t\tt.Error(F1())\n\t}\n}\n"
	}
	return fmt.Sprintf("%s/f%d.go", dir, file),
		fmt.Sprintf("package %s\n\n// F%d is %d.\nfunc F%[2]d() int { return %[2]d }\n", name, file, file)
}

// project writes the tree and some more files to a folder for one owner and group, and commits them to git.
func (b *bench) project(owner, group string, more map[string]string) (dir string, err error) {
	dir = filepath.Join(b.temp, "projects", owner, group)
	if err := writeAll(dir, tree()); err != nil {
		return "", err
	}
	if err := writeAll(dir, more); err != nil {
		return "", err
	}
	return dir, b.commit(dir)
}

func (b *bench) commit(dir string) error {
	for _, args := range [][]string{
		{"init", "-q"}, {"add", "-A"},
		{
			"-c", "user.name=bench", "-c", "user.email=bench@example.com",
			"commit", "-q", "-m", "A project to measure on",
		},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, b.env
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %w: %s", args[0], err, lastLine(output))
		}
	}
	return nil
}

// writeAll writes files, named by their slash-separated paths, to a folder.
func writeAll(dir string, files map[string]string) error {
	for path, content := range files {
		if err := write(filepath.Join(dir, filepath.FromSlash(path)), content); err != nil {
			return err
		}
	}
	return nil
}

// write writes a file and sets its time to an hour ago: tools rightly distrust the times of files that
// changed a moment ago.
func write(path, content string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		return err
	}
	past := time.Now().Add(-time.Hour)
	return os.Chtimes(path, past, past)
}
