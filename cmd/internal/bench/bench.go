package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// bench is one run: where things are, and what has been found out on the way.
type bench struct {
	options
	// temp is gone at the end, cache stays.
	temp, cache string
	// gocmd is the go command.
	gocmd string
	// environ is the caller's environment; env is what measured commands get.
	environ, env []string
	empty        string
	progress     io.Writer
	said         []string
}

func newBench(o options, temp string, environ []string, progress io.Writer) (*bench, error) {
	b := &bench{options: o, temp: temp, environ: environ, progress: progress}
	var err error
	if b.davit, err = filepath.Abs(o.davit); err != nil {
		return nil, err
	}
	if _, err := os.Stat(b.davit); err != nil {
		return nil, fmt.Errorf("no davit at %q; build it first: make build", o.davit)
	}
	if b.gocmd, err = exec.LookPath("go"); err != nil {
		return nil, err
	}
	caches, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	b.cache = filepath.Join(caches, "davit-bench")
	b.env = override(environ, b.home())
	b.empty, err = b.program("empty", emptySource)
	return b, err
}

// home keeps everything that a command might write for its user away from the user's own, and everything that it might send.
func (b *bench) home() map[string]string {
	home := filepath.Join(b.temp, "home")
	at := func(name string) string { return filepath.Join(home, name) }
	return map[string]string{
		"HOME": home, "USERPROFILE": home, "LOCALAPPDATA": at("local"), "APPDATA": at("roaming"),
		"XDG_CACHE_HOME": at("cache"), "XDG_CONFIG_HOME": at("config"), "XDG_DATA_HOME": at("data"), "XDG_STATE_HOME": at("state"),
		"DAVIT_CACHE": at("davit"), "MOON_HOME": at("moon"), "PROTO_HOME": at("proto"),
		// The standard library is compiled once and kept. The projects need nothing else.
		"GOCACHE": filepath.Join(b.cache, "go-build"), "GOPATH": at("go"), "GOMODCACHE": "", "GOFLAGS": "", "GOPROXY": "off", "GOTOOLCHAIN": "local",
		"DO_NOT_TRACK": "1", "TURBO_TELEMETRY_DISABLED": "1", "MOON_TELEMETRY": "false",
		"NO_UPDATE_NOTIFIER": "1", "npm_config_update_notifier": "false",
		// make tells its children about itself: it would not be measured as called from a shell.
		"MAKEFLAGS": "", "MFLAGS": "", "MAKELEVEL": "",
	}
}

// override returns an environment in which some variables have other values; an empty value takes the variable out.
func override(environ []string, over map[string]string) (env []string) {
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if _, taken := over[name]; !taken {
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

// measure runs the groups that were asked for. One that cannot be measured is noted: the others have taken their time.
func (b *bench) measure(ctx context.Context) (rows []Row, interrupted error) {
	for _, g := range groups {
		if !b.only.MatchString(g.name) {
			continue
		}
		fmt.Fprintf(b.progress, "%s…\n", g.name)
		measured, err := g.measure(ctx, b)
		if err != nil {
			b.note("%s not measured: %v", g.name, err)
			continue
		}
		rows = append(rows, measured...)
	}
	return rows, ctx.Err()
}

// note is a line below the table.
func (b *bench) note(format string, args ...any) {
	b.said = append(b.said, fmt.Sprintf(format, args...))
}

func (b *bench) notes() string {
	var s strings.Builder
	for _, n := range b.said {
		fmt.Fprintf(&s, "\n- %s", n)
	}
	if s.Len() > 0 {
		s.WriteString("\n")
	}
	return s.String()
}

// system is the line above the table.
func (b *bench) system() string {
	return fmt.Sprintf("%s/%s, %d CPUs, %s, %d runs each, median (min–max)\n",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), b.runs)
}

// removeAll removes a folder, with what a tool has made read-only.
func removeAll(dir string) {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	os.RemoveAll(dir)
}
