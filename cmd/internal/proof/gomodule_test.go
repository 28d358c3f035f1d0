package proof

import (
	"math/rand/v2"
	"os/exec"
)

// goModule is a Go module: with code beside it, in an inner clone and in ignored files.
var goModule = &kind{
	name: "go", repository: "project", targets: []string{"build", "test-unit"}, plugin: true, needs: "go",
	steps: []step{native(goClean, "bin")},
	real:  true, program: "bin/app", commits: true,
	first: []op{clone{"third/lib", true}, gitCommand{[]string{"add", "-A"}}, commitNow("a submodule")},
	env: func() map[string]string {
		out, _ := exec.Command("go", "env", "GOCACHE").Output() // with the standard library
		return map[string]string{"GOCACHE": string(out[:max(0, len(out)-1)]), "GOPROXY": "off",
			"GOTOOLCHAIN": "local"}
	},
	more: snapshot{
		"project/.gitignore": file("bin/\nweb/dist/\ngen/\n"),
		"project/go.mod": file("module example.com/app\n\ngo 1.24\n\nrequire (\n\texample.com/lib v0.0.0\n" +
			"\texample.com/third v0.0.0\n)\n\nreplace (\n\texample.com/lib => ../lib\n" +
			"\texample.com/third => ./third/lib\n)\n"),
		"project/main.go": file(`package main

import (
	_ "embed"
	"fmt"

	"example.com/app/gen"
	"example.com/lib"
	"example.com/third"
)

//go:embed web/dist/page.txt
var page string

func words() string { return fmt.Sprintln(word, gen.Word, lib.Word, third.Word, page) }

func main() { fmt.Print(words()) }
`),
		"project/word.go":        file("//go:build !broken\n\npackage main\n\nconst word = \"one\"\n"),
		"project/word_broken.go": file("//go:build broken\n\npackage main\n\nconst word = \"broken\"\n"),
		"project/main_test.go": file(`package main

import (
	"os"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	data, _ := os.ReadFile("testdata/ext.txt")
	if all := words() + os.Getenv("WANT") + string(data); strings.Contains(all, "broken") {
		t.Fatal(all)
	}
}
`),
		"project/gen/gen.go":        file(goWord("gen", "one")),
		"project/web/dist/page.txt": file("one\n"),
		"project/testdata/ext.txt":  linkTo("../../ext/lib.txt"),
		"lib/go.mod":                file("module example.com/lib\n\ngo 1.24\n"),
		"lib/lib.go":                file(goWord("lib", "one")),
		"ext/lib.txt":               file("one\n"),
		"home/.config/go/env":       file(""),
	},
	operation: func(r *rand.Rand) op {
		word := one(r, words)
		return one(r, []op{
			put("gen/gen.go", goWord("gen", word)),
			put("../lib/lib.go", goWord("lib", word)),
			put("third/lib/third.go", goWord("third", word)),
			put("third/lib/more.go", "package third\n\nconst Also = \""+word+"\"\n"),
			put("web/dist/page.txt", word+"\n"),
			put("../ext/lib.txt", word+"\n"),
			put("../home/.config/go/env", "GOFLAGS=-tags="+word+"\n"),
			setenv{"WANT", word}, setenv{"GOAMD64", one(r, []string{"v1", "v2"})}, unsetenv{"WANT"},
			setenv{"CGO_CFLAGS", one(r, []string{"-O1", "-O2"})}, unsetenv{"CGO_CFLAGS"},
			rename{"main.go", "app.go"}, rename{"app.go", "main.go"}, remove{"bin"},
			fresh{}, nothing{}, commitNow("all"), gitCommand{[]string{"tag", "v1.0.0"}},
			gitCommand{[]string{"rm", "-q", "--cached", "word.go"}}, gitCommand{[]string{"reset", "-q"}},
			chmod{"main.go", one(r, modes)},
		})
	},
}

// goClean makes bin with a .gitignore, as davit does where there is no such folder.
const goClean = `[ -e bin ] || { mkdir bin; echo '*' >bin/.gitignore; }
go build -o bin/ ./...
go test ./...`

// commitNow commits all changes of files that git tracks.
func commitNow(message string) op {
	return gitCommand{[]string{"commit", "-q", "-a", "--allow-empty", "-m", message}}
}

func goWord(pkg, word string) string { return "package " + pkg + "\n\nconst Word = \"" + word + "\"\n" }
