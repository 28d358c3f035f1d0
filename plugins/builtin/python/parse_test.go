package python

import (
	"reflect"
	"strings"
	"testing"
)

func TestConstraintsBecomeThoseOfTools(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "",
		"*":                  "",
		">=3.9":              ">=3.9",
		">=3.9,<4":           ">=3.9, <4",
		" >= 3.8 , != 3.9.7": ">=3.8, !=3.9.7",
		"~=3.10":             ">=3.10, <4",
		"~=3.10.2":           ">=3.10.2, <3.11",
		"==3.11.*":           ">=3.11, <3.12",
		"==3.11":             ">=3.11, <3.12",
		"===3.11.4":          "=3.11.4",
		"!=3.0.*,>=2.7":      "!=3.0.*, >=2.7",
		"^3.9":               ">=3.9, <4",
		"^0.2.3":             ">=0.2.3, <0.3",
		"~3.9":               ">=3.9, <3.10",
		"3.12":               ">=3.12, <3.13",
		"^3.8 || ^4":         ">=3.8, <4 || >=4, <5",
		">=3.13.0rc1":        ">=3.13.0",
		"~=3":                ">=3, <4",
	} {
		if got := constraint(text); got != want {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}

func TestImageIsTheNewestThatIsAccepted(t *testing.T) {
	for text, want := range map[string]string{
		"":               "python:3",
		">=3.9":          "python:3",
		">=3.8,<3.12":    "python:3.11",
		"<=3.12":         "python:3.12",
		"==3.10.*":       "python:3.10",
		"!=3.14.*,>=3.9": "python:3.13",
		"!=3.14.1":       "python:3",
		"~=3.9.1":        "python:3.9",
		"^3.8":           "python:3",
		">=4":            "python:3",
		">=3.99":         "python:3.99",
	} {
		if got := image(text); got != want {
			t.Errorf("%q: got %s, wanted %s", text, got, want)
		}
	}
}

func TestPoetryVersionsBecomeSpecifiers(t *testing.T) {
	for text, want := range map[string]string{
		"^2.31": ">=2.31,<3", "^0.0.3": ">=0.0.3,<0.0.4", "~2.3": ">=2.3,<2.4", "*": "", "2.31": "==2.31",
		"2.*": "==2.*", ">=1,<2": ">=1,<2",
		"^1 || ^2": "", "~=5.0": "~=5.0",
	} {
		if got := specifier(text); got != want {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}

func TestRequirementsFile(t *testing.T) {
	f := parseRequirements(
		"# c\nFoo_Bar.baz[x,y]>=1 ; python_version < '3.9'  # why\n-r other.txt\n--requirement=more.txt\n-c limits.txt\n" +
			"-e .\n./local\nlib/thing.whl\nname @ https://example.com/name.zip\npinned==1.0 \\\n    --hash=sha256:abc\n--no-binary :all:\n\nlast")
	want := []requirement{"Foo_Bar.baz[x,y]>=1 ; python_version < '3.9'",
		"name @ https://example.com/name.zip", "pinned==1.0", "last"}
	if !reflect.DeepEqual(f.list, want) || !reflect.DeepEqual(f.includes, []string{"other.txt", "more.txt"}) ||
		!reflect.DeepEqual(f.constraints, []string{"limits.txt"}) {
		t.Errorf("got %+v", f)
	}
	if got := want[0].name(); got != "foo-bar-baz" {
		t.Errorf("name: got %q", got)
	}
}

func TestAddressesAreFetched(t *testing.T) {
	e := &env{project: &project{}}
	got := e.fetched([]string{"six", "a @ git+https://example.com/a@1  # why", "-e git+ssh://git@example.com/b",
		"https://example.com/c.whl --hash=sha256:0", "--index-url https://example.com", "# https://example.com"})
	want := []string{"'a @ git+https://example.com/a@1'", "-e git+ssh://git@example.com/b", "https://example.com/c.whl"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestSetupPyIsReadNotRun(t *testing.T) {
	s := setupPy{`
from setuptools import setup
REQUIRES = ["a>=1, <2",  # "not me"
            'b; python_version < "3"']
name = "wrong"
VERSION = get_version()
setup(name="thing", version=VERSION, python_requires = '>=3',
      install_requires=REQUIRES, tests_require=open("t.txt").read().split("\n"),
      setup_requires=[x for x in ("p", "q")],
      extras_require={"one": ["c"], 'two': REQUIRES, "three": read("x"), ':sys_platform=="win32"': "d"},
      long_description="""install_requires=["no"]""")
`}
	if got := s.str("name") + s.str("python_requires") + s.str("version"); got != "thing>=3" {
		t.Errorf("strings: got %q", got)
	}
	list := []string{"a>=1, <2", `b; python_version < "3"`}
	if got := s.list("install_requires"); !reflect.DeepEqual(got, list) {
		t.Errorf("list: got %q", got)
	}
	if got := append(s.list("tests_require"), s.list("setup_requires")...); got != nil {
		t.Errorf("what is computed: got %q", got)
	}
	want := map[string][]string{"one": {"c"}, "two": list, "three": nil, `:sys_platform=="win32"`: {"d"}}
	if got := s.dict("extras_require"); !reflect.DeepEqual(got, want) {
		t.Errorf("dict: got %q, wanted %q", got, want)
	}
}

// TestNameOfSetupPy reads the name of a project whose setup.py takes it from a module, or none.
func TestNameOfSetupPy(t *testing.T) {
	for setup, want := range map[string]string{
		`setup(name=about["__title__"])`:      "oar",
		`setup(name=oar.__title__)`:           "oar",
		`setup(name=about["__other__"])`:      "",
		`setup(name=find("name"))`:            "",
		`setup(name="a" + "b")`:               "",
		"NAME = 'x'\nsetup(\n  name=NAME,\n)": "x",
	} {
		pr := loaded(t, map[string]string{"setup.py": setup, "oar/__version__.py": "__title__ = 'oar'\n"})
		if got := pr.name; pr.named && got != want || !pr.named && want != "" {
			t.Errorf("%s: got %q, %v", setup, got, pr.named)
		}
	}
}

func TestSplitWords(t *testing.T) {
	got := splitWords("-ra  --cov=x\n -m 'not slow' -k \"\" --a=\"b c\"")
	if want := []string{"-ra", "--cov=x", "-m", "not slow", "-k", "", "--a=b c"}; !reflect.DeepEqual(got,
		want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func TestPluginsThatOptionsNeed(t *testing.T) {
	for options, want := range map[string][]string{
		"-ra --strict-markers -p no:cacheprovider": nil,
		"--cov-report=term -n4":                    {"pytest_cov", "xdist"},
		"-n auto --cov":                            {"xdist", "pytest_cov"},
		"-p my_plugin -p pytester --no-header":     {"my_plugin"},
		"--doctest-modules --durations=10":         nil,
	} {
		c := pytestConfig{addopts: splitWords(options)}
		if got := c.plugins(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, wanted %q", options, got, want)
		}
	}
}

// FuzzText checks that parsing any manifest ends and does not panic.
func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"setup(name='x', install_requires=[\"a\", 'b'], extras_require={'a': ['b'],})",
		"A = [\nsetup(install_requires=A", "setup(name='''", "[a]\nb = c\n  d",
		"-r x.txt\nfoo[bar]>=1; a == 'b' # c", ">=3.9,<4 || ^1.*", "setup(extras_require={",
		"setup(name=\"\\",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := setupPy{text}
		s.str("name")
		s.list("install_requires")
		s.dict("extras_require")
		parseRequirements(text)
		splitWords(text)
		image(text)
		if strings.ContainsAny(constraint(text), "~^") {
			t.Errorf("%q: %q is no constraint of a tool", text, constraint(text))
		}
		specifier(text)
	})
}
