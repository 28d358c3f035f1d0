package sdk

import "github.com/davit-dev/davit/plugins/plan"

// NewestGo is the newest Go that the built-in plugins know. It serves every project that asks for an older
// one.
const NewestGo = "1.26"

// The images that steps of a stack run in, unless the project asks for another version.
const (
	GoImage     = "golang:" + NewestGo
	NodeImage   = "node:20"
	PythonImage = "python:3"
	RustImage   = "rust:1"
)

// The caches of the built-in plugins. A plugin whose steps use the same tools names the same caches, so that
// nothing is downloaded or compiled twice.
var (
	GoModCache   = plan.Cache{ID: "go-mod", Env: "GOMODCACHE"}
	GoBuildCache = plan.Cache{ID: "go-build", Env: "GOCACHE"}
	NpmCache     = plan.Cache{ID: "npm", Env: "npm_config_cache"}
	PipCache     = plan.Cache{ID: "pip", Env: "PIP_CACHE_DIR"}
	CargoCache   = plan.Cache{ID: "cargo", Env: "CARGO_HOME"}
)

// StackManifests are files that say which stack a project is of, whose own tools then build and test it.
var StackManifests = []string{
	"go.mod", "go.work", "package.json", "Cargo.toml", "pyproject.toml", "setup.py", "setup.cfg",
	"requirements.txt", "Pipfile", "pom.xml", "build.gradle", "build.gradle.kts", "Gemfile", "composer.json",
	"mix.exs", "pubspec.yaml", "deno.json", "Package.swift",
}
