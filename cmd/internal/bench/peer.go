package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// Peer is a program that people use in place of davit.
type Peer struct {
	Name    string
	Version string
	// Args is the call that has nothing to do, and Files what it needs in the project.
	Args  []string
	Files map[string]string
	// Budget is what davit is held to against it.
	Budget Budget
	// find returns its binary, installed if need be.
	find func(ctx context.Context, b *bench, p Peer) (string, error)
}

// peers are asked for the same: bin/app, made by go build from every .go file. Each says so as its manual does, and is called
// with its defaults; just remembers nothing, so its recipe is as good as empty.
var peers = []Peer{
	{
		Name: "make", Args: []string{"build"}, Budget: noBudget, find: gnuMake,
		Files: map[string]string{"Makefile": "SOURCES := $(wildcard *.go */*.go */*/*.go)\n\n.PHONY: build\nbuild: bin/app\n\n" +
			"bin/app: go.mod $(SOURCES)\n\tgo build -o bin/ ./cmd/...\n"},
	},
	{
		Name: "just", Version: "1.57.0", Args: []string{"build"}, Budget: noBudget,
		find:  npm("rust-just", "rust-just-*/bin/just"),
		Files: map[string]string{"justfile": "build:\n    @true\n"},
	},
	{
		Name: "task", Version: "v3.53.1", Args: []string{"build"}, Budget: below(),
		find: goInstall("github.com/go-task/task/v3/cmd/task"),
		Files: map[string]string{"Taskfile.yml": "version: '3'\n\ntasks:\n  build:\n    cmds: [go build -o bin/ ./cmd/...]\n" +
			"    sources: ['**/*.go', go.mod]\n    generates: [bin/app]\n"},
	},
	{
		Name: "turbo", Version: "2.11.11", Args: []string{"run", "build"}, Budget: below(),
		find: npm("turbo", "@turbo/*/bin/turbo"),
		Files: map[string]string{
			"package.json": `{"name": "app", "private": true, "packageManager": "npm@10.0.0", "scripts": {"build": "go build -o bin/ ./cmd/..."}}` + "\n",
			"turbo.json":   `{"tasks": {"build": {"inputs": ["**/*.go", "go.mod"], "outputs": ["bin/**"]}}}` + "\n",
		},
	},
	{
		Name: "moon", Version: "2.5.5", Args: []string{"run", "app:build"}, Budget: below(),
		find: npm("@moonrepo/cli", "@moonrepo/core-*/moon"),
		Files: map[string]string{
			".moon/workspace.yml": "projects:\n  app: '.'\ntelemetry: false\n",
			"moon.yml":            "tasks:\n  build:\n    command: 'go build -o bin/ ./cmd/...'\n    inputs: ['**/*.go', 'go.mod']\n    outputs: ['bin/app']\n",
		},
	},
}

// title is the peer as the table calls it: "turbo 2.11.11".
func (p Peer) title() string {
	return strings.TrimSpace(p.Name + " " + strings.TrimPrefix(p.Version, "v"))
}

func gnuMake(ctx context.Context, _ *bench, _ Peer) (string, error) {
	path, err := exec.LookPath("make")
	if err != nil {
		return "", err
	}
	said, err := exec.CommandContext(ctx, path, "--version").Output()
	if err == nil && !strings.HasPrefix(string(said), "GNU Make") {
		err = fmt.Errorf("%s is not GNU make", path)
	}
	return path, err
}
