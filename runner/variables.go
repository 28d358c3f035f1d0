package runner

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/userconfig"
)

// UncountedVariables are the variables of the caller that change by themselves, from shell to shell or from
// run to run, and that no key has in it. They are names and globs of names, grouped by what sets them;
// docs/results.md prints them.
var UncountedVariables = []string{
	// shells
	"_", "PWD", "OLDPWD", "SHLVL", "COLUMNS", "LINES", "HISTFILE", "HISTSIZE", "HISTFILESIZE", "HISTCONTROL", "PS1",
	"PS2", "PS4", "PROMPT", "PROMPT_COMMAND", "MAIL",
	// terminals and editors
	"TERM", "TERMCAP", "COLORTERM", "TERM_*", "LS_COLORS", "WINDOW", "WINDOWID", "STY", "TMUX", "TMUX_PANE", "NVIM",
	"VIM", "VIMRUNTIME", "MYVIMRC", "ITERM_*", "LC_TERMINAL*", "KITTY_*", "ALACRITTY_*", "WEZTERM_*", "KONSOLE_*",
	"WT_SESSION", "WT_PROFILE_ID", "GNOME_TERMINAL_*", "VTE_VERSION", "VSCODE_*", "ZED_*", "INSIDE_EMACS", "GIT_ASKPASS",
	// sessions of a desktop, of ssh, of systemd
	"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_SESSION_*", "XDG_SEAT*", "XDG_VTNR", "XDG_RUNTIME_DIR",
	"DBUS_SESSION_BUS_ADDRESS", "SESSION_MANAGER", "DESKTOP_STARTUP_ID", "GPG_TTY", "GPG_AGENT_INFO", "SSH_*",
	"SUDO_*", "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID", "MEMORY_PRESSURE_*", "SECURITYSESSIONID",
	"__CF_USER_TEXT_ENCODING", "__CFBundleIdentifier", "XPC_*", "Apple_PubSub_Socket_Render",
	// make's jobserver
	"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKE_TERMERR", "MAKE_TERMOUT",
	// the numbers, addresses and files of a run in a CI system; not the commit nor the branch
	"GITHUB_RUN_*", "GITHUB_ACTION", "GITHUB_ACTION_*", "GITHUB_JOB", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT",
	"GITHUB_STATE", "GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH", "GITHUB_RETENTION_DAYS", "RUNNER_*", "ACTIONS_*",
	"CI_JOB_ID", "CI_JOB_URL", "CI_JOB_STARTED_AT", "CI_JOB_TIMEOUT", "CI_PIPELINE_ID", "CI_PIPELINE_IID",
	"CI_PIPELINE_URL", "CI_PIPELINE_CREATED_AT", "CI_RUNNER_*", "CI_CONCURRENT_*", "BUILD_NUMBER", "BUILD_ID",
	"BUILD_TAG", "BUILD_URL", "EXECUTOR_NUMBER", "JENKINS_*", "HUDSON_*", "CIRCLE_BUILD_NUM", "CIRCLE_BUILD_URL",
	"CIRCLE_WORKFLOW_*", "CIRCLE_JOB*", "CIRCLE_NODE_INDEX", "BUILDKITE_BUILD_*", "BUILDKITE_JOB_*", "BUILDKITE_AGENT_*",
	"TRAVIS_BUILD_*", "TRAVIS_JOB_*", "SEMAPHORE_JOB_*", "SEMAPHORE_WORKFLOW_*", "SYSTEM_JOBID", "BUILD_BUILD*",
	// davit
	"DAVIT_CACHE", "DAVIT_RUNNING", "DAVIT_HANDED_OVER_BY",
}

// npmVariables are the variables that npm sets for the scripts that it runs, and that do not count there.
var npmVariables = []string{"npm_*", "INIT_CWD", "NODE", "COLOR", "EDITOR"}

// Credentials are globs of the names of variables that count as set or unset only, since their values change
// without changing a result.
var Credentials = []string{"*TOKEN", "*SECRET", "*PASSWORD", "*PASSWD", "*PASSPHRASE", "*CREDENTIALS", "*_API_KEY",
	"*_ACCESS_KEY", "*_ACCESS_KEY_ID", "*_PRIVATE_KEY", "*_SECRET_KEY", "PGPASSWORD", "MYSQL_PWD"}

// StrictVariables are the variables that steps get besides their own where project.toml says env = "strict".
var StrictVariables = []string{"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR",
	"TEMP", "TMP", "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "CI", "SSH_AUTH_SOCK", "SYSTEMROOT", "SYSTEMDRIVE",
	"COMSPEC", "PATHEXT", "WINDIR", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "PROGRAMDATA", "PROGRAMFILES",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}

// names are names and globs of names, which begin or end with "*", in a form that is compared quickly.
type names struct {
	exact            map[string]bool
	prefix, suffixes []string
}

func namesOf(globs []string) names {
	n := names{exact: map[string]bool{}}
	for _, glob := range globs {
		if prefix, ok := strings.CutSuffix(glob, "*"); ok {
			n.prefix = append(n.prefix, prefix)
		} else if suffix, ok := strings.CutPrefix(glob, "*"); ok {
			n.suffixes = append(n.suffixes, suffix)
		} else {
			n.exact[glob] = true
		}
	}
	return n
}

func (n names) has(name string) bool {
	return n.exact[name] ||
		slices.ContainsFunc(n.prefix, func(p string) bool { return strings.HasPrefix(name, p) }) ||
		slices.ContainsFunc(n.suffixes, func(s string) bool { return strings.HasSuffix(name, s) })
}

var (
	uncounted   = sync.OnceValue(func() names { return namesOf(UncountedVariables) })
	npmNames    = sync.OnceValue(func() names { return namesOf(npmVariables) })
	credentials = sync.OnceValue(func() names { return namesOf(Credentials) })
	strictNames = sync.OnceValue(func() names { return namesOf(StrictVariables) })
)

// Strict returns those of the caller's variables that a step gets where project.toml says env = "strict": a few
// that programs need, those that the step declares, and those that say where its packages come from.
func Strict(env []string, s Step) []string {
	managers := s.PackageManagers()
	return slices.DeleteFunc(slices.Clone(env), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return !strictNames().has(name) && !slices.Contains(s.Plan.PassEnv, name) && !userconfig.Reads(managers, name)
	})
}

// callerVariables returns what the key of a step on the host has of the caller's variables, by name: those
// that the step does not declare.
func (c *Cache) callerVariables(s Step) map[string]string {
	counted, managers := map[string]string{}, s.PackageManagers()
	for name, value := range c.caller() {
		_, own := s.Plan.Env[name]
		passed := !c.o.Strict || strictNames().has(name) || userconfig.Reads(managers, name)
		if !own && !slices.Contains(s.Plan.PassEnv, name) && passed {
			counted[name] = value
		}
	}
	return counted
}

// countVariables returns what keys have of the caller's variables. Values may be secrets and easy to guess, so
// they are hashed with a secret of this store's own.
func (c *Cache) countVariables() map[string]string {
	counted, keyed, env := map[string]string{}, hmac.New(sha256.New, c.store.Secret()), environ.Join(c.o.Env)
	npm := c.underNPM()
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		if npm && name == "PATH" {
			value = withoutNPM(value)
		}
		if !uncounted().has(name) && !(npm && npmNames().has(name)) {
			counted[name] = countedValue(name, value, keyed)
		}
		if name == "PATH" {
			counted["PATH (a program in one of its folders)"] = strings.Join(pathStates(value, c.o.Project), " ")
		}
	}
	return counted
}

// underNPM reports whether a script of npm runs davit.
func (c *Cache) underNPM() bool { return environ.Get(c.o.Env, "npm_execpath") != "" }

// withoutNPM returns a PATH without the folders that npm puts in front of it for scripts.
func withoutNPM(value string) string {
	folders := slices.DeleteFunc(filepath.SplitList(value), func(dir string) bool {
		return strings.HasSuffix(filepath.ToSlash(dir), "node_modules/.bin") || filepath.Base(dir) == "node-gyp-bin"
	})
	return strings.Join(folders, string(filepath.ListSeparator))
}

func countedValue(name, value string, keyed hash.Hash) string {
	switch {
	case IsCredential(name):
		return "set"
	case name == "PATH":
		value = strings.Join(pathFolders(value), string(filepath.ListSeparator))
	default:
		value = userconfig.WithoutUser(value)
	}
	keyed.Reset()
	io.WriteString(keyed, name+"="+value) // cannot fail
	return hex.EncodeToString(keyed.Sum(nil))[:32]
}

// updatedFolders are those of PATH that change with every update of the system.
var updatedFolders = []string{"/bin", "/sbin", "/usr/bin", "/usr/sbin"}

// pathFolders returns the folders of PATH that exist, each once, without links.
func pathFolders(value string) (folders []string) {
	for _, dir := range filepath.SplitList(value) {
		full, err := filepath.EvalSymlinks(dir)
		if err == nil && !slices.Contains(folders, full) {
			folders = append(folders, full)
		}
	}
	return folders
}

// pathStates returns what identifies the programs in the folders of PATH that belong neither to the system nor
// to the project.
func pathStates(value, project string) (states []string) {
	for _, dir := range pathFolders(value) {
		info, err := os.Stat(dir)
		if err != nil || slices.Contains(updatedFolders, dir) || dir == project ||
			strings.HasPrefix(dir, project+string(filepath.Separator)) {
			continue
		}
		states = append(states, programsIn(dir, info))
	}
	return states
}

// maxPrograms is the number of files up to which a folder of PATH counts by them, and not by its own time.
const maxPrograms = 500

// programsIn identifies the programs of a folder by their names, sizes and times. The time of the folder says
// less: managers of versions, such as pyenv, make and remove a file there in each new shell.
func programsIn(dir string, info fs.FileInfo) string {
	found, err := readSome(dir, maxPrograms+1)
	if err != nil || len(found) > maxPrograms {
		return strconv.FormatInt(info.ModTime().UnixNano(), 36)
	}
	states := map[string]string{}
	for _, e := range found {
		if info, err := e.Info(); err == nil && !strings.HasPrefix(e.Name(), ".") {
			states[e.Name()] = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		}
	}
	return digest(states)
}

// readSome returns at most so many of the entries of a folder.
func readSome(dir string, limit int) ([]fs.DirEntry, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found, err := f.ReadDir(limit)
	if errors.Is(err, io.EOF) { // it is empty
		err = nil
	}
	return found, err
}
