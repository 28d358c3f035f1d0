package plugindev

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
)

// maxDamaged is how many files are damaged, one at a time.
const maxDamaged = 6

// hostileCases returns the projects to ask a plugin about: each file that a fixture made it read is damaged in all ways, and the
// project of the first fixture with a plan is changed as a whole.
func hostileCases(dir string, fixtures []Fixture) (all []hostileCase) {
	damaged := map[string]bool{}
	for _, f := range fixtures {
		if f.answer == nil || !f.answer.Plan.Match {
			continue
		}
		c := hostileCase{project: filepath.Join(dir, f.Name, projectFolder), config: f.config}
		if len(all) == 0 {
			all = append(c.whole(f.Name), c.configured(f.Name)...)
		}
		for _, o := range f.answer.observed {
			if o.Kind == tree.File && !damaged[o.Path] && len(damaged) < maxDamaged {
				damaged[o.Path] = true
				all = append(all, c.damaged(f.Name, o.Path)...)
			}
		}
	}
	return all
}

// damage are the texts that a file may have instead of its own.
var damage = []struct {
	how  string
	text func(string) string
}{
	{"is empty", func(string) string { return "" }},
	{"ends in its middle", func(s string) string { return s[:len(s)/2] }},
	{"is no UTF-8", func(s string) string { return "\xff\xfe" + s + "\x00\xc3\x28" }},
	{"has Windows line ends", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
	{"has 8 MiB", func(s string) string { return s + strings.Repeat("x", 8<<20) }},
	{"repeats itself for 100,000 lines", func(s string) string { return strings.Repeat(s+"\n", 1+(100_000/(1+strings.Count(s, "\n")))) }},
	{"nests 100,000 brackets", func(string) string { return strings.Repeat("[", 100_000) }},
	{"nests 100,000 braces", func(string) string { return strings.Repeat(`{"a":`, 100_000) }},
}

// replacements are what may be in the place of a file.
var replacements = []struct {
	how  string
	make func(file string) error
}{
	{"is a folder", func(file string) error { return os.Mkdir(file, 0o755) }},
	{"is a link to nothing", func(file string) error { return os.Symlink("nothing", file) }},
	{"is a link to itself", func(file string) error { return os.Symlink(filepath.Base(file), file) }},
	{"is a link out of the project", func(file string) error { return os.Symlink(os.TempDir(), file) }},
}

// damaged returns the projects in which one file is not what it should be.
func (c hostileCase) damaged(fixture, name string) (all []hostileCase) {
	for _, d := range damage {
		all = append(all, c.with(fixture, name+" "+d.how, func(dir string) error {
			file := filepath.Join(dir, filepath.FromSlash(name))
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			return os.WriteFile(file, []byte(d.text(string(text))), 0o644)
		}))
	}
	for _, r := range replacements {
		all = append(all, c.with(fixture, name+" "+r.how, func(dir string) error {
			file := filepath.Join(dir, filepath.FromSlash(name))
			return errors.Join(os.Remove(file), r.make(file))
		}))
	}
	return all
}

// folderNames are names of folders that are text in a shell, in JSON or in a list of lines, or no text at all.
var folderNames = []string{"a\nb", "a b", `a'b"c\d`, "$(exit 1)", "--help", "*", "\xff\xfe"}

// whole returns the projects that are odd as a whole.
func (c hostileCase) whole(fixture string) []hostileCase {
	all := []hostileCase{
		c.with(fixture, "no files", func(dir string) error { return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o755)) }),
		c.with(fixture, "100 folders deep", func(dir string) error { return c.below(dir, strings.Repeat("d/", 100)) }),
		c.with(fixture, "1,000 files more", manyFiles),
		c.with(fixture, "a folder that is a link to the project", func(dir string) error { return os.Symlink(".", filepath.Join(dir, "loop")) }),
	}
	for _, name := range folderNames {
		all = append(all, c.with(fixture, fmt.Sprintf("in a folder %q too", name), func(dir string) error { return c.below(dir, name) }))
	}
	return all
}

// below copies the project into a folder of itself.
func (c hostileCase) below(dir, folder string) error {
	return os.CopyFS(filepath.Join(dir, filepath.FromSlash(folder)), os.DirFS(c.project))
}

func manyFiles(dir string) error {
	folder := filepath.Join(dir, "many")
	err := os.Mkdir(folder, 0o755)
	for i := 0; i < 1000 && err == nil; i++ {
		err = os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), nil, 0o644)
	}
	return err
}

// configured returns the project with configurations that the plugin does not know, or of which each value has another type.
func (c hostileCase) configured(fixture string) []hostileCase {
	nothing := func(string) error { return nil }
	unknown, wrong := c.with(fixture, "a configuration with an unknown key", nothing), c.with(fixture, "a configuration of wrong types", nothing)
	unknown.config = json.RawMessage(`{"davit-unknown": {"nested": [[[[{"\u0000": "\ud83d\ude00"}]]]]}}`)
	var known map[string]any
	if json.Unmarshal(c.config, &known) != nil || len(known) == 0 {
		return []hostileCase{unknown}
	}
	for key, value := range known {
		known[key] = otherType(value)
	}
	wrong.config, _ = json.Marshal(known)
	return []hostileCase{unknown, wrong}
}

// otherType returns a value of another type.
func otherType(value any) any {
	if _, isText := value.(string); isText {
		return []any{map[string]any{}, -1}
	}
	return "\n\x1b[31m"
}

// with returns a case about the project of a fixture.
func (c hostileCase) with(fixture, what string, change func(dir string) error) hostileCase {
	c.name, c.change = fixture+": "+what, change
	return c
}
