package buildkit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// imageVersion changes when davit makes another image from the same inputs.
const imageVersion = "1"

// ImageInputs returns what the image of a Dockerfile is made from, or nil where that is not known: an
// external frontend reads the file, or it adds files from elsewhere. It also returns nil for an image that
// goes to a folder or to a registry, whose result is not kept.
func (r *Runner) ImageInputs(ctx context.Context, s runner.Step) (*runner.ImageInputs, error) {
	image := *s.Plan.Image
	if image.Dockerfile == "" || r.o.Image.Output != "" || r.isPushed(s.ID) || r.conn.Loader(ctx) == nil {
		return nil, nil
	}
	text, err := readDockerfile(r.o.Root, image)
	if err != nil || externalFrontend(image, text) != "" || addsRemote(text) {
		return nil, err
	}
	properties, err := r.imageProperties(ctx, s, text)
	if err != nil {
		return nil, err
	}
	c := &folderDigest{files: []string{image.Dockerfile}, sum: sha256.New()}
	for _, name := range contextNames(image) {
		if err := c.addFolder(ctx, r.o.Root, image, name); err != nil {
			return nil, err
		}
	}
	properties["folders"] = hex.EncodeToString(c.sum.Sum(nil))
	slices.Sort(c.files)
	return &runner.ImageInputs{Files: slices.Compact(c.files), Properties: properties}, nil
}

// Stored returns the id of the image that has all names of a step's image in the Docker engine, or "".
func (r *Runner) Stored(ctx context.Context, s runner.Step) (id string) {
	d := r.conn.Loader(ctx)
	if d == nil {
		return ""
	}
	for _, name := range localNames(r.optionsFor(s)) {
		i, err := d.ImageInspect(ctx, name)
		if err != nil || id != "" && id != i.ID {
			return ""
		}
		id = i.ID
	}
	return id
}

// imageProperties returns everything that an image depends on besides the files of its folders.
func (r *Runner) imageProperties(ctx context.Context, s runner.Step, text []byte) (map[string]string, error) {
	o := r.optionsFor(s)
	properties := map[string]string{
		"version": imageVersion, "engine": r.conn.Info.Address, "names": strings.Join(localNames(o), " "),
		"time":      epoch(o.Image.Commit),
		"platforms": strings.Join(r.platforms(), " "), "labels": jsonOf(annotations(o)),
		"recipe": jsonOf(s.Plan.Image), "scanner": o.Image.Scanner,
	}
	for id := range r.o.Secrets {
		properties["secret "+id] = "set"
	}
	all, err := bases(text, *s.Plan.Image, r.platform())
	for _, u := range all {
		if properties["base "+u.ref], err = r.baseDigest(ctx, u.ref); err != nil {
			return nil, err
		}
	}
	return properties, err
}

// baseDigest returns the pinned reference of an image or, without a pin, the id of the image that has that
// name in the store. A base that only BuildKit has pulled stays the same until a build with --force, as with
// "docker compose up".
func (r *Runner) baseDigest(ctx context.Context, ref string) (string, error) {
	pinned, err := r.pins().pinned(ref)
	if err != nil || pinned != ref {
		return pinned, err
	}
	i, err := r.conn.Loader(ctx).ImageInspect(ctx, ref)
	if err != nil {
		return "", ctx.Err()
	}
	return i.ID, nil
}

func jsonOf(v any) string {
	text, _ := json.Marshal(v) // strings and numbers always marshal
	return string(text)
}

// addsRemote reports whether a Dockerfile adds files from outside of the project, which may be others the
// next time.
func addsRemote(text []byte) bool {
	file, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return true
	}
	stages, _, err := instructions.Parse(file.AST, nil)
	for _, stage := range stages {
		for _, command := range stage.Commands {
			if add, is := command.(*instructions.AddCommand); is &&
				slices.ContainsFunc(add.SourcePaths, isRemote) {
				return true
			}
		}
	}
	return err != nil
}

func isRemote(source string) bool {
	return strings.Contains(source, "://") || strings.Contains(source, "$") ||
		strings.HasPrefix(source, "git@")
}

// A folderDigest sums up the folders that an image is made from.
type folderDigest struct {
	files []string // of the project
	sum   hash.Hash
}

// contextNames returns the names of the folders of a build: the context, and the named ones.
func contextNames(image plan.Image) []string {
	names := []string{contextFolder}
	for name, where := range image.Contexts {
		if !strings.HasPrefix(where, dockerImage) {
			names = append(names, namedFolder+name)
		}
	}
	slices.Sort(names)
	return names
}

// addFolder adds a folder as the engine would receive it: without ignored files, owners and umask.
func (c *folderDigest) addFolder(ctx context.Context, root string, image plan.Image, name string) error {
	dir, ignored := image.Context, image.Dockerfile+ignoreFile
	if named, is := strings.CutPrefix(name, namedFolder); is {
		dir, ignored = image.Contexts[named], ""
	}
	excludes, err := ignorePatterns(root, ignored, path.Join(dir, ignoreFile))
	if err != nil {
		return err
	}
	all, err := dockerfileFolders(root, image)
	if err != nil {
		return err
	}
	files, err := fsutil.NewFilterFS(all[name], &fsutil.FilterOpt{ExcludePatterns: excludes})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.sum, "%s\x00%s\n", name, dir)
	return files.Walk(ctx, "", func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return c.addEntry(path.Join(dir, filepath.ToSlash(at)), d)
	})
}

// addEntry adds one file or folder. The contents of files are hashed by the caller of ImageInputs.
func (c *folderDigest) addEntry(name string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	s, ok := info.Sys().(*types.Stat)
	if !ok {
		return fmt.Errorf("%q has a type that an image cannot contain", name)
	}
	fmt.Fprintf(c.sum, "%q %o %q %d:%d %q\n", name, s.Mode, s.Linkname, s.Devmajor, s.Devminor, s.Xattrs)
	if info.Mode().IsRegular() {
		c.files = append(c.files, name)
	}
	return nil
}

const ignoreFile = ".dockerignore"

// ignorePatterns returns the patterns of the first file that exists.
func ignorePatterns(root string, files ...string) ([]string, error) {
	for _, name := range files {
		if name == "" {
			continue
		}
		text, err := regular.ReadInside(root, name, regular.Config)
		if err == nil {
			return ignorefile.ReadAll(bytes.NewReader(text))
		}
		if _, odd := errors.AsType[*regular.Error](err); odd {
			return nil, err
		}
	}
	return nil, nil
}
