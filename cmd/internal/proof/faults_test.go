package proof

import (
	"slices"
	"testing"
)

// A fault is a list of operations that found a wrong result once, with what was wrong.
type fault struct {
	name, kind string
	operations []op
}

// faults say which operations find which fault when it comes back. TestRounds has the same operations in any
// order.
var faults = []fault{
	// What decides a result.
	{"a file of a submodule", "script",
		[]op{clone{"third/lib", true}, put("third/lib/code.txt", "two\n")}},
	{"a file of a submodule named in inputs", "inputs",
		[]op{clone{"third/lib", true}, put("third/lib/code.txt", "two\n")}},
	{"a new file of a submodule", "script",
		[]op{clone{"third/lib", true}, put("third/lib/new.txt", "two\n")}},
	{"a submodule that goes", "script", []op{clone{"third/lib", true}, remove{"third/lib"}}},
	{"a file of an inner clone", "script",
		[]op{clone{"third/lib", false}, put("third/lib/code.txt", "two\n")}},
	{"a file of an inner clone named in inputs", "inputs",
		[]op{clone{"third/lib", false}, put("third/lib/code.txt", "two\n")}},
	{"an inner clone that comes", "script", []op{clone{"third/lib", false}}},
	{"a check that overwrites a file of a submodule", "check",
		[]op{clone{"third/lib", true}, put("src/spoil.txt", "third/lib/code.txt\n")}},
	{"a check that overwrites a file of an inner clone", "check",
		[]op{clone{"third/lib", false}, put("src/spoil.txt", "third/lib/code.txt\n")}},
	{"a check that overwrites a file that git tracks", "check",
		[]op{put("src/spoil.txt", "src/a.txt\n")}},
	{"an ignored file", "script", []op{put("web/dist/page.txt", "two\n")}},
	{"an ignored file that keeps its time", "script", []op{write{"web/dist/page.txt", "two\n", true}}},
	{"a new ignored file", "script", []op{put("ign/new.txt", "two\n")}},
	{"an ignored file that goes", "script", []op{remove{"local.cfg"}}},
	{"an ignored file behind a glob of inputs", "inputs", []op{put("ign/deep/more.txt", "two\n")}},
	{"an ignored file in a folder of inputs", "inputs", []op{put("web/dist/page.txt", "two\n")}},
	{"a file of an editor named in inputs", "inputs", []op{put(".idea/run.txt", "two\n")}},
	{"an ignored file that a check reads", "check", []op{put("ign/gen.txt", "broken\n")}},
	{"an ignored file of a nested project", "nested", []op{put("ign/gen.txt", "two\n")}},
	{"code outside of the project, behind a link", "script", []op{put("../ext/lib.txt", "two\n")}},
	{"new code outside of the project", "script", []op{put("../ext/new.txt", "two\n")}},
	{"code outside of the project, behind a link of inputs", "inputs",
		[]op{put("../ext/lib.txt", "two\n")}},
	{"code outside of a project without git", "plain", []op{put("../ext/deep/lib.txt", "two\n")}},
	{"what a link of inputs leads to", "inputs", []op{put("conf/dev.txt", "two\n")}},
	{"what a link to a folder in inputs leads to", "inputs", []op{put("other/notes.txt", "two\n")}},
	{"a link that leads elsewhere", "inputs", []op{link{"config.txt", "conf/prod.txt"}}},
	{"a link to an ignored file", "inputs",
		[]op{link{"config.txt", "local.cfg"}, put("local.cfg", "two\n")}},
	{"a link to nothing that then leads to something", "inputs",
		[]op{link{"config.txt", "nothing.txt"}, put("nothing.txt", "two\n")}},
	{"a variable", "script", []op{setenv{"WANT", "1"}}},
	{"a variable of a check", "check", []op{setenv{"WANT", "broken"}}},
	{"another value of a variable", "script",
		[]op{setenv{"DATABASE_URL", "postgres://one/db"}, setenv{"DATABASE_URL", "postgres://two/db"}}},
	{"an empty variable", "inputs", []op{setenv{"UPDATE_GOLDEN", ""}}},
	{"values that are not UTF-8", "script", []op{setenv{"WANT", "\xfe"}, setenv{"WANT", "\xff"}}},
	{"arguments", "script", []op{args{"-run", "x"}, args{"-run x"}}},
	{"arguments that are not UTF-8", "script", []op{args{"\xfe"}, args{"\xff"}}},
	{"another tool in PATH", "script", []op{tools{"v2"}}},
	{"a tool in PATH that is replaced", "script", []op{rename{"../tools/v2/greet", "../tools/v1/greet"}}},
	{"a tool of the script that is overwritten", "script",
		[]op{config{"greeting"}, replace{"../tools/v1/greet", "../tools/v2/greet"}}},
	{"a file that an inner clone ignores", "script",
		[]op{clone{"third/lib", false}, put("third/lib/.gitignore", "gen.txt\n"),
			put("third/lib/gen.txt", "one\n"), put("third/lib/gen.txt", "two\n")}},
	{"code behind an ignored link", "script",
		[]op{link{"local.cfg", "../beside/lib.txt"}, put("../beside/lib.txt", "one\n"),
			put("../beside/lib.txt", "two\n")}},
	{"what a step that does not say what it makes has made", "unsaid",
		[]op{gitCommand{[]string{"clean", "-fdXq"}}, gitCommand{[]string{"clean", "-fdXq"}}}},
	{"an edit of what a step that does not say what it makes has made", "unsaid",
		[]op{put("out/sum.txt", "mine\n")}},
	{"an output of another target", "others", []op{put("gen/list.txt", "mine\n")}},
	{"an output of another target that git does not ignore", "others",
		[]op{put(".gitignore", "out/\ncurrent\n"), put("gen/list.txt", "mine\n")}},
	{"an output of another target that git tracks", "others",
		[]op{gitCommand{[]string{"add", "-f", "gen"}}, put("gen/list.txt", "mine\n")}},
	{"inputs that match nothing", "unmatched", []op{put("src/a.txt", "two\n")}},
	{"a name with the characters of a glob", "inputs", []op{put("app/[id]/page.txt", "two\n")}},
	{"names that are not UTF-8", "script",
		[]op{put("src/\xff.txt", "one\n"), rename{"src/\xff.txt", "src/\xfe.txt"}}},
	{"a file that is a program now", "script", []op{chmod{"src/a.txt", 0o755}}},
	{"a file that others may read now", "script", []op{chmod{"src/a.txt", 0o600}}},
	{"a file that may not be written any more", "script", []op{chmod{"src/a.txt", 0o444}}},
	{"an ignored file that others may read now", "script", []op{chmod{"ign/gen.txt", 0o600}}},
	{"code outside that others may read now", "script", []op{chmod{"../ext/lib.txt", 0o600}}},
	{"code outside that code outside leads to", "script", []op{put("../far/lib.txt", "two\n")}},
	{"a commit without a change", "version", []op{commitNow("empty")}},
	{"a tag", "version", []op{gitCommand{[]string{"tag", "v1.0.0"}}}},
	{"a branch", "version", []op{gitCommand{[]string{"checkout", "-q", "-b", "other"}}}},
	{"no branch", "version", []op{gitCommand{[]string{"checkout", "-q", "--detach"}}}},
	{"a commit of an edited file", "version", []op{put("src/a.txt", "two\n"), commitNow("edit")}},
	{"a file of which only git forgets", "version",
		[]op{gitCommand{[]string{"rm", "-q", "--cached", "src/a.txt"}}, gitCommand{[]string{"reset", "-q"}}}},
	{"a new file that git is told of", "version", []op{put("src/new.txt", "one\n"),
		gitCommand{[]string{"add", "-A"}}, gitCommand{[]string{"reset", "-q"}}}},
	{"an edit elsewhere in the repository", "version-nested", []op{put("../home/.profile", "two\n")}},
	{"a commit elsewhere in the repository", "version-nested",
		[]op{put("../home/.profile", "two\n"), commitNow("edit")}},
	{"a file of the same size that keeps its time", "script", []op{write{"src/a.txt", "two\n", true}}},
	{"a file that git ignores now", "script",
		[]op{put(".gitignore", "out/\ncurrent\n*.txt\n"), put("src/new.txt", "two\n"),
			put("src/new.txt", "one\n")}},
	{"a file that git does not track any more", "script",
		[]op{gitCommand{[]string{"rm", "-q", "--cached", "src/a.txt"}}, put("src/a.txt", "two\n")}},
	{"an edited output of a step that is needed", "chain", []op{put("gen/list.txt", "mine\n")}},
	{"a file beside the outputs of a step that is needed", "chain",
		[]op{put("gen/extra.txt", "mine\n")}},

	// What a result restores.
	{"modes, links and empty folders of outputs", "tidy", []op{fresh{}}},
	{"modes, links and empty folders of outputs in a clone", "tidy", []op{cloneAgain{}}},
	{"modes, links and empty folders of outputs with inputs", "inputs", []op{fresh{}}},
	{"modes, links and empty folders of outputs that are gone", "script", []op{remove{"out"}}},
	{"an output that is a link to a folder", "tidy", []op{remove{"current"}}},
	{"an output that is a link to a folder in a fresh checkout", "inputs", []op{fresh{}}},
	{"an output that git tracks", "tidy", []op{gitCommand{[]string{"add", "-f", "out"}},
		put("src/a.txt", "two\n"), put("src/a.txt", "one\n")}},
	{"a leftover that git tracks", "tidy",
		[]op{put("src/a.txt", "two\n"), gitCommand{[]string{"add", "-f", "out"}},
			remove{"src/pages/two.txt"}, put("src/a.txt", "one\n")}},
	{"an output that git tracks no more", "tidy",
		[]op{put("out/kept", "mine\n"), gitCommand{[]string{"add", "-f", "out/kept"}}, cloneAgain{},
			gitCommand{[]string{"rm", "-q", "-f", "out/kept"}}}},
	{"a leftover of davit's that git tracks now", "tidy",
		[]op{remove{"src/pages/two.txt"}, fresh{}, put("src/pages/two.txt", "two\n"),
			gitCommand{[]string{"add", "-f", "out/pages/two.txt"}}, remove{"src/pages/two.txt"}}},
	{"a file of the user's beside the outputs", "tidy",
		[]op{put("out/extra.txt", "mine\n"), put("src/a.txt", "two\n"), put("src/a.txt", "one\n")}},
	{"leftovers of an earlier run", "tidy", []op{remove{"src/pages/two.txt"}, fresh{}}},
	{"leftovers of an earlier run in another step", "chain",
		[]op{remove{"src/pages/two.txt"}, fresh{}}},
	{"leftovers of the user's", "tidy",
		[]op{put("out/extra.txt", "mine\n"), put("src/a.txt", "two\n"), fresh{}}},
	{"leftovers of a dirty folder in a clone", "tidy",
		[]op{put("out/extra.txt", "mine\n"), remove{"src/pages/two.txt"}, put("out/sub/extra.txt", "mine\n"),
			cloneAgain{}}},
	{"an output whose name is not UTF-8", "tidy",
		[]op{put("src/pages/\xff.txt", "one\n"), fresh{}, fresh{}}},
	{"a check that fails and passes again", "check",
		[]op{put("src/a.txt", "broken\n"), put("src/a.txt", "one\n")}},
	{"a check that fails for an ignored file and passes again", "check",
		[]op{put("ign/gen.txt", "broken\n"), put("ign/gen.txt", "one\n")}},
	{"outputs of another source", "tidy", []op{put("src/a.txt", "two\n"), put("src/a.txt", "one\n")}},
	{"an output that goes", "tidy", []op{remove{"out/sum.txt"}}},
	{"an edited output", "tidy", []op{put("out/sum.txt", "mine\n")}},
	{"an edited output that the step leaves alone", "tidy", []op{put("out/kept", "mine\n")}},
	{"an edited output in a clone", "tidy",
		[]op{put("out/kept", "mine\n"), put("src/a.txt", "two\n"), fresh{}}},
	{"an output with other permissions", "tidy", []op{chmod{"out/key", 0o644}}},
	{"a link in the place of an output", "tidy", []op{link{"out/sum.txt", "../src/a.txt"}}},
	{"an output that is a link to another file", "tidy", []op{link{"out/latest", "private"}}},
	{"an edited source in a folder of outputs", "source", []op{put("src/a.txt", "two\n")}},
	{"an edited source in a folder of inputs and outputs", "source",
		[]op{config{"flavour"}, put("src/a.txt", "two\n"), put("src/a.txt", "one\n")}},
	{"an edited file in a folder of outputs", "source", []op{put("src/options.gen", "mine\n")}},
	{"a new source in a folder of outputs", "source",
		[]op{put("src/new.txt", "one\n"), remove{"src/new.txt"}}},
	{"a source that goes from a folder of outputs", "source", []op{remove{"src/a.txt"}}},
	{"outputs with names that are not UTF-8", "source", []op{put("src/\xff.txt", "one\n")}},
}

// stackFaults are the same with real tools.
var stackFaults = []fault{
	{"an ignored file that is embedded", "go", []op{put("web/dist/page.txt", "broken\n")}},
	{"an ignored package", "go", []op{put("gen/gen.go", goWord("gen", "broken"))}},
	{"a module beside the project", "go", []op{put("../lib/lib.go", goWord("lib", "broken"))}},
	{"a module in an inner clone", "go", []op{put("third/lib/third.go", goWord("third", "broken"))}},
	{"a link out of the project", "go", []op{put("../ext/lib.txt", "broken\n")}},
	{"go env -w", "go", []op{put("../home/.config/go/env", "GOFLAGS=-tags=broken\n")}},
	{"a commit without a change, in a Go program", "go", []op{commitNow("empty")}},
	{"a tag, in a Go program", "go", []op{gitCommand{[]string{"tag", "v1.0.0"}}}},
	{"a file of which only git forgets, in a Go program", "go",
		[]op{gitCommand{[]string{"rm", "-q", "--cached", "word_broken.go"}}}},
	{"a go.work above the project", "go",
		[]op{put("../far/go.mod", "module example.com/lib\n\ngo 1.24\n"),
			put("../far/lib.go", goWord("lib", "broken")),
			put("../go.work", "go 1.24\n\nuse (\n\t./project\n\t./project/third/lib\n)\n\n"+
				"replace example.com/lib => ./far\n"),
			put("../far/lib.go", goWord("lib", "two")), put("../far/lib.go", goWord("lib", "broken"))}},
	{"a variable of go", "go", []op{setenv{"GOAMD64", "v2"}}},
	{"a variable of the C compiler", "go", []op{setenv{"CGO_CFLAGS", "-O1"}}},
	{"a variable of a test", "go", []op{setenv{"WANT", "broken"}}},
	{"a dependency beside the project", "npm", []op{put("../ext/index.js", exportBoth("broken"))}},
	{"a dependency of a dependency beside the project", "npm",
		[]op{put("../far/index.js", export("broken"))}},
	{"a package installed above the project", "npm",
		[]op{put("../above/.package-lock.json", "{}\n"), put("../above/linked/index.js", export("broken")),
			rename{"../above", "../node_modules"}, rename{"../node_modules", "../above"}}},
	{"a package above the project that nobody noted", "npm",
		[]op{put("../above/linked/index.js", export("broken")), rename{"../above", "../node_modules"},
			remove{"../node_modules"}}},
	{"a new package in node_modules", "npm",
		[]op{put("node_modules/linked/index.js", export("broken"))}},
	{"a dependency behind npm link", "npm",
		[]op{link{"node_modules/linked", "../../linked"}, put("../linked/index.js", export("broken"))}},
	{"an ignored file that a test reads", "npm", []op{put("dist/page.txt", "broken\n")}},
	{"~/.npmrc", "npm", []op{put("../home/.npmrc", "word=broken\n")}},
	{"another tool", "npm", []op{tools{"v2"}}},
	{"a tool that is replaced", "npm", []op{replace{"../tools/v1/node", "../tools/v2/node"}}},
	{"an ignored module", "python", []op{put("app/_gen.py", "WORD = 'broken'\n")}},
	{"an ignored version", "python", []op{put("app/_version.py", "WORD = 'broken'\n")}},
	{"a link out of a Python project", "python", []op{put("../ext/data.txt", "broken\n")}},
	{"a variable of a test in Python", "python", []op{setenv{"WANT", "broken"}}},
	{"a python3 that is replaced", "python",
		[]op{replace{"../tools/v1/python3", "../tools/v2/python3"}}},
	{"an ignored file that is included", "rust", []op{put("dist/page.txt", "broken\n")}},
	{"a crate beside the project", "rust", []op{put("../lib/src/lib.rs", rustLib("broken"))}},
	{"a crate that the crate beside the project names", "rust",
		[]op{put("../far/src/lib.rs", rustWord("broken"))}},
	{"the configuration of Cargo above the project", "rust",
		[]op{put("../.cargo/config.toml", cargoConfig("broken"))}},
	{"the configuration of Cargo in the home", "rust",
		[]op{put("../home/.cargo/config.toml", cargoConfig("broken"))}},
	{"an ignored Cargo.lock", "rust", []op{put("Cargo.lock", "broken\n")}},
	{"flags of rustc", "rust", []op{setenv{"CARGO_BUILD_RUSTFLAGS", "--cfg broken"}}},
	{"encoded flags of rustc", "rust", []op{setenv{"CARGO_ENCODED_RUSTFLAGS", "--cfg=broken"}}},
}

// TestFaults tries each row on a project of its own.
func TestFaults(t *testing.T) {
	needUnix(t)
	for _, row := range faults {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			tr := trial{kindNamed(t, row.kind), row.operations}
			switch rounds, found, err := tr.run(fixture); {
			case err != nil:
				t.Fatal(err)
			case found != "":
				t.Errorf("kind %s, after operation %d of\n%s%s", row.kind, rounds, tr, found)
			}
		})
	}
}

// TestStackFaults has one project for each stack, in which each row is undone before the next, since a clean
// run of real tools takes a second.
func TestStackFaults(t *testing.T) {
	needUnix(t)
	for _, k := range stacks {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			needTool(t, k.needs)
			w := begin(t, k)
			for _, row := range stackFaults {
				if row.kind == k.name {
					t.Run(row.name, func(t *testing.T) { tryAndUndo(t, w, row.operations) })
				}
			}
		})
	}
}

// begin returns a new world in which one run of davit has succeeded.
func begin(t *testing.T, k *kind) *world {
	t.Helper()
	w, err := newWorld(fixture, k, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if found, err := w.round(); found != "" || err != nil {
		t.Fatal(found, err)
	}
	return w
}

func tryAndUndo(t *testing.T, w *world, operations []op) {
	t.Helper()
	undo, err := w.save()
	if err != nil {
		t.Fatal(err)
	}
	if w.kind.program != "" { // what undo has put back is not what davit left
		operations = slices.Concat([]op{nothing{}}, operations)
	}
	for _, o := range operations {
		o.Apply(w)
		if found, err := w.round(); found != "" || err != nil {
			t.Errorf("kind %s, %s:\n%s%v", w.kind.name, o, found, err)
		}
	}
	if err := undo(); err != nil {
		t.Fatal(err)
	}
}

func kindNamed(t *testing.T, name string) *kind {
	t.Helper()
	for _, k := range append([]*kind{unmatched}, shells...) {
		if k.name == name {
			return k
		}
	}
	t.Fatalf("no kind is called %s", name)
	return nil
}
