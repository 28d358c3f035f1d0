package proof

import (
	"io/fs"
	"math/rand/v2"
)

// anyOf returns a function that makes operations of some sorts, each as often as it is named.
func anyOf(sorts ...func(*rand.Rand) op) func(*rand.Rand) op {
	return func(r *rand.Rand) op { return one(r, sorts)(r) }
}

// withNewTimes returns a function whose operations change the times of files, since git, which compares whole
// seconds, does not see other changes at once.
func withNewTimes(operation func(*rand.Rand) op) func(*rand.Rand) op {
	return func(r *rand.Rand) op {
		o := operation(r)
		if w, is := o.(write); is {
			return put(w.path, w.text)
		}
		return o
	}
}

func one[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

var (
	tracked = []string{"src/a.txt", "src/b.txt", "src/pages/one.txt", "src/pages/two.txt", "src/a b.txt",
		"src/run.sh", "src/\u00e9\n*.txt", "src/\xff.txt", "src/deep/er/file.txt", "app/[id]/page.txt",
		"conf/dev.txt", "conf/prod.txt", "other/notes.txt", "src/new.txt", "src/pages/three.txt",
		"src/pages/\xff.txt"}
	untracked = []string{"ign/gen.txt", "ign/deep/more.txt", "ign/new.txt", "web/dist/page.txt", "local.cfg"}
	cloned    = []string{"third/lib/code.txt", "third/lib/new.txt", "third/lib/deep/code.txt"}
	beside    = []string{"../ext/lib.txt", "../ext/deep/lib.txt", "../ext/new.txt", "../far/lib.txt"}
	made      = []string{
		"out/sum.txt",
		"out/key",
		"out/readonly",
		"out/kept",
		"out/pages/one.txt",
		"out/extra.txt",
		"out/private/file",
		"out/sub/file",
		"out/sub/extra.txt",
		"out/tool",
	}
	madeFirst = []string{"gen/list.txt", "gen/pages/one.txt", "gen/extra.txt", "gen/pages/extra.txt"}
	madeHere  = []string{"src/all.gen", "src/options.gen", "src/a.txt", "src/new.txt"}
	texts     = []string{"one\n", "two\n", "six\n", "a longer text\n", ""}
	modes     = []fs.FileMode{0o644, 0o755, 0o644, 0o600, 0o444}
	names     = []string{"WANT", "DATABASE_URL", "UPDATE_GOLDEN"}
	values    = []string{"", "1", "2", "postgres://one/db", "postgres://two/db", "\xfe", "\xff"}
)

// edit writes, removes, renames or makes executable one of some files.
func edit(r *rand.Rand, files []string) op {
	name := one(r, files)
	switch n := r.IntN(20); {
	case n < 10:
		return write{name, one(r, texts), r.IntN(4) == 0}
	case n < 11:
		return put(name, "broken\n")
	case n < 14:
		return remove{name}
	case n < 17:
		return rename{name, one(r, files)}
	}
	return chmod{name, one(r, modes)}
}

// sources are operations on files that git tracks, or would.
func sources(r *rand.Rand) op {
	switch r.IntN(12) {
	case 0:
		return rename{"src/pages", "src/sheets"}
	case 1:
		return rename{"src/sheets", "src/pages"}
	case 2:
		return gitCommand{[]string{"add", "-A"}}
	case 3:
		return gitCommand{[]string{"rm", "-q", "--cached", "--ignore-unmatch", "--", one(r, tracked)}}
	case 4:
		return gitCommand{[]string{"checkout", "-q", "--", "."}}
	}
	return edit(r, tracked)
}

// breaks are operations after which a check fails or passes again.
func breaks(r *rand.Rand) op {
	files := one(r, [][]string{tracked, untracked, cloned, beside})
	if r.IntN(8) == 0 {
		return put("src/spoil.txt", one(r, []string{"src/a.txt\n", "third/lib/code.txt\n"}))
	}
	return put(one(r, files[:2]), one(r, []string{"one\n", "broken\n", "one\n"}))
}

// ignored are operations on files that git ignores, and on what it ignores.
func ignored(r *rand.Rand) op {
	switch r.IntN(8) {
	case 0:
		return put(".gitignore", "out/\ncurrent\ngen/\n"+one(r, []string{"ign/\nweb/dist/\nlocal.cfg\n", "",
			"*.txt\n"}))
	case 1:
		return remove{one(r, []string{"ign", "web"})}
	}
	return edit(r, untracked)
}

// inner are operations on a repository in the project.
func inner(r *rand.Rand) op {
	switch r.IntN(4) {
	case 0:
		return clone{"third/lib", r.IntN(2) == 0}
	case 1:
		return remove{"third/lib"}
	}
	return edit(r, cloned)
}

// outside are operations on code beside the project that it has links to.
func outside(r *rand.Rand) op { return edit(r, beside) }

// links are operations on links: to files, to folders, out of the project, to what git ignores, to nothing.
func links(r *rand.Rand) op {
	name := one(r, []string{"config.txt", "data/ext", "data/shared", "src/link.txt", "data/new"})
	if r.IntN(6) == 0 {
		return remove{name}
	}
	if name == "config.txt" || name == "src/link.txt" {
		return link{name, one(r, []string{"conf/dev.txt", "conf/prod.txt", "../conf/prod.txt", "local.cfg",
			"../local.cfg", "../ext/lib.txt", "../../ext/lib.txt", "nothing.txt"})}
	}
	return link{name, one(r, []string{"../../ext", "../../ext/deep", "../other", "../ign", "../nothing"})}
}

// variables are operations on what the caller passes: variables, arguments, tools; and on project.toml.
func variables(r *rand.Rand) op {
	switch r.IntN(7) {
	case 0:
		return unsetenv{one(r, names)}
	case 1:
		return tools{one(r, []string{"v1", "v2"})}
	case 2:
		return one(r, []args{nil, {"-run", "x"}, {"-run x"}, {"\xfe"}, {"\xff"}, {""}})
	case 3:
		return config{one(r, []string{"default", "flavour"})}
	}
	return setenv{one(r, names), one(r, values)}
}

// outputs are operations on what the last step has made, and beside it.
func outputs(r *rand.Rand) op {
	switch r.IntN(10) {
	case 0:
		return link{one(r, made), one(r, []string{"../src/a.txt", "../../src/a.txt", "nothing"})}
	case 2:
		return link{one(r, []string{"out/latest", "out/cfg", "current"}), one(r, []string{"private", "src"})}
	case 3:
		return chmod{one(r, made), one(r, []fs.FileMode{0o644, 0o755, 0o600, 0o400})}
	case 4:
		return gitCommand{[]string{"add", "-f", "out"}}
	case 5:
		return chmod{one(r, []string{"out/private", "out/sub"}), one(r, []fs.FileMode{0o755, 0o700})}
	case 6:
		return rename{one(r, made), one(r, made)}
	case 7:
		return remove{one(r, append([]string{"out/latest", "out/cfg", "out/empty", "out/sub"}, made...))}
	}
	return write{one(r, made), one(r, texts), r.IntN(4) == 0}
}

// commits are operations that change what git says, and often no file.
func commits(r *rand.Rand) op {
	return gitCommand{one(r, [][]string{
		{"commit", "-q", "--allow-empty", "-m", "empty"}, {"commit", "-q", "-a", "-m", "all"}, {"tag", "v1.0.0"},
		{"tag", "-d", "v1.0.0"}, {"checkout", "-q", "-B", "other"}, {"checkout", "-q", "--detach"},
		{"reset", "-q", "--soft", "HEAD~1"}, {"reset", "-q"}, {"pack-refs", "--all"},
	})}
}

// products are operations on the files that the last step has made, and beside them.
func products(r *rand.Rand) op { return edit(r, made) }

// generated are operations on what the first of two steps has made, and beside it.
func generated(r *rand.Rand) op {
	if r.IntN(8) == 0 {
		return remove{"gen"}
	}
	return edit(r, madeFirst)
}

// amongSources are operations on outputs that are among the sources.
func amongSources(r *rand.Rand) op {
	if r.IntN(4) == 0 {
		return config{one(r, []string{"default", "flavour"})}
	}
	return edit(r, madeHere)
}

// copies are operations after which old results are of use.
func copies(r *rand.Rand) op {
	return one(r, []op{fresh{}, fresh{}, cloneAgain{}, gitCommand{[]string{"clean", "-fdXq"}}, remove{"out"},
		remove{"current"}, nothing{}})
}
