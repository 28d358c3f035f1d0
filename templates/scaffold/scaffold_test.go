package scaffold

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestBuiltinIsWhole checks that every file of the built-in templates is embedded: the go command leaves out names that not
// every system has.
func TestBuiltinIsWhole(t *testing.T) {
	found := 0
	err := fs.WalkDir(os.DirFS("."), "builtin", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found++
			_, err = fs.Stat(builtin, name)
		}
		return err
	})
	if err != nil || found < 9 {
		t.Errorf("%d files, %v", found, err)
	}
}

// TestBuiltinRenders renders every version of every built-in template with its defaults, for names of folders that are
// unlike names of projects.
func TestBuiltinRenders(t *testing.T) {
	for _, name := range Names() {
		dir, err := Folder(name)
		if err != nil {
			t.Fatal(err)
		}
		versions, err := versionsOf(name, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, version := range versions {
			for _, folder := range []string{"shop", "My Shop_2"} {
				renders(t, dir, name, version, folder)
			}
		}
	}
}

func renders(t *testing.T, dir fs.FS, name string, version int, folder string) {
	t.Helper()
	tmpl, err := LoadVersion(name, dir, version)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := tmpl.Answer(folder, nil, TakeDefaults)
	if err != nil {
		t.Fatal(err)
	}
	files, err := tmpl.Render(answers)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Path, rendered) || !strings.HasSuffix(f.Text, "\n") && f.Text != "" {
			t.Errorf("%s: %s ends in %.10q", name, f.Path, f.Text[max(0, len(f.Text)-10):])
		}
	}
}

func TestParse(t *testing.T) {
	choices := []string{"go", "c"}
	for _, c := range []struct {
		q            Question
		answer, want string
	}{
		{Question{}, " shop ", "shop"},
		{Question{Type: boolean}, "YES", "true"},
		{Question{Type: boolean}, "n", "false"},
		{Question{Type: boolean}, "1", ""},
		{Question{Type: number}, "08", "8"},
		{Question{Type: number}, "8.5", ""},
		{Question{Type: choice, Choices: choices}, "c", "c"},
		{Question{Type: choice, Choices: choices}, "C", ""},
		{Question{Pattern: "a|b"}, "b", "b"},
		{Question{Pattern: "a|b"}, "ab", ""},
		{Question{}, "a\nb", ""},
		{Question{Type: number, Min: new(1)}, "0", ""},
		{Question{Type: number, Min: new(1)}, "1", "1"},
		{Question{Type: number, Max: new(9)}, "10", ""},
		{Question{Type: number, Min: new(1), Max: new(9)}, "-5", ""},
		{Question{Not: []string{"class"}}, "class", ""},
		{Question{Not: []string{"class"}}, "com.example.class", ""},
		{Question{Not: []string{"class"}}, "example.com/class", ""},
		{Question{Not: []string{"class"}}, "classes", "classes"},
		{Question{}, "a\x1b[2Jb", ""},
	} {
		got, err := c.q.Parse(c.answer)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%+v: %q is %q, %v", c.q, c.answer, got, err)
		}
	}
}

func TestRenderedText(t *testing.T) {
	answers := Answers{"name": "My-shop 2", "group": "com.acme", "path": "example.com/a/b"}
	for text, want := range map[string]string{
		"{{name}}": "My-shop 2", "{{ name.kebab }}": "my-shop-2", "{{name.snake}}": "my_shop_2", "{{name.joined}}": "myshop2",
		"{{name.upper}}": "MY-SHOP 2", "{{group.path}}": "com/acme", "{{path.base}}": "b", "{{name.snake.quote}}": `"my_shop_2"`,
		`{{"{{"}}x}}`: "{{x}}", "no tag } {": "no tag } {", "": "",
	} {
		if got, err := render(text, answers, ""); got != want || err != nil {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"{{name", "{{nothing}}", "{{dir}}", "{{name.camel}}", "{{}}", "{{name.}}"} {
		if got, err := render(text, answers, ""); err == nil {
			t.Errorf("%q: got %q, wanted an error", text, got)
		}
	}
}

// TestBuiltinRefuses has answers with which a project of a built-in template fails its own checks.
func TestBuiltinRefuses(t *testing.T) {
	for _, c := range []struct{ template, folder, question, answer string }{
		{"python-lib", "class", "package", ""},
		{"python-lib", "json", "package", ""},
		{"python-service", "p", "package", "tests"},
		{"python-service", "p", "summary", `a """ b`},
		{"rust-cli", "fn", "name", ""},
		{"rust-cli", "test", "name", ""},
		{"rust-cli", "p", "name", "a--b"},
		{"rust-cli", "p", "name", "a-"},
		{"go-cli", "con", "name", ""},
		{"go-cli", "vendor", "name", ""},
		{"go-service", "p", "module", "example.com//p"},
		{"go-service", "p", "port", "99999"},
		{"go-service", "p", "port", "0"},
		{"node-app", "p", "port", "-5"},
		{"compose-app", "p", "port", "10000"},
		{"java-service", "class", "group", ""},
		{"plugin", "3d", "name", ""},
	} {
		dir, err := Folder(c.template)
		if err != nil {
			t.Fatal(err)
		}
		tmpl, err := Load(c.template, dir)
		if err != nil {
			t.Fatal(err)
		}
		set := map[string]string{}
		if c.answer != "" {
			set[c.question] = c.answer
		}
		if _, err := tmpl.Answer(c.folder, set, TakeDefaults); err == nil || !strings.HasPrefix(err.Error(), c.question+" is ") {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}

// TestTemplatesThatAreWrong checks that each fault is an error before anything is rendered.
func TestTemplatesThatAreWrong(t *testing.T) {
	const question = "[[questions]]\nname = \"a\"\nask = \"A\"\n"
	for name, text := range map[string]string{
		"a name":           "[[questions]]\nname = \"A-b\"\nask = \"A\"\n",
		"the folder":       "[[questions]]\nname = \"dir\"\nask = \"A\"\n",
		"no ask":           "[[questions]]\nname = \"a\"\n",
		"a type":           question + "type = \"date\"\n",
		"choices":          question + "choices = [\"x\"]\n",
		"no choices":       question + "type = \"choice\"\n",
		"a pattern":        question + "pattern = \"(\"\n",
		"twice":            question + question,
		"min of a text":    question + "min = 1\n",
		"not of a number":  question + "type = \"number\"\nnot = [\"1\"]\n",
		"min above max":    question + "type = \"number\"\nmin = 2\nmax = 1\n",
		"when of nothing":  "[when]\nb = \"a\"\n" + question,
		"when of no bool":  question + "[when]\nf = \"a\"\n",
		"when, no answer":  "[when]\nf = \"a=b\"\n",
		"no such program":  "executable = [\"g\"]\n",
		"an unknown key":   "hooks = [\"rm\"]\n",
		"no such choice":   question + "type = \"choice\"\nchoices = [\"x\"]\n[when]\nf = \"a=y\"\n",
		"TOML of any kind": "= 1",
	} {
		dir := fstest.MapFS{"1/template.toml": {Data: []byte(text)}, "1/files/f": {}}
		if _, err := Load("t", dir); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, dir := range map[string]fstest.MapFS{
		"no version": {"template.toml": {}}, "no files": {"1/template.toml": {}},
		"a link": {"1/template.toml": {}, "1/files/f": {Mode: fs.ModeSymlink}}, "no manifest": {"1/files/f": {}},
	} {
		if _, err := Load("t", dir); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestVersions checks that the newest version is that of the greatest number.
func TestVersions(t *testing.T) {
	dir := fstest.MapFS{}
	for _, version := range []string{"1", "2", "10", "03", "x"} {
		dir[version+"/template.toml"] = &fstest.MapFile{}
		dir[version+"/files/f"] = &fstest.MapFile{Data: []byte(version)}
	}
	newest, err := Load("t", dir)
	if err != nil || newest.Version != 10 {
		t.Errorf("got %v, %v", newest, err)
	}
}

func TestRecordIsReadAsItIsMeant(t *testing.T) {
	r := &Record{Template: "../a \"b\"", Version: 3, Digest: "sha256:00", Answers: Answers{"name": `a\b`, "x": ""}}
	got, err := ParseRecord([]byte(r.Format()))
	if err != nil || got.Template != r.Template || got.Version != 3 || !maps.Equal(got.Answers, r.Answers) {
		t.Errorf("got %+v, %v of\n%s", got, err, r.Format())
	}
}

// TestUpgrade has each case of a file that is in the project, in the version that it began with, and in the newest one.
func TestUpgrade(t *testing.T) {
	merge := func(ours, base, theirs string) (string, bool, error) {
		return ours + base + theirs, strings.HasSuffix(ours, "!"), nil
	}
	const none = "-"
	for _, c := range []struct{ ours, base, theirs, action, now string }{
		{"b", "b", "b", "", ""},
		{"b", "b", "t", Update, "t"},
		{"o", "b", "t", Merge, "obt"},
		{"o!", "b", "t", Conflict, "o!bt"},
		{"t", "b", "t", "", ""},
		{none, "b", "t", "", ""}, // deleted here
		{"o", "b", "b", "", ""},  // changed here alone
		{none, none, "t", Create, "t"},
		{"t", none, "t", "", ""},
		{"o!", none, "t", Conflict, "o!t"},
		{"b", "b", none, Delete, ""},
		{"o", "b", none, Keep, ""},
		{none, "b", none, "", ""},
		{"b\r\n", "b\n", "t\n", Update, "t\r\n"},
		{"b\n", "b\r\n", "t\r\n", Update, "t\n"},
		{"b\r\n", "b\r\n", "t\n", Update, "t\n"}, // as the template wrote it
		{"o\r\n", "b\n", "t\n", Merge, "o\r\nb\r\nt\r\n"},
		{"o\r\no\n", "b\n", "t\n", Merge, "o\r\no\nb\nt\n"}, // mixed
		{"t\r\n", "b\n", "t\n", "", ""},
		{"b\r\n", "b\n", none, Delete, ""},
		{"b\x00", "b\x00", "t\x00", Update, "t\x00"},
	} {
		of := func(text string) []File {
			if text == none {
				return nil
			}
			return []File{{Path: "f", Text: text}}
		}
		ours := func(string) (string, bool, error) { return c.ours, c.ours != none, nil }
		got, err := Upgrade(of(c.base), of(c.theirs), ours, merge)
		var want []Change
		if c.action != "" {
			want = []Change{{Path: "f", Action: c.action, Was: c.ours, Now: c.now}}
			if c.ours == none {
				want[0].Was = none
			}
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%+v: got %+v, %v", c, got, err)
		}
	}
}

// TestUpgradeOfWhatCannotBeMerged checks that the other files are upgraded all the same.
func TestUpgradeOfWhatCannotBeMerged(t *testing.T) {
	project := map[string]string{"image": "o\x00", "image.template": "earlier", "text": "b"}
	ours := func(name string) (string, bool, error) {
		if name == "folder" {
			return "", false, &NoFileError{"a folder"}
		}
		text, exists := project[name]
		return text, exists, nil
	}
	base := []File{{Path: "folder", Text: "b"}, {Path: "image", Text: "b\x00"}, {Path: "text", Text: "b"}}
	theirs := []File{{Path: "folder", Text: "t"}, {Path: "image", Text: "t\x00"}, {Path: "text", Text: "t"}}
	got, err := Upgrade(base, theirs, ours, nil)
	want := []Change{
		{Path: "folder", Action: Keep, Reason: "a folder"},
		{Path: "image", Action: Conflict, Reason: "binary: kept as it is here; the template's is image.template2", Was: "o\x00", Now: "o\x00"},
		{Path: "image.template2", Action: Create, Now: "t\x00"},
		{Path: "text", Action: Update, Was: "b", Now: "t"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}
