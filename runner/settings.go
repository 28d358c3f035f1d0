package runner

import (
	"cmp"
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/userconfig"
	"github.com/davit-dev/davit/plugins/plan"
)

// gitRefs is the name under which a fingerprint has what git says of the commit.
const gitRefs = ".git (commit, branch and tags)"

// gitStaged is the name for what is staged, and for changes that no file of the project shows.
const gitStaged = ".git (what is staged, and changes elsewhere in the repository)"

// addSettings adds the settings outside of the project that a step names, and what git says of the commit for
// a step that asks for it or runs git. A missing file is left out.
func (in *inputReader) addSettings(ctx context.Context) error {
	for _, setting := range settingsOf(in.step, in.f) {
		found, err := in.setting(setting)
		if err != nil {
			return err
		}
		for name, sum := range found {
			in.f.Inputs[name] = sum
		}
		if err := in.followSetting(ctx, setting); err != nil {
			return err
		}
	}
	if !asksGit(in.step, in.f) {
		return nil
	}
	return in.addCommit(ctx)
}

// addCommit adds what git says of the commit, and of changes that no file of the project shows.
func (in *inputReader) addCommit(ctx context.Context) error {
	refs, err := in.files.tree.Refs()
	in.f.Inputs[gitRefs] = refs
	if refs == "" || err != nil {
		return err
	}
	in.f.Inputs[gitStaged], err = in.staged(ctx, refs)
	return err
}

// gitSettings are the settings of git itself.
var gitSettings = []string{
	"~/.gitconfig", "$GIT_CONFIG_GLOBAL", "~/.config/git/config", "~/.config/git/attributes", "~/.config/git/ignore",
	"$XDG_CONFIG_HOME/git/config", "$XDG_CONFIG_HOME/git/attributes", "$XDG_CONFIG_HOME/git/ignore",
	".git/info/exclude", ".git/info/attributes",
}

// settingsOf returns the files outside of the project that count as settings of a step, as its plan names them.
func settingsOf(s Step, f *fingerprint) []string {
	settings := slices.Clone(s.Plan.Settings)
	if asksGit(s, f) {
		settings = append(settings, gitSettings...)
	}
	return slices.DeleteFunc(settings, func(setting string) bool { return setting == plan.SettingGit })
}

// asksGit reports whether a step runs git, or says that it asks git for the version.
func asksGit(s Step, f *fingerprint) bool {
	_, runs := f.Programs["git"]
	return runs || slices.Contains(s.Plan.Settings, plan.SettingGit)
}

// staged returns what is staged, and what has changed elsewhere in the repository. Git is asked again for what is
// staged when its index has changed.
func (in *inputReader) staged(ctx context.Context, refs string) (staged string, err error) {
	elsewhere, err := in.files.tree.Elsewhere(ctx)
	if err != nil {
		return "", err
	}
	state, settled := in.files.tree.IndexState(in.o.Now())
	key := cache.Key("staged", in.o.Project, state, refs)
	if !settled || !in.store.Load(key, &staged) {
		if staged, err = in.files.tree.Staged(ctx); settled && err == nil {
			in.store.Save(key, staged)
		}
	}
	return staged + elsewhere, err
}

// followSetting adds the code that a manifest above the project names, such as the other modules of a go.work.
func (in *inputReader) followSetting(ctx context.Context, setting string) error {
	if !strings.HasPrefix(setting, "../") || !manifests().MatchString(path.Base(setting)) {
		return nil
	}
	for _, file := range in.settingFiles(setting) {
		if err := in.addOutside(ctx, foldersOf(file), in.f.Inputs); err != nil {
			return err
		}
	}
	return nil
}

// setting returns the sums of the files that a setting stands for, by the path that messages show.
func (in *inputReader) setting(setting string) (map[string]string, error) {
	in.view.mu.Lock()
	defer in.view.mu.Unlock()
	if known, ok := in.view.settings[setting]; ok {
		return known, nil
	}
	found := map[string]string{}
	for _, file := range in.settingFiles(setting) {
		full, err := filepath.EvalSymlinks(file)
		if err != nil {
			continue
		}
		if strings.HasSuffix(setting, "/") {
			found[setting+" ("+full+")"] = installedIn(full)
			continue
		}
		sums, err := in.files.outside.sums([]string{full})
		if err != nil {
			return nil, err
		}
		if sum, there := sums[full]; there {
			found[setting+" ("+full+")"] = cmp.Or(countedSum(full, sum), sum.String())
		}
	}
	in.view.settings[setting] = found
	return found, nil
}

// installedIn identifies what is installed in an environment outside of the project, or says why that is not known.
func installedIn(full string) string {
	t, err := tree.Open(filepath.Dir(full))
	if err != nil {
		return err.Error()
	}
	defer t.Close()
	e, err := t.Environment(filepath.Base(full))
	if err != nil {
		return err.Error()
	}
	return e.Record
}

// countedSum identifies a file of settings with credentials by what counts of it. It returns "" for any other
// file, which counts as it is.
func countedSum(file string, sum tree.Sum) string {
	if sum.Kind != tree.KindFile || !userconfig.HoldsCredentials(file) {
		return ""
	}
	text, err := regular.Read(file, regular.Config)
	if err != nil {
		return ""
	}
	counted := userconfig.Counted(file, string(text))
	if counted == string(text) {
		return ""
	}
	return cache.Key("settings", counted)
}

// settingFiles returns the absolute paths that a setting stands for: see plan.Step.Settings.
func (c *Cache) settingFiles(setting string) (files []string) {
	first, rest, _ := strings.Cut(setting, "/")
	rest = filepath.FromSlash(rest)
	switch {
	case first == "..":
		for dir := filepath.Dir(c.o.Project); ; dir = filepath.Dir(dir) {
			files = append(files, filepath.Join(dir, rest))
			if dir == filepath.Dir(dir) {
				return files
			}
		}
	case first == plan.SettingGit:
		return []string{c.files.tree.GitFile(filepath.ToSlash(rest))}
	case first == "~":
		first = c.home()
	default:
		if first = strings.TrimPrefix(first, "$"); strings.HasPrefix(first, "npm_config_") && c.underNPM() {
			return nil // npm sets it
		}
		first = environ.Get(c.o.Env, first)
	}
	if !filepath.IsAbs(first) {
		return nil
	}
	return []string{filepath.Join(first, rest)}
}

func (c *Cache) home() string {
	if home := environ.Get(c.o.Env, "HOME"); home != "" {
		return home
	}
	home, _ := os.UserHomeDir()
	return home
}
