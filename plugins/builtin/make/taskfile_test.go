package make

import (
	"strings"
	"testing"
)

func taskNames(text string) (names []string) {
	for _, o := range parseTaskfile("Taskfile.yml", text).offers([]string{"task"}) {
		if !o.Refused {
			names = append(names, o.Name)
		}
	}
	return names
}

func TestTasksOfTaskfiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a mapping", "tasks:\n  a:\n    cmds:\n      - x\n  b:\n    cmd: y\n", "a b"},
		{"a string, a list, a mapping in braces",
			"tasks:\n  a: x\n  b: [y, z]\n  c: {cmds: [z]}\n  d:\n    - x\n", "a b c d"},
		{"lists as far out as their key",
			"tasks:\n  a:\n    cmds:\n    - x\n    - task: b\n  b:\n    deps:\n    - a\n", "a b"},
		{"colons in names", "tasks:\n  a:b: x\n  'c:d':\n    cmd: y\n  \"e:f\": z\n", "a:b c:d e:f"},
		{"block scalars",
			"tasks:\n  a:\n    cmds:\n      - |\n        tasks:\n          no: x\n\n      - >-\n        nor:\n    desc: |\n      neither:\n  b: x\n",
			"a b"},
		{"comments and blank lines",
			"# x\ntasks: # all\n\n  # no:\n  a: x # y: z\n\n# at the margin\n  b: y\n", "a b"},
		{"internal and hidden", "tasks:\n  a:\n    internal: true\n  _b: x\n  c: y\n", "c"},
		{"wildcards", "tasks:\n  'a:*': x\n  b: y\n", "b"},
		{"aliases", "tasks:\n  a:\n    aliases: [b, \"c\"]\n  d:\n    aliases:\n      - e\n", "a b c d e"},
		{"keys of other parts", "vars:\n  a: b\nincludes:\n  c: d\ntasks:\n  e: f\nenv:\n  g: h\n", "e"},
		{"anchors", "tasks:\n  a: &x\n    cmd: y\n  b:\n    <<: *x\n", "a b"},
		{"deep indentation", "tasks:\n        a:\n                cmd: x\n        b: y\n", "a b"},
		{"windows line ends", "tasks:\r\n  a:\r\n    cmd: x\r\n  b: y\r\n", "a b"},
		{"calls davit for itself",
			"tasks:\n  test: davit test\n  lint:\n    cmds:\n      - task: other\n  other:\n    cmds: [davit style]\n",
			"other"},
		{"no tasks", "version: 3\n", ""},
	} {
		if got := strings.Join(taskNames(c.text), " "); got != c.want {
			t.Errorf("%s: got %q, wanted %q", c.name, got, c.want)
		}
	}
}

// FuzzTaskfile checks that parsing any text ends, and that every task has a name.
func FuzzTaskfile(f *testing.F) {
	for _, seed := range []string{
		"tasks:\n  a:\n    desc: 'x'\n    aliases: [b, c]\n    cmds:\n    - |\n      y\n",
		"tasks:\n  - a\n  - - b: c\n", "tasks: {a: b}\n",
		"tasks:\n  'a\n  \"b\": c\n  ? d\n", "includes:\n  x: y\ntasks:\n  a: >\n\n\n",
		"tasks:\n  a:\n    requires: {vars: [x]}\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, o := range parseTaskfile("Taskfile.yml", text).offers([]string{"task"}) {
			if o.Name == "" || strings.Contains(o.Name, "\n") {
				t.Fatalf("offer %+v", o)
			}
		}
	})
}

func TestHostileTaskfilesEnd(t *testing.T) {
	for name, text := range map[string]string{
		"a deep list": "tasks:\n  a: x\nb:\n  " + strings.Repeat("- ", 100_000) + "\n",
		"a deep tree": "tasks:\n  a: x\nb:\n" + stairs(2000),
	} {
		if got := taskNames(text); len(got) != 1 {
			t.Errorf("%s: got %q, wanted a", name, got)
		}
	}
}

func stairs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i+1) + "x:\n")
	}
	return b.String()
}

// A check may not be up to date, nor may a task that it needs: what it lists is not all that its verdict depends on.
func TestChecksOfTaskAreForced(t *testing.T) {
	const text = "version: '3'\ntasks:\n  test:\n    deps: [unit]\n  unit:\n    sources: ['**/*.go']\n    cmds: [go test ./...]\n" +
		"  lint:\n    cmds: [go vet ./...]\n  build:\n    deps: [unit]\n"
	plan := planText(t, "Taskfile.yml", text)
	for name, want := range map[string]string{"test": "task --force test", "unit": "task --force unit", "lint": "task lint", "build": "task build"} {
		if got := strings.Join(plan.Steps[name].Argv, " "); got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}
