package proof

// common are the files of every world whose steps are of sh.
var common = snapshot{
	"project/.gitignore":           file("out/\ncurrent\ngen/\nign/\nweb/dist/\nlocal.cfg\n.idea/\n"),
	"project/.idea/run.txt":        file("one\n"),
	"project/step.sh":              file(stepScript),
	"project/generate.sh":          file(generateScript),
	"project/check.sh":             file(checkScript),
	"project/lib.sh":               file(reportScript),
	"project/where.txt":            file(".\n"),
	"project/src/a.txt":            file("one\n"),
	"project/src/b.txt":            file("two\n"),
	"project/src/pages/one.txt":    file("one\n"),
	"project/src/pages/two.txt":    file("two\n"),
	"project/src/run.sh":           program("echo one\n"),
	"project/src/a b.txt":          file("one\n"),
	"project/src/\u00e9\n*.txt":    file("one\n"),
	"project/src/deep/er/file.txt": file("one\n"),
	"project/app/[id]/page.txt":    file("one\n"),
	"project/conf/dev.txt":         file("one\n"),
	"project/conf/prod.txt":        file("two\n"),
	"project/config.txt":           linkTo("conf/dev.txt"),
	"project/data/ext":             linkTo("../../ext"),
	"project/data/shared":          linkTo("../other"),
	"project/other/notes.txt":      file("one\n"),
	"project/third/README.md":      file("one\n"),
	"project/ign/gen.txt":          file("one\n"),
	"project/ign/deep/more.txt":    file("one\n"),
	"project/web/dist/page.txt":    file("one\n"),
	"project/local.cfg":            file("one\n"),
	"ext/lib.txt":                  file("one\n"),
	"ext/deep/lib.txt":             file("one\n"),
	"ext/far":                      linkTo("../far"),
	"far/lib.txt":                  file("one\n"),
	"tools/v1/greet":               program("#!/bin/sh\necho hello\n"),
	"tools/v2/greet":               program("#!/bin/sh\necho good day\n"),
	"home/.profile":                file("one\n"),
}

var (
	build = step{argv: []string{"sh", "-e", "step.sh"}, outputs: []string{"out", "current"},
		remade: []string{"out", "current"}}
	generate = step{
		argv:    []string{"sh", "-e", "generate.sh"},
		outputs: []string{"gen"},
		remade:  []string{"gen"},
	}
	check  = step{argv: []string{"sh", "-e", "check.sh"}, reads: true}
	source = step{argv: []string{"sh", "-e", "source.sh"}, outputs: []string{"src"},
		remade: []string{"src/all.gen"}}
)

const (
	runBuild    = `run = 'sh -e step.sh "$@"'`
	runGenerate = `run = ["sh", "-e", "generate.sh"]`
	strong      = `env = { FLAVOUR = "strong" } # FLAVOUR=strong`
	bad         = `env = { FLAVOUR = "broken" } # FLAVOUR=broken`
	intoOut     = `outputs = ["out/", "current"]`
	someInputs  = `inputs = ["src/**", "config.txt", "app/[id]/page.txt", "ign/**", "data/**", "third/**", ` +
		`"web/dist/", ".idea/", "*.sh", "where.txt"]`
)

// someWhere is where the step reads that has someInputs.
var someWhere = snapshot{
	"project/where.txt": file("src config.txt app/[id]/page.txt ign data third web/dist .idea\n"),
}

// unmatched is a kind whose inputs match nothing: it has another case, or there is no such folder.
var unmatched = &kind{
	name: "unmatched", repository: "project", targets: []string{"build"}, steps: []step{build}, refuses: true,
	configs: map[string]string{
		"default": target("build", runBuild, `inputs = ["SRC/**", "nothing/**"]`, intoOut),
	},
}

// versioned is a kind whose step asks git for the version.
func versioned(name, repository string) *kind {
	script := "git describe --tags --always --dirty >version.txt\ngit rev-parse HEAD >>version.txt\n" +
		"git symbolic-ref -q HEAD >>version.txt || echo detached >>version.txt\n"
	return &kind{
		name: name, repository: repository, commits: true, targets: []string{"build"},
		steps: []step{native(script, "version.txt")},
		configs: map[string]string{
			"default": target("build", "run = '''\n"+script+"'''", `outputs = ["version.txt"]`),
		},
		more:      snapshot{"project/.gitignore": file("ign/\nlocal.cfg\nversion.txt\n")},
		operation: withNewTimes(anyOf(sources, commits, commits, commits, outside, copies)),
	}
}

// shells are the kinds of projects with steps of sh.
var shells = []*kind{
	{
		name: "script", repository: "project", targets: []string{"build"}, steps: []step{build},
		configs: map[string]string{
			"default":  target("build", runBuild, intoOut),
			"flavour":  target("build", runBuild, intoOut, strong),
			"greeting": target("build", `run = 'greet >/dev/null; sh -e step.sh "$@"'`, intoOut),
		},
		operation: anyOf(sources, ignored, inner, outside, links, variables, outputs, copies),
	},
	{
		name: "tidy", repository: "project", targets: []string{"build"}, steps: []step{build},
		configs: map[string]string{
			"default": target("build", runBuild, intoOut),
			"flavour": target("build", runBuild, intoOut, strong),
		},
		more:      snapshot{"project/.gitignore": file("out/\ncurrent\n")}, // and no other file
		operation: anyOf(sources, variables, outputs, outputs, copies, copies),
	},
	{
		name: "inputs", repository: "project", targets: []string{"build"}, steps: []step{build},
		configs: map[string]string{
			"default": target("build", `run = ["sh", "-e", "step.sh"]`, someInputs, intoOut),
			"flavour": target("build", `run = ["sh", "-e", "step.sh"]`, someInputs, intoOut,
				strong),
		},
		more:      someWhere,
		operation: anyOf(sources, ignored, inner, outside, links, variables, outputs, copies),
	},
	{
		name: "check", repository: "project", targets: []string{"test-unit"}, steps: []step{check},
		configs: map[string]string{
			"default": target("test-unit", `run = 'sh -e check.sh "$@"'`),
			"flavour": target("test-unit", `run = 'sh -e check.sh "$@"'`, bad),
		},
		operation: anyOf(breaks, breaks, sources, ignored, inner, outside, links, variables, copies),
	},
	{
		name: "chain", repository: "project", targets: []string{"build"}, steps: []step{generate, build},
		chained: true,
		configs: map[string]string{
			"default": target("generate", runGenerate, `inputs = ["src/**", "generate.sh"]`,
				`outputs = ["gen/"]`) + target("build", `needs = ["generate"]`, runBuild, intoOut),
			"flavour": target("generate", runGenerate, `outputs = ["gen/"]`) +
				target("build", `needs = ["generate"]`, runBuild, intoOut, strong),
		},
		operation: anyOf(sources, generated, generated, ignored, variables, outputs, copies),
	},
	{
		name: "source", repository: "project", targets: []string{"generate"}, steps: []step{source},
		configs: map[string]string{
			"default": target("generate", `run = "sh -e source.sh"`, `outputs = ["src/"]`),
			"flavour": target("generate", `run = "sh -e source.sh"`, `inputs = ["src/**", "source.sh"]`,
				`outputs = ["src/"]`),
		},
		more: snapshot{
			"project/source.sh":  file(sourceScript),
			"project/.gitignore": file("out/\nsrc/all.gen\n"),
		},
		operation: anyOf(sources, amongSources, copies),
	},
	{
		name: "plain", targets: []string{"build"}, steps: []step{build},
		configs: map[string]string{
			"default": target("build", runBuild, intoOut),
			"flavour": target("build", runBuild, intoOut, strong),
		},
		operation: anyOf(sources, ignored, outside, links, variables, outputs, copies),
	},
	{
		name: "nested", repository: ".", targets: []string{"build"}, steps: []step{build},
		configs: map[string]string{
			"default": target("build", runBuild, intoOut),
			"flavour": target("build", runBuild, someInputs, intoOut),
		},
		more:      someWhere,
		operation: anyOf(sources, ignored, inner, outside, links, variables, outputs, copies),
	},
	{
		name: "make", repository: "project", targets: []string{"build", "test"}, steps: []step{build, check},
		plugin: true,
		more: snapshot{"project/Makefile": file(
			".PHONY: build test\nbuild:\n\tsh -e step.sh\ntest:\n\tsh -e check.sh\n")},
		operation: anyOf(sources, ignored, outside, links, outputs, copies),
	},
	{
		name: "unsaid", repository: "project", targets: []string{"build"}, steps: []step{build},
		configs:   map[string]string{"default": target("build", runBuild)},
		operation: anyOf(sources, ignored, outside, variables, products, copies),
	},
	{
		name: "others", repository: "project", targets: []string{"build"}, steps: []step{build},
		configs: map[string]string{
			"default": target("generate", runGenerate, `outputs = ["gen/"]`) +
				target("build", runBuild, intoOut),
		},
		more:      snapshot{"project/gen/list.txt": file("one\n")},
		operation: anyOf(sources, ignored, generated, generated, outputs, copies),
	},
	versioned("version", "project"),
	versioned("version-nested", "."),
}
