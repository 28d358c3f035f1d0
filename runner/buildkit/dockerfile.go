package buildkit

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/builder"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins/plan"
)

// The names of the folders that the frontend of Dockerfiles asks for.
const (
	contextFolder    = "context"
	dockerfileFolder = "dockerfile"
	namedFolder      = "context-" // followed by the name
)

// dockerImage is the prefix of a named context that is an image.
const dockerImage = "docker-image://"

// buildDockerfile is the frontend of Dockerfiles that is linked into davit. It runs in davit, so that an old
// engine gets today's syntax as a definition, and no image of a frontend is fetched.
func buildDockerfile(ctx context.Context, g gateway.Client) (*gateway.Result, error) {
	return builder.Build(ctx, g)
}

// dockerfileAttrs returns the options of the frontend.
func dockerfileAttrs(image plan.Image, text []byte) map[string]string {
	attrs := map[string]string{
		"filename":           path.Base(image.Dockerfile),
		"image-resolve-mode": "local",
	}
	if image.Target != "" {
		attrs["target"] = image.Target
	}
	for name, value := range image.Args {
		attrs["build-arg:"+name] = value
	}
	for name, where := range image.Contexts {
		if !strings.HasPrefix(where, dockerImage) {
			where = "local:" + namedFolder + name
		}
		attrs["context:"+name] = where
	}
	if frontend := externalFrontend(image, text); frontend == "" {
		attrs["cmdline"] = "docker/dockerfile" // the frontend then asks for no other
		delete(attrs, "build-arg:BUILDKIT_SYNTAX")
	}
	return attrs
}

// externalFrontend returns the image of the frontend that a Dockerfile asks for, or "" if it is the official
// one.
func externalFrontend(image plan.Image, text []byte) string {
	asked, ok := image.Args["BUILDKIT_SYNTAX"]
	if !ok {
		asked, _, _, ok = parser.DetectSyntax(text)
	}
	words := strings.Fields(asked)
	if !ok || len(words) == 0 {
		return ""
	}
	named, err := reference.ParseNormalizedNamed(words[0])
	if err == nil && (named.Name() == "docker.io/docker/dockerfile" ||
		named.Name() == "docker.io/docker/dockerfile-upstream") {
		return ""
	}
	return words[0]
}

// dockerfileFolders returns the folders on the disk that the engine may ask for while it builds a Dockerfile.
func dockerfileFolders(root string, image plan.Image) (map[string]fsutil.FS, error) {
	dirs := map[string]string{contextFolder: image.Context, dockerfileFolder: path.Dir(image.Dockerfile)}
	for name, where := range image.Contexts {
		if !strings.HasPrefix(where, dockerImage) {
			dirs[namedFolder+name] = where
		}
	}
	folders := map[string]fsutil.FS{}
	for name, dir := range dirs {
		at := filepath.Join(root, filepath.FromSlash(dir))
		if info, err := os.Stat(at); err != nil || !info.IsDir() {
			return nil, fault.Preconditionf("", "%q, which %q builds from, is not a folder",
				path.Clean("./"+dir), image.Dockerfile)
		}
		files, err := fsutil.NewFS(at)
		if err == nil {
			files, err = fsutil.NewFilterFS(files, &fsutil.FilterOpt{Map: normalizeStat})
		}
		if err != nil {
			return nil, err
		}
		folders[name] = files
	}
	return folders, nil
}

// normalizeStat removes what depends on who checked out the file: owner, group, and all of the mode but the
// executable bit, which is what git keeps. Any other bit depends on a umask, or on the folder above.
func normalizeStat(_ string, s *types.Stat) fsutil.MapResult {
	s.Uid, s.Gid = 0, 0
	mode := fs.FileMode(s.Mode)
	s.Mode = uint32(mode.Type() | normalPerm(mode))
	return fsutil.MapResultKeep
}
