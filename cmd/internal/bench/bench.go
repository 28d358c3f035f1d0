package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// A bench is one run of the benchmark.
type bench struct {
	runs int
	only *regexp.Regexp
	// davit is measured against the budgets. before is the davit of -against, or nil.
	davit, before *Davit
	// temp is removed at the end, cache is kept.
	temp, cache string
	gocmd       string
	// environ is the caller's environment, env that of measured peers.
	environ, env []string
	recorder     callRecorder
	progress     io.Writer
	// others are the commands that both davits are compared with, by group and name.
	others   map[string]*Case
	cleanups []func() error
}

func newBench(o options, temp string, environ []string, progress io.Writer) (*bench, error) {
	b := &bench{
		runs: o.runs, only: o.only, temp: temp, environ: environ, progress: progress,
		others: map[string]*Case{},
	}
	var err error
	if b.gocmd, err = exec.LookPath("go"); err != nil {
		return nil, err
	}
	caches, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	b.cache = filepath.Join(caches, "davit-bench")
	b.env = override(environ, b.home("peers"))
	if b.davit, err = b.newDavit("davit", o.davit); err != nil {
		return nil, err
	}
	if o.against != "" {
		if b.before, err = b.newDavit("before", o.against); err != nil {
			return nil, err
		}
	}
	b.recorder, err = b.newCallRecorder()
	return b, err
}

// home returns variables that keep whatever a command writes away from the user's home, and keep it from
// sending anything.
func (b *bench) home(name string) map[string]string {
	home := filepath.Join(b.temp, "home", name)
	at := func(name string) string { return filepath.Join(home, name) }
	return map[string]string{
		"HOME": home, "USERPROFILE": home, "LOCALAPPDATA": at("local"), "APPDATA": at("roaming"),
		"XDG_CACHE_HOME": at("cache"), "XDG_CONFIG_HOME": at("config"),
		"XDG_DATA_HOME": at("data"), "XDG_STATE_HOME": at("state"),
		"DAVIT_CACHE": at("davit"), "MOON_HOME": at("moon"), "PROTO_HOME": at("proto"),
		// The standard library is compiled once and kept. The projects need nothing else.
		"GOCACHE": filepath.Join(b.cache, "go-build"), "GOPATH": at("go"), "GOMODCACHE": "",
		"GOFLAGS": "", "GOPROXY": "off", "GOTOOLCHAIN": "local",
		"DO_NOT_TRACK": "1", "TURBO_TELEMETRY_DISABLED": "1", "MOON_TELEMETRY": "false",
		"NO_UPDATE_NOTIFIER": "1", "npm_config_update_notifier": "false",
		// make sets these for its children. Commands are measured as if called from a shell.
		"MAKEFLAGS": "", "MFLAGS": "", "MAKELEVEL": "",
	}
}

// override returns an environment in which some variables have other values; an empty value removes the
// variable.
func override(environ []string, over map[string]string) (env []string) {
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if _, replaced := over[name]; !replaced {
			env = append(env, entry)
		}
	}
	for name, value := range over {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// measure runs the chosen groups. A group that fails becomes a row, so that the results of the others are
// kept.
func (b *bench) measure(ctx context.Context) (rows []Row, interrupted error) {
	for _, g := range groups {
		if !b.only.MatchString(g.name) {
			continue
		}
		fmt.Fprintf(b.progress, "%s…\n", g.name)
		measured, err := g.measure(ctx, b)
		rows = append(rows, measured...)
		if err = errors.Join(err, b.cleanUp()); err != nil {
			rows = append(rows, Row{What: "group `" + g.name + "`", Verdict: "not measured: " + err.Error()})
		}
	}
	return rows, ctx.Err()
}

// later registers what is to be done after the current group.
func (b *bench) later(cleanup func() error) { b.cleanups = append(b.cleanups, cleanup) }

func (b *bench) cleanUp() (err error) {
	for _, cleanup := range b.cleanups {
		err = errors.Join(err, cleanup())
	}
	b.cleanups = nil
	return err
}

// once returns the case of a group that has this name, and creates it on the first call, so that both davits
// are compared with the same one. A case that cannot be created becomes a failed one.
func (b *bench) once(group, name string, newCase func() (*Case, error)) *Case {
	key := group + "/" + name
	if c := b.others[key]; c != nil {
		return c
	}
	c, err := newCase()
	if err != nil {
		c = &Case{Name: name, Sample: Sample{Err: err}}
	}
	b.others[key] = c
	return c
}

// system returns the line above the table.
func (b *bench) system() string {
	const format = "%s, %s/%s, %d CPUs, %s, %d runs each, median (min–max); T is `turbo run` with nothing to do\n"
	return fmt.Sprintf(format,
		b.davit.Version, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), b.runs)
}

// removeAll removes a folder, including read-only folders in it.
func removeAll(dir string) {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	os.RemoveAll(dir)
}
