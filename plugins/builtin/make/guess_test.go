package make

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk/sdktest"
)

func TestBuildAndTestAreGuessedOnlyWhereTheyAreMeant(t *testing.T) {
	const program = "prog: prog.o\n\tcc -o prog prog.o\n"
	for _, c := range []struct{ name, other, text, build, test string }{
		{"all builds", "", "all: prog\n" + program, "all", ""},
		{"the first target builds", "", program + "all: prog test\n", "prog", ""},
		{"the default goal builds", "", "help:\n\techo\n.DEFAULT_GOAL := prog\n" + program, "prog", ""},
		{"help comes first", "", "help:\n\techo\nall: prog\n" + program, "all", ""},
		{"there is a build", "", "all: prog\nbuild: prog\n" + program, "build", ""},
		{"there is a compile", "", "all: prog\ncompile: prog\n" + program, "", ""},
		{"all tests, too", "", "all: prog test\ntest: prog\n\t./prog\n" + program, "", "test"},
		{"all compiles the tests, too", "",
			"all: lib.a tests\ntests: t\nt: t.c\n\t$(CC) -o $@ t.c\ntest: tests\n\t./t\nlib.a: a.o\n\tar rcs $@ a.o\n",
			"all", "test"},
		{"all makes a test program alone", "",
			"all: x-test\nx-test: x.c\n\t$(CC) -o $@ x.c\n\t@echo \"call ./x-test\"\n", "all", ""},
		{"all compiles a test and runs it", "",
			"all: lib.a test\ntest: t.c\n\t$(CC) -o t t.c\n\t./t\nlib.a: a.o\n\tar rcs $@ a.o\n", "", "test"},
		{"all runs nothing known", "", "all:\n\t./everything.sh\n", "", ""},
		{"all calls make elsewhere", "", "all:\n\t$(MAKE) -C src\n", "all", ""},
		{"another manifest", "go.mod", "all: prog\ncheck:\n\tgo test\n" + program, "", ""},
		{"check is the test", "", "check: prog\n\t./tests/run.sh\n" + program, "", "check"},
		{"check is a lint", "", "check:\n\tshellcheck *.sh\n", "", ""},
		{"check is a lint and a test", "", "check:\n\tshellcheck *.sh\n\tsh test.sh\n", "", "check"},
		{"there is a test", "", "check:\n\tsh test.sh\ntest:\n\ttrue\n", "", "test"},
	} {
		files := fstest.MapFS{"Makefile": {Data: []byte(c.text)}}
		if c.other != "" {
			files[c.other] = &fstest.MapFile{Data: []byte("x")}
		}
		p, err := sdktest.Plan(Read, files, nil)
		if err != nil {
			t.Fatal(err)
		}
		for target, want := range map[string]string{"build": c.build, "test": c.test} {
			words := strings.TrimSuffix(strings.Join(p.Steps[target].Argv, " "), " --")
			if got := strings.TrimPrefix(words, "make "); got != want {
				t.Errorf("%s: %s is make %q, wanted %q", c.name, target, got, want)
			}
		}
	}
}
