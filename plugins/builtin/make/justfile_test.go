package make

import (
	"strings"
	"testing"
)

func justNames(text string) (names []string) {
	for _, o := range parseJustfile("justfile", tree{"justfile": text}).offers([]string{"just"}) {
		if !o.Refused {
			names = append(names, o.Name)
		}
	}
	return names
}

func TestRecipesOfJustfiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"one", "test:\n  true\n", "test"},
		{"quiet", "@test:\n  true\n", "test"},
		{"in one line with its needs", "a: b c\nb:\nc:\n", "a b c"},
		{"a parameter", "a x:\n  true\n", ""},
		{"a default", "a x='1' y=\"2\" z=`3` w=v u=env('A', 'b'):\n  true\n", "a"},
		{"a default in parentheses", "a x=(v + ':' + f('(')) y='':\n  true\n", "a"},
		{"any number", "a *x:\n  true\nb *x='1':\n  true\n", "a b"},
		{"one or more", "a +x:\n  true\nb +x='1':\n  true\n", "b"},
		{"exported parameters", "a $x:\n  true\nb $x='1':\n  true\n", "b"},
		{"assignments", "a := 'b:'\nexport c := 'd'\ne:='f'\n", ""},
		{"settings", "set shell := ['bash', '-c']\nset export\n", ""},
		{"strings of several lines", "x := '''\na:\n'''\ny := \"\"\"\nb:\n\"\"\"\nc:\n", "c"},
		{"private", "_a:\n  true\n[private]\nb:\n  true\nc:\n  true\n", "c"},
		{"attributes of several kinds", "[group('x: y'), private]\na:\n[no-cd]\nb:\n", "b"},
		{"aliases", "alias b := a\nalias c := x\nalias _d := a\na:\n  true\n", "a b"},
		{"a body with empty lines", "a:\n  x:\n\n  y:\nb:\n", "a b"},
		{"windows line ends", "a:\r\n  x:\r\nb:\r\n", "a b"},
		{"a comment behind the header", "a: # b: c\n  true\n", "a"},
		{"needs with arguments", "a: (b 'x:y') && c\nb x:\nc:\n", "a c"},
		{"calls davit for itself", "test:\n  davit test\n", ""},
		{"calls davit for its alias", "alias t := test\ntest:\n  davit t\n", ""},
		{"a module", "mod tools\nmod? more 'path'\na:\n", "a"},
	} {
		if got := strings.Join(justNames(c.text), " "); got != c.want {
			t.Errorf("%s: got %q, wanted %q", c.name, got, c.want)
		}
	}
}

// FuzzJustfile checks that parsing any text ends, and that just would accept the names of the offers.
func FuzzJustfile(f *testing.F) {
	for _, seed := range []string{
		"# x\na b='c' *d: e (f 'g') && h\n  i\n", "[private, doc('x')]\na:\n", "alias a := b\nb:\n",
		"import 'justfile'\nimport? \"../x\"\nmod m\n",
		"x := '''\n'''\na:\n", "a x=(((:\n", "a $:\n@:\n*:\n", "a x=", "a x=f(",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, o := range parseJustfile("justfile", tree{"justfile": text}).offers([]string{"just"}) {
			if strings.Trim(o.Name, "-") == "" || strings.ContainsAny(o.Name, " \t\n:'\"") {
				t.Fatalf("offer %+v", o)
			}
		}
	})
}
