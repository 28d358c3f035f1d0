package buildkit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
)

// limits are what the engine and the project can provide for a definition of an image.
type limits struct {
	caps apicaps.CapSet
	// platforms are those whose commands the engine can run.
	platforms []ocispecs.Platform
	secrets   map[string][]byte
	info      runner.EngineInfo
}

// check refuses a definition that would fail half way: the engine does not know an operation, cannot run the
// commands, or would ask for a secret that is not there.
func (l limits) check(def *pb.Definition) error {
	if err := l.checkCapabilities(def); err != nil {
		return err
	}
	for _, dt := range def.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			return err
		}
		if exec := op.GetExec(); exec != nil {
			if err := l.checkCommand(exec, op.Platform); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkCapabilities refuses operations that the engine does not know.
func (l limits) checkCapabilities(def *pb.Definition) error {
	asked := map[apicaps.CapID]bool{}
	for _, m := range def.Metadata {
		for id := range m.Caps {
			asked[apicaps.CapID(id)] = true
		}
	}
	for _, dt := range def.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			return err
		}
		for _, action := range op.GetFile().GetActions() {
			addImplied(action, asked)
		}
	}
	var missing []string
	for id := range asked {
		if l.caps.Supports(id) != nil {
			missing = append(missing, capabilityName(id))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return fault.Preconditionf("name a newer engine with --engine or BUILDKIT_HOST", "%s is too old for %s",
		engineName(l.info), strings.Join(missing, ", "))
}

// modeStrings stands for modes such as "u=rwX", which have no capability of their own and came with this one.
const modeStrings = pb.CapExecMetaCDI

// addImplied adds the capabilities that copies need and that definitions do not declare. Without them an old
// engine would copy too much, or make files that nobody may read.
func addImplied(action *pb.FileAction, asked map[apicaps.CapID]bool) {
	if action.GetSymlink() != nil {
		asked[pb.CapFileSymlinkCreate] = true
	}
	c := action.GetCopy()
	if c.GetModeStr() != "" {
		asked[modeStrings] = true
	}
	if len(c.GetIncludePatterns())+len(c.GetExcludePatterns()) > 0 {
		asked[pb.CapFileCopyIncludeExcludePatterns] = true
	}
	if len(c.GetRequiredPaths()) > 0 {
		asked[pb.CapFileCopyRequiredPaths] = true
	}
}

// engineName returns the name of an engine for messages.
func engineName(i runner.EngineInfo) string {
	name := "this BuildKit"
	if i.Kind == "docker" {
		name = "this Docker engine"
	}
	if i.Version != "" {
		name += " (" + i.Version + ")"
	}
	return name
}

// capabilityNames are the names of capabilities in the words of a Dockerfile.
var capabilityNames = map[apicaps.CapID]string{
	pb.CapExecSecretEnv:                  "RUN --mount=type=secret,env=…",
	pb.CapExecMetaSecurity:               "RUN --security",
	modeStrings:                          "COPY --chmod=u=…",
	pb.CapFileCopyIncludeExcludePatterns: "COPY --exclude and --parents",
	pb.CapFileCopyRequiredPaths:          "COPY --parents",
	pb.CapFileSymlinkCreate:              "symbolic links",
	pb.CapMergeOp:                        "COPY --link",
	pb.CapSourceHTTPChecksum:             "ADD --checksum",
	pb.CapSourceGitChecksum:              "ADD --checksum of a git repository",
}

// capabilityName returns the name of a capability for messages.
func capabilityName(id apicaps.CapID) string {
	if words, ok := capabilityNames[id]; ok {
		return words
	}
	return fmt.Sprintf("%q", string(id))
}

// checkCommand refuses a command for a platform that the engine cannot run, or without a secret that it
// needs.
func (l limits) checkCommand(exec *pb.ExecOp, on *pb.Platform) error {
	if on != nil && !l.canRun(on) {
		p := platforms.Format(ocispecs.Platform{OS: on.OS, Architecture: on.Architecture,
			Variant: on.Variant})
		return fault.Preconditionf(
			"install emulation (binfmt) on the engine's machine, or name an engine of that platform with --engine",
			"the image needs commands to run on %s, which %s cannot do", p, engineName(l.info))
	}
	for _, id := range required(exec) {
		if _, ok := l.secrets[id]; !ok {
			return fault.Preconditionf(
				fmt.Sprintf("say under [secrets] in project.toml what %q stands for", id),
				"the image needs the secret %q, which the project does not have", id)
		}
	}
	return nil
}

func (l limits) canRun(on *pb.Platform) bool {
	want := platforms.Only(platforms.Normalize(ocispecs.Platform{OS: on.OS, Architecture: on.Architecture,
		Variant: on.Variant}))
	return len(l.platforms) == 0 || slices.ContainsFunc(l.platforms, want.Match)
}

// required returns the secrets without which a command does not run.
func required(exec *pb.ExecOp) (ids []string) {
	for _, m := range exec.Mounts {
		if s := m.SecretOpt; s != nil && !s.Optional {
			ids = append(ids, s.ID)
		}
	}
	for _, s := range exec.Secretenv {
		if !s.Optional {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// materials returns the sources of an image outside of the project as definitions name them:
// "docker-image://…", "git://…", "https://…".
func materials(def *pb.Definition) (all []string) {
	for _, dt := range def.Def {
		var op pb.Op
		if op.UnmarshalVT(dt) != nil || op.GetSource() == nil {
			continue
		}
		if id := op.GetSource().Identifier; !strings.HasPrefix(id, "local://") && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}
