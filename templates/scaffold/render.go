package scaffold

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/valyala/fasttemplate"

	"github.com/davit-dev/davit/internal/fault"
)

// rendered is the ending of the files of a template that are rendered.
const rendered = ".tmpl"

// folderName is the name of the folder of a project in defaults of questions.
const folderName = "dir"

// A File is one file of a project.
type File struct {
	Path       string `json:"path"`
	Text       string `json:"text"`
	Executable bool   `json:"executable,omitempty"`
}

// Render returns the files of a project, sorted by their paths.
func (t *Template) Render(answers Answers) ([]File, error) {
	var files []File
	for name, text := range t.files {
		if !t.wanted(name, answers) {
			continue
		}
		f, err := t.render(name, text, answers)
		if err != nil {
			return nil, fault.Preconditionf("", "template %q: %s/%s: %v", t.Name, filesFolder, name, err)
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	for i := range files[1:] {
		if strings.EqualFold(files[i].Path, files[i+1].Path) {
			return nil, fault.Preconditionf("", "template %q: two files become %s", t.Name, files[i].Path)
		}
	}
	return files, nil
}

// wanted reports whether the answers have a file.
func (t *Template) wanted(file string, answers Answers) bool {
	for name, condition := range t.When {
		question, value, compared := strings.Cut(condition, "=")
		if !compared {
			value = "true"
		}
		if isNamed(file, name) && answers[question] != value {
			return false
		}
	}
	return true
}

// render returns a file of a project for a file of the template.
func (t *Template) render(name, text string, answers Answers) (f File, err error) {
	f.Executable = slices.ContainsFunc(t.Executable, func(program string) bool { return isNamed(name, program) })
	name, isTemplate := strings.CutSuffix(name, rendered)
	if f.Path, err = render(name, answers, ""); err != nil {
		return f, err
	}
	if f.Text = text; isTemplate {
		f.Text, err = render(text, answers, "")
	}
	if err == nil {
		err = checkPath(f.Path)
	}
	return f, err
}

// checkPath returns an error about a path that no template may write.
func checkPath(name string) error {
	switch {
	case !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name || strings.ContainsAny(name, "\\:\x00"):
		return fmt.Errorf("it becomes %q, which is no path in a project", name)
	case slices.ContainsFunc(strings.Split(name, "/"), isGit) || strings.EqualFold(name, RecordFile):
		return fmt.Errorf("it becomes %s, which a template may not write", name)
	}
	return nil
}

// isGit reports whether a part of a path is the folder of a repository of git, whose configuration runs programs: also as
// file systems without case know it, and those of Windows, by its short name or with what they ignore at the end.
func isGit(part string) bool {
	part = strings.ToLower(strings.TrimRight(part, ". "))
	return part == ".git" || part == "git~1"
}

// render returns a text with the answers in place of its tags. The tag dir is the name of the folder, where there is one.
func render(text string, answers Answers, folder string) (string, error) {
	t, err := fasttemplate.NewTemplate(text, "{{", "}}")
	if err != nil {
		return "", fmt.Errorf("a {{ has no }}")
	}
	return t.ExecuteFuncStringWithErr(func(w io.Writer, tag string) (int, error) {
		value, err := valueOf(strings.TrimSpace(tag), answers, folder)
		if err != nil {
			return 0, err
		}
		return io.WriteString(w, value)
	})
}

// valueOf returns what stands for a tag: an answer, changed by the filters behind it, or a text in quotes. Dots separate them,
// since they may be in the names of files on every system.
func valueOf(tag string, answers Answers, folder string) (string, error) {
	if text, ok := strings.CutPrefix(tag, `"`); ok && strings.HasSuffix(text, `"`) {
		return strings.TrimSuffix(text, `"`), nil
	}
	names := strings.Split(tag, ".")
	name := strings.TrimSpace(names[0])
	value, ok := answers[name]
	if name == folderName && folder != "" {
		value, ok = folder, true
	}
	if !ok {
		return "", fmt.Errorf("{{%s}}: there is no answer %q here", tag, name)
	}
	for _, filter := range names[1:] {
		change, ok := filters[strings.TrimSpace(filter)]
		if !ok {
			return "", fmt.Errorf("{{%s}}: there is no filter %q", tag, strings.TrimSpace(filter))
		}
		value = change(value)
	}
	return value, nil
}

// filters change an answer: {{name.snake}}.
var filters = map[string]func(string) string{
	"kebab":  func(s string) string { return strings.Join(wordsOf(s), "-") },
	"snake":  func(s string) string { return strings.Join(wordsOf(s), "_") },
	"joined": func(s string) string { return strings.Join(wordsOf(s), "") },
	"upper":  strings.ToUpper,
	"path":   func(s string) string { return strings.ReplaceAll(s, ".", "/") },
	"base":   path.Base,
	"quote":  quote,
}

// wordsOf returns the words of a name in lower case. Letters outside of ASCII and signs separate words.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// quote returns a text as a string of JSON, which is one of TOML and of YAML too.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // cannot happen: a string is always encoded
	}
	return strings.TrimSpace(b.String())
}
