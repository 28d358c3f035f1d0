package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// A Peer is a program that people use instead of davit.
type Peer struct {
	Name    string
	Version string
	// Args are the arguments of a call that has nothing to do, and Files the files it needs in the project.
	Args  []string
	Files map[string]string
	// Budget is the budget of davit, compared with this peer, when there is nothing to do.
	Budget Budget
	// find returns the path of its binary, and installs it if needed.
	find func(ctx context.Context, b *bench, p Peer) (string, error)
}

// turbo is the peer that most budgets are relative to: T is what this call takes.
var turbo = Peer{
	Name: "turbo", Version: "2.11.11", Args: []string{"run", "build"}, Budget: inT(0.8, 0.35),
	find: npm("turbo", "@turbo/*/bin/turbo"),
	Files: map[string]string{
		"package.json": `{"name": "app", "private": true, "packageManager": "npm@10.0.0", ` +
			`"scripts": {"build": "go build -o bin/ ./cmd/..."}}` + "\n",
		"turbo.json": `{"tasks": {"build": {"inputs": ["**/*.go", "go.mod"], "outputs": ["bin/**"]}}}` + "\n",
	},
}

// peers are the other ones. All of them, and turbo, build bin/app from every .go file with go build. Each is
// configured as its manual shows, and called with its defaults. just has no cache, so its recipe does
// nothing.
var peers = []Peer{
	{
		Name: "make", Args: []string{"build"}, Budget: noBudget, find: gnuMake,
		Files: map[string]string{"Makefile": "SOURCES := $(wildcard *.go */*.go */*/*.go)\n\n" +
			".PHONY: build\nbuild: bin/app\n\n" +
			"bin/app: go.mod $(SOURCES)\n\tgo build -o bin/ ./cmd/...\n"},
	},
	{
		Name: "just", Version: "1.57.0", Args: []string{"build"}, Budget: noBudget,
		find:  npm("rust-just", "rust-just-*/bin/just"),
		Files: map[string]string{"justfile": "build:\n    @true\n"},
	},
	{
		Name: "task", Version: "v3.53.1", Args: []string{"build"}, Budget: less,
		find: goInstall("github.com/go-task/task/v3/cmd/task"),
		Files: map[string]string{"Taskfile.yml": "version: '3'\n\n" +
			"tasks:\n  build:\n    cmds: [go build -o bin/ ./cmd/...]\n" +
			"    sources: ['**/*.go', go.mod]\n    generates: [bin/app]\n"},
	},
	{
		Name: "moon", Version: "2.5.5", Args: []string{"run", "app:build"}, Budget: less,
		find: npm("@moonrepo/cli", "@moonrepo/core-*/moon"),
		Files: map[string]string{
			".moon/workspace.yml": "projects:\n  app: '.'\ntelemetry: false\n",
			"moon.yml": "tasks:\n  build:\n    command: 'go build -o bin/ ./cmd/...'\n" +
				"    inputs: ['**/*.go', 'go.mod']\n    outputs: ['bin/app']\n",
		},
	},
}

// title returns the name in the table: "turbo 2.11.11".
func (p Peer) title() string {
	return strings.TrimSpace(p.Name + " " + strings.TrimPrefix(p.Version, "v"))
}

func gnuMake(ctx context.Context, _ *bench, _ Peer) (string, error) {
	path, err := exec.LookPath("make")
	if err != nil {
		return "", err
	}
	output, err := exec.CommandContext(ctx, path, "--version").Output()
	if err == nil && !strings.HasPrefix(string(output), "GNU Make") {
		err = fmt.Errorf("%s is not GNU make", path)
	}
	return path, err
}
