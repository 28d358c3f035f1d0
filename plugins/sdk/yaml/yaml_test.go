package yaml

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const config = `
exclude: |
  (?x)^(
    docs/ # the guide
    |ext/
  )$
repos:
- repo: https://example.com/ruff # a mirror
  rev: "v0.8.6"
  hooks:
    - id: ruff
      args: [--fix, "--select=I,E", '--it''s']   # rewrites
      exclude: >-
        ^a/
    - {id: black, args: [-l, 100], types_or: [python]}
- repo: local
  hooks:
  - id: mypy
    additional_dependencies: &deps
      - types-toml
      - 'typing_extensions>=4.16.0'
    files: "\\.py$"
  - id: other
    additional_dependencies: *deps
    args: [
      # in lines
      --one, # first
      --two,
    ]
  - &last
    id: last
  - *last
list:
  [a,
   b: c, d]
plain: one
  two
`

func TestParse(t *testing.T) {
	root := Parse(config)
	repos := root.Get("repos").Items()
	if len(repos) != 2 {
		t.Fatalf("got %d repos, wanted 2", len(repos))
	}
	ruff, local := repos[0].Get("hooks").Items(), repos[1].Get("hooks").Items()
	for _, c := range []struct {
		name      string
		got, want []string
	}{
		{"a block scalar", root.Get("exclude").List(), []string{"(?x)^(\ndocs/ # the guide\n|ext/\n)$"}},
		{"quotes and a comment", repos[0].Get("rev").List(), []string{"v0.8.6"}},
		{"a value and a comment", repos[0].Get("repo").List(), []string{"https://example.com/ruff"}},
		{"brackets", ruff[0].Get("args").List(), []string{"--fix", "--select=I,E", "--it's"}},
		{"a folded scalar", ruff[0].Get("exclude").List(), []string{"^a/"}},
		{"a mapping in braces", ruff[1].Get("id").List(), []string{"black"}},
		{"brackets in braces", ruff[1].Get("args").List(), []string{"-l", "100"}},
		{"a list with an anchor", local[0].Get("additional_dependencies").List(),
			[]string{"types-toml", "typing_extensions>=4.16.0"}},
		{"a backslash", local[0].Get("files").List(), []string{`\.py$`}},
		{"an alias", local[1].Get("additional_dependencies").List(),
			[]string{"types-toml", "typing_extensions>=4.16.0"}},
		{"brackets over lines", local[1].Get("args").List(), []string{"--one", "--two"}},
		{"an item that is an alias", local[3].Get("id").List(), []string{"last"}},
		{"a pair in a list", root.Get("list").List(), []string{"a", "c", "d"}},
		{"a plain value over lines", root.Get("plain").List(), []string{"one two"}},
		{"a missing key", root.Get("none").Get("none").List(), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %q, wanted %q", c.name, c.got, c.want)
		}
	}
	if line := repos[1].Get("repo").Line; line != 16 {
		t.Errorf("got line %d, wanted 16", line)
	}
}

// TestAliasesDoNotExplode reads a document whose aliases stand for 2^40 values.
func TestAliasesDoNotExplode(t *testing.T) {
	text := "a0: &a0 [x, y]\n"
	for i := range 40 {
		text += fmt.Sprintf("a%d: &a%d\n  one: *a%d\n  two: *a%d\n", i+1, i+1, i, i)
	}
	if n := len(Parse(text + "self: &self\n  *self\n").Texts()); n != 2 {
		t.Errorf("got %d texts, wanted the 2 of the list", n)
	}
}

// FuzzParse checks that no text panics or takes for ever, and that nodes nest to a limit.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{config, "a: [", "- - - [{a: [b", "{a: &b *b}", "a: &x\n  *x", "'", "a: '\n\"", "{{a}}",
		"[", "- &a *a\n- *a", "a: |\n  b\n c", strings.Repeat("[", 99), "[:", "[a:b, :c]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root := Parse(text)
		root.Texts()
		if d := depth(root); d > 3*maxNesting {
			t.Errorf("nodes nest %d deep", d)
		}
	})
}

func depth(n *Node) (deepest int) {
	if n.aliased {
		return 1
	}
	for _, c := range n.Children {
		deepest = max(deepest, depth(c))
	}
	return deepest + 1
}

// TestFoldedScalar joins the lines of ">" by spaces, and keeps those of "|".
func TestFoldedScalar(t *testing.T) {
	root := Parse("a: >-\n  pytest\n  --cov\nb: |\n  pytest\n  --cov\nc: *x\nd: &y >\n  one\n  two\ne: *y\n")
	for key, want := range map[string]string{"a": "pytest --cov", "b": "pytest\n--cov", "d": "one two", "e": "one two"} {
		if got := root.Get(key).Text(); got != want {
			t.Errorf("%s: got %q, wanted %q", key, got, want)
		}
	}
}

func TestFoldedCommandKeepsItsContinuedLines(t *testing.T) {
	n := Parse("run: >\n  cmake -B build \\\n    -DX_TESTS=ON \\\n    -S .\n")
	if got, want := n.Get("run").Text(), "cmake -B build \\\n-DX_TESTS=ON \\\n-S ."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
