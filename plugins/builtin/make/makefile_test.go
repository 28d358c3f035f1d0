package make

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// A tree is a project as a map of files.
type tree map[string]string

func (t tree) Read(name string) (string, bool) {
	text, ok := t[name]
	return text, ok
}

func (t tree) List(dir string) (names []string) {
	for name := range t {
		rest, ok := name, true
		if dir != "." {
			rest, ok = strings.CutPrefix(name, dir+"/")
		}
		if i := strings.Index(rest, "/"); ok && i >= 0 {
			rest = rest[:i+1]
		}
		if ok && !slices.Contains(names, rest) {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return names
}

// makeNames returns the targets that are offered for the text of a Makefile, in its order.
func makeNames(text string) (names []string) {
	files := tree{"Makefile": text}
	g := newGoals(parseMakefile("Makefile", ".", files))
	g.delegate(files)
	for _, o := range g.offers([]string{"make"}, nil) {
		if !o.Refused {
			names = append(names, o.Name)
		}
	}
	return names
}

func TestTargetsOfMakefiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"one rule", "test:\n\ttrue\n", "test"},
		{"several targets", "a b  c : d\n\ttrue\n", "a b c"},
		{"grouped targets", "a b &: d\n\ttrue\n", "a b"},
		{"double colon", "a:: b\na:: c\n", "a"},
		{"recipe behind a semicolon", "a: ; echo x:y # no comment\nb:;true", "a b"},
		{"neither recipe nor prerequisites", "FORCE:\na: FORCE\n", "a"},
		{"pattern rule", "test-%:\n\ttrue\n%.o: %.c\n\tcc\n", ""},
		{"static pattern", "x.o y: %: z\n\ttrue\n", "y"},
		{"files", "bin/x: y\n\ttrue\nx.txt: y\n\ttrue\n.hidden: y\n_own: y\n", ""},
		{"a file that is phony", ".PHONY: bin/x\nbin/x: y\n", "bin/x"},
		{"suffix rule", ".c.o:\n\tcc\n", ""},
		{"windows line ends", "test: a\r\n\ttrue\r\n\r\nlint: \\\r\n  a\r\n", "test lint"},
		{"byte order mark", "\ufefftest: a\n", "test"},
		{"no newline at the end", "test:\n\ttrue", "test"},
		{"assignments", "a = b: c\nd := e:f\ng ::= h: i\nj :::= k: l\nm ?= n: o\np += q: r\ns != t: u\n", ""},
		{"target-specific variables", "a: x = 1\nb: export y := 2\nc: private z += 3\nd: d1\n", "d"},
		{"a comment with a colon", "# a: b\n  # c: d\ntest: a # b: c\n", "test"},
		{"a hash that is escaped", "a: b\\#c d\n", "a"},
		{"a comment that goes on", "# a \\\nb: c\nd: e\n", "d"},
		{"a recipe that looks like rules", "a:\n\tb: c\n\techo d: \\\n\te: f\n\n\tg: h\ni: j\n", "a i"},
		{"a line of a recipe that goes on at the margin", "a:\n\techo \\\nb: c\nd: e\n", "a d"},
		{"define", "define x\na: b\ndefine y\nc: d\nendef\ne: f\nendef\ng: h\n", "g"},
		{"override define", "override define x =\na: b\nendef\nc: d\n", "c"},
		{"conditions", "ifdef A\na: x\nelse ifeq (b,c)\nb: x\nelse\nc: x\nendif # A\nd: x\n", "a b c d"},
		{"a condition in a recipe", "a:\nifdef X\n\techo b: c\nelse\n\techo d\nendif\n\techo e: f\ng: h\n",
			"a g"},
		{"recipe prefix", ".RECIPEPREFIX = >\na:\n> b: c\nd: e\n", "a d"},
		{"recipe prefix of a blank", ".RECIPEPREFIX +=\na:\n b: c\nd: e\n", "a d"},
		{"a tab before any rule", "\ta: b\n", "a"},
		{"exported variables", "export A = b: c\nexport\nunexport A\nexport A B\nt: u\n", "t"},
		{"references with colons", "x: y$(a:.c=.o) ${b:%=%}\n$(info a: b)\n$(c:d=e): f\n", "x"},
		{"targets of a shell", "$(shell ls) a: b\n\ttrue\n", "a"},
		{"prerequisites that only make knows", "a: $(shell ls)\nb: $(absent)\n", "a"},
		{"a variable of a variable", "k = x\nv_x = test\n$(v_$(k)): y\n", "test"},
		{"a reference that is not closed", "a: b $(c\nc: d\n", "a c"},
		{"a dot before the name", "D := ./dist\n.PHONY: ./a/b\n$(D): x\na/b: y\n", "dist a/b"},
		{"order-only prerequisites", "a: | b\n", "a"},
		{"phony in two places and lines", ".PHONY: a/b \\\n  c/d\n.PHONY: e/f\na/b c/d e/f: x\n",
			"a/b c/d e/f"},
	} {
		if got := strings.Join(makeNames(c.text), " "); got != c.want {
			t.Errorf("%s: got %q, wanted %q", c.name, got, c.want)
		}
	}
}

func TestHelpOfTargets(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"on the line", "t: a ## Do it\n", "Do it"},
		{"on the line before that above", "# above\nt: a # beside\n", "beside"},
		{"above", "# Do it\nt: a\n", "Do it"},
		{"the first of several lines", "# Do it.\n# Well.\nt: a\n", "Do it."},
		{"a sentence over two lines", "# Do it, as\n# all do. Well\n# done\nt: a\n", "Do it, as all do."},
		{"a title and more", "# Do it\n# Use V=1.\nt: a\n", "Do it"},
		{"marked lines before others", "# note\n## Do it\nt: a\n", "Do it"},
		{"above .PHONY", "# Do it\n.PHONY: t\nt: a\n", "Do it"},
		{"on the line of .PHONY", ".PHONY: t ## Do it\nt: a\n", "Do it"},
		{"below .PHONY", ".PHONY: t\n# Do it\nt: a\n", "Do it"},
		{"above a variable of the target", "# Do it\nt: V = 1\nt: a\n", "Do it"},
		{"with the name", "## t: Do it\nt: a\n", "Do it"},
		{"with the name, anywhere", "## t - Do it\n\nx = y\nt: a\n", "Do it"},
		{"with another name", "## u: Do that\nt: a\n", ""},
		{"apart", "# Do it\n\nt: a\n", ""},
		{"before a variable", "# Do it\nx = y\nt: a\n", ""},
		{"a heading", "# -----\n# Tests\n# -----\nt: a\n", ""},
		{"a heading in one line", "# --- Tests ---\nt: a\n", ""},
		{"a section", "##@ Tests\nt: a\n", ""},
		{"a variable that was taken out", "# CFLAGS += -g\nt: a\n", ""},
		{"for a program", "# shellcheck disable=SC2086\nt: a\n", ""},
		{"control bytes", "t: a ## Do\x1b[1m\tit\n", "Do [1m it"},
		{"a hash in it", "t: a ## C\\# code\n", "C# code"},
		{"at the later of two rules", "t: a\nt: b ## Do it\n", "Do it"},
	} {
		g := newGoals(parseMakefile("Makefile", ".", tree{"Makefile": c.text}))
		offers := g.offers([]string{"make"}, nil)
		if i := slices.IndexFunc(offers, func(o taskfile.Offer) bool { return o.Name == "t" }); i < 0 ||
			offers[i].Summary != c.want {
			t.Errorf("%s: got %+v, wanted %q", c.name, offers, c.want)
		}
	}
}

func TestExpand(t *testing.T) {
	files := tree{"Makefile": "", "src/a.c": "", "src/b.c": "", "lib/x/c.c": "", "lib/y/d.h": ""}
	v := &variables{set: map[string]variable{}, files: files, dir: ".", budget: maxWork}
	v.assign("files", "=", "b.c a.c b.c")
	v.assign("later", "=", "$(now)")
	v.assign("now", ":=", "one")
	v.assign("now", "+=", "two")
	v.assign("now", "?=", "three")
	v.assign("loop", "=", "$(loop)")
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"}, {"$(files)", "b.c a.c b.c"}, {"${files:.c=.o}", "b.o a.o b.o"},
		{"$(files:%.c=x-%)", "x-b x-a x-b"},
		{"$(later)", "one two"}, {"$(absent)", ""}, {"$$x", "$x"}, {"$(sort $(files))", "a.c b.c"},
		{"$(dir a/b c)", "a/ ./"},
		{"$(notdir a/b c)", "b c"}, {"$(basename a.c b)", "a b"}, {"$(addprefix x-,a b)", "x-a x-b"},
		{"$(addsuffix -x,a b)", "a-x b-x"},
		{"$(firstword a b)$(lastword a b)", "ab"}, {"$(filter %.c x,a.c x y)", "a.c x"},
		{"$(filter-out %.c,a.c y)", "y"},
		{"$(subst a,b,banana)", "bbnbnb"}, {"$(patsubst %.c,%.o,a.c b.h)", "a.o b.h"},
		{"$(strip  a  b )", "a b"},
		{"$(wildcard src/*.c)", "src/a.c src/b.c"}, {"$(wildcard lib/*/*.c)", "lib/x/c.c"},
		{"$(wildcard ../*)", ""}, {"$(CURDIR)/x", "./x"},
		{"$(shell date)", "?"}, {"$(loop)", "?"}, {"$(call f,x)", "?"}, {"$(if a,b)", "?"},
	} {
		got, ok := v.expand(c.in)
		if !ok {
			got = "?"
		}
		if got = strings.TrimSpace(got); got != c.want {
			t.Errorf("%s: got %q, wanted %q", c.in, got, c.want)
		}
	}
}

// FuzzMakefile checks that parsing any text ends, and that the names of the offers have no white space.
func FuzzMakefile(f *testing.F) {
	for _, seed := range []string{
		"a: b ## c\n\td\n", "define x\nendef\nifdef a\nelse\nendif\n", "A=$(B)$(B)\nB=$(A)\n$(A): x\n",
		"include *.mk Makefile $(x)\n",
		".PHONY: a \\\nb\na b:;c\n", ".RECIPEPREFIX=>\na:\n>b\n", "%: c-% ;\nc-x: ; y\n",
		".DEFAULT:\n\tcd sub && $(MAKE) $@\n", "a: $((${(b\n",
		"x = $(subst a,aa,$(subst a,aa,a))\n$(x): y\n", "test:\n\tdavit test\n",
	} {
		f.Add(seed, "b:\n\tc\n")
	}
	f.Fuzz(func(t *testing.T, text, more string) {
		files := tree{"Makefile": text, "sub/Makefile": more, "x.mk": more}
		m := parseMakefile("Makefile", ".", files)
		g := newGoals(m)
		g.delegate(files)
		for _, o := range g.offers([]string{"make"}, nil) {
			if o.Name == "" || strings.ContainsAny(o.Name, " \t\n") ||
				strings.ContainsAny(o.Summary, "\n\x00") {
				t.Fatalf("offer %+v", o)
			}
		}
		if m.vars.budget < -2*maxWork {
			t.Fatalf("%d bytes of work over the limit", -m.vars.budget)
		}
	})
}

func TestHostileMakefilesEnd(t *testing.T) {
	deep := "x0 = a\n"
	for i := range 40 {
		deep += "x" + strconv.Itoa(i+1) + " = $(x" + strconv.Itoa(i) + ")$(x" + strconv.Itoa(i) + ")\n"
	}
	for name, text := range map[string]string{
		"doubling":  deep + "$(x20): y\n$(x40): y\nt: u\n",
		"nesting":   "t: u\nv: " + strings.Repeat("$(", 200_000) + "\n",
		"appending": "t: u\nA := x\n" + strings.Repeat("A += $(A)\n", 100_000),
		"long lists": "t: u\nA = " + strings.Repeat("a ", 30_000) + "\n" +
			strings.Repeat(".PHONY: $(A)\n", 20_000),
		"wild cards": "t: u\n" + strings.Repeat("A := $(wildcard */*/*/*)\n", 20_000),
		"includes":   "t: u\n" + strings.Repeat("include Makefile *\n", 20_000),
		"substitutes": "t: u\nA = " + strings.Repeat("a", 1000) + "\n" +
			strings.Repeat("A := $(subst a,aaaaaaaa,$(A))\n", 10_000),
	} {
		if got := makeNames(text); !slices.Contains(got, "t") {
			t.Errorf("%s: got %d targets, wanted t among them", name, len(got))
		}
	}
}
