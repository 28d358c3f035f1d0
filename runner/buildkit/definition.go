package buildkit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/runner"
)

// refuse says what cannot be done before anything is, with the next thing to do.
func refuse(next, format string, args ...any) error {
	return &Refusal{Reason: fmt.Sprintf(format, args...), Next: next}
}

// limits are what a definition of an image is held against before the engine has it.
type limits struct {
	caps apicaps.CapSet
	// runs are the platforms that the engine runs commands of.
	runs    []ocispecs.Platform
	secrets map[string][]byte
	info    runner.EngineInfo
}

// check refuses a definition that would fail half way: the engine does not know what it asks for, cannot run its commands, or would
// ask for a secret that is not there.
func (l limits) check(def *pb.Definition) error {
	if err := l.understands(def); err != nil {
		return err
	}
	for _, dt := range def.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			return err
		}
		if exec := op.GetExec(); exec != nil {
			if err := l.executes(exec, op.Platform); err != nil {
				return err
			}
		}
	}
	return nil
}

// understands refuses what the engine has not heard of.
func (l limits) understands(def *pb.Definition) error {
	missing := map[string]bool{}
	for _, m := range def.Metadata {
		for id := range m.Caps {
			if l.caps.Supports(apicaps.CapID(id)) != nil {
				missing[inDockerfile(id)] = true
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return refuse("name a newer engine with --engine or BUILDKIT_HOST", "%s is too old for %s", engineName(l.info),
		strings.Join(slices.Sorted(maps.Keys(missing)), ", "))
}

// engineName is an engine for a reader.
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

// dockerfileWords are what abilities of BuildKit are called in a Dockerfile.
var dockerfileWords = map[string]string{
	string(pb.CapExecSecretEnv):                     "RUN --mount=type=secret,env=…",
	string(pb.CapExecValidExitCode):                 "commands that may fail",
	string(pb.CapExecMetaSecurityDeviceWhitelistV1): "RUN --security",
	string(pb.CapExecMetaCDI):                       "RUN --device",
	string(pb.CapExecMetaUlimit):                    "ulimits",
	string(pb.CapFileCopyIncludeExcludePatterns):    "COPY --exclude and --parents",
	string(pb.CapFileCopyRequiredPaths):             "COPY --parents",
	string(pb.CapFileCopyModeStringFormat):          "COPY --chmod=u=…",
	string(pb.CapFileSymlinkCreate):                 "symbolic links from here-documents",
	string(pb.CapMergeOp):                           "COPY --link",
	string(pb.CapDiffOp):                            "differences of file systems",
	string(pb.CapSourceHTTPChecksum):                "ADD --checksum",
	string(pb.CapSourceGitChecksum):                 "ADD --checksum of a git repository",
}

// inDockerfile is an ability for a reader.
func inDockerfile(id string) string {
	if words, ok := dockerfileWords[id]; ok {
		return fmt.Sprintf("%s (%s)", words, id)
	}
	return id
}

// executes refuses a command that has no machine, or lacks a secret.
func (l limits) executes(exec *pb.ExecOp, on *pb.Platform) error {
	if on != nil && !l.canRun(on) {
		p := platforms.Format(ocispecs.Platform{OS: on.OS, Architecture: on.Architecture, Variant: on.Variant})
		return refuse("install emulation (binfmt) on the engine's machine, or name an engine of that platform with --engine",
			"the image needs commands to run on %s, which %s cannot do", p, engineName(l.info))
	}
	for _, id := range required(exec) {
		if _, ok := l.secrets[id]; !ok {
			return refuse(fmt.Sprintf("say under [secrets] in project.toml what %q stands for", id), "the image needs the secret %q, which the project does not have", id)
		}
	}
	return nil
}

func (l limits) canRun(on *pb.Platform) bool {
	want := platforms.Only(platforms.Normalize(ocispecs.Platform{OS: on.OS, Architecture: on.Architecture, Variant: on.Variant}))
	return len(l.runs) == 0 || slices.ContainsFunc(l.runs, want.Match)
}

// required are the secrets that a command does not run without.
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

// materials are what an image is made from besides the project, as definitions name it: "docker-image://…", "git://…", "https://…".
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
