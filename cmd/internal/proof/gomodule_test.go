package proof

import (
	"math/rand/v2"
	"os/exec"
)

// goModule is a Go module: with code beside it, in an inner clone and in ignored files.
var goModule = &kind{
	name: "go", repository: "project", targets: []string{"build", "test-unit"}, plugin: true, needs: "go",
	steps: []step{native("go build -o bin/ ./... && go test ./...", "bin")},
	real:  true, program: "bin/app", first: []op{clone{"third/lib", false}},
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
			write{path: "gen/gen.go", text: goWord("gen", word)},
			write{path: "../lib/lib.go", text: goWord("lib", word)},
			write{path: "third/lib/third.go", text: goWord("third", word)},
			write{path: "third/lib/more.go", text: "package third\n\nconst Also = \"" + word + "\"\n"},
			write{path: "web/dist/page.txt", text: word + "\n"},
			write{path: "../ext/lib.txt", text: word + "\n"},
			write{path: "../home/.config/go/env", text: "GOFLAGS=-tags=" + word + "\n"},
			setenv{"WANT", word}, setenv{"GOAMD64", one(r, []string{"v1", "v2"})}, unsetenv{"WANT"},
			rename{"main.go", "app.go"}, rename{"app.go", "main.go"}, remove{"bin"},
			write{path: "bin/extra", text: "mine\n"}, fresh{}, nothing{},
		})
	},
}

func goWord(pkg, word string) string { return "package " + pkg + "\n\nconst Word = \"" + word + "\"\n" }
