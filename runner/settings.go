package runner

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/plugins/plan"
)

// addSettings adds the settings outside of the project that a step names, and what git says of the commit for
// a step that asks for it or runs git. A missing file is left out.
func (in *inputReader) addSettings(ctx context.Context) error {
	for _, setting := range in.step.Plan.Settings {
		if setting == plan.SettingGit {
			continue
		}
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
	_, script := in.f.Programs["git"]
	if !script && !slices.Contains(in.step.Plan.Settings, plan.SettingGit) {
		return nil
	}
	return in.addCommit(ctx)
}

// addCommit adds what git says of the commit, and of changes that no file of the project shows.
func (in *inputReader) addCommit(ctx context.Context) error {
	refs, err := in.files.tree.Refs()
	in.f.Inputs[".git (commit, branch and tags)"] = refs
	if refs == "" || err != nil {
		return err
	}
	staged, err := in.files.tree.Staged(ctx)
	in.f.Inputs[".git (what is staged, and changes elsewhere in the repository)"] = staged
	return err
}

// followSetting adds the code that a manifest above the project names, such as the other modules of a go.work.
func (in *inputReader) followSetting(ctx context.Context, setting string) error {
	if !strings.HasPrefix(setting, "../") || !manifests.MatchString(path.Base(setting)) {
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
func (c *Cache) setting(setting string) (map[string]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.settings[setting]; ok {
		return known, nil
	}
	found := map[string]string{}
	for _, file := range c.settingFiles(setting) {
		full, err := filepath.EvalSymlinks(file)
		if err != nil {
			continue
		}
		sums, err := c.files.outside.sums([]string{full})
		if err != nil {
			return nil, err
		}
		if sum, there := sums[full]; there {
			found[setting+" ("+full+")"] = sum.String()
		}
	}
	c.settings[setting] = found
	return found, nil
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
	case first == "~":
		first = c.home()
	default:
		first = environ.Get(c.o.Env, strings.TrimPrefix(first, "$"))
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
