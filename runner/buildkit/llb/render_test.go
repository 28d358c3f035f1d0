package llb

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
)

// render returns a marshalled definition as text: an operation a line, with its inputs by number.
func render(t *testing.T, state llb.State) string {
	t.Helper()
	definition, err := state.Marshal(t.Context(), llb.LinuxAmd64)
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[digest.Digest]int{}
	var b strings.Builder
	for i, data := range definition.Def {
		var op pb.Op
		if err := op.UnmarshalVT(data); err != nil {
			t.Fatal(err)
		}
		of := digest.FromBytes(data)
		numbers[of] = i
		if op.Op == nil {
			fmt.Fprintf(&b, "%d is the result\n", numbers[digest.Digest(op.Inputs[0].Digest)])
			continue
		}
		fmt.Fprintf(&b, "%d %s\n", i, operation(&op, numbers))
	}
	return b.String()
}

func operation(op *pb.Op, numbers map[digest.Digest]int) string {
	input := func(i int64) string {
		if i < 0 {
			return "nothing"
		}
		in := op.Inputs[i]
		return fmt.Sprintf("%d.%d", numbers[digest.Digest(in.Digest)], in.Index)
	}
	switch o := op.Op.(type) {
	case *pb.Op_Source:
		return "source " + o.Source.Identifier + attributes(o.Source.Attrs) + " " + platform(op.Platform)
	case *pb.Op_File:
		text := "file"
		for _, a := range o.File.Actions {
			c := a.GetCopy()
			text += fmt.Sprintf("\n    copy %s:%s to %s:%s%s", place(op, a.SecondaryInput, input), c.Src,
				place(op, a.Input, input), c.Dest, optional(c.AllowEmptyWildcard, " if there"))
		}
		return text
	case *pb.Op_Exec:
		return "exec " + command(o.Exec, input) + "\n    on " + platform(op.Platform)
	}
	return fmt.Sprintf("%T", op.Op)
}

// place returns an input, or the result of an earlier action of the same operation.
func place(op *pb.Op, i int64, input func(int64) string) string {
	if i >= int64(len(op.Inputs)) {
		return "above"
	}
	return input(i)
}

func command(e *pb.ExecOp, input func(int64) string) string {
	text := fmt.Sprintf("%q in %s", e.Meta.Args, e.Meta.Cwd)
	for _, v := range e.Meta.Env {
		text += "\n    env " + v
	}
	if e.Meta.ProxyEnv != nil {
		text += "\n    proxy " + e.Meta.ProxyEnv.HttpProxy
	}
	for _, v := range e.Secretenv {
		text += fmt.Sprintf("\n    secret %s as $%s", v.ID, v.Name)
	}
	for _, m := range e.Mounts {
		text += "\n    mount " + cmp.Or(m.Dest, "/")
		switch m.MountType {
		case pb.MountType_CACHE:
			text += " cache " + m.CacheOpt.ID
		case pb.MountType_SECRET:
			text += " secret " + m.SecretOpt.ID
		case pb.MountType_SSH:
			text += " ssh " + m.SSHOpt.ID
		default:
			text += " from " + input(m.Input) + optional(m.Output >= 0, fmt.Sprintf(" as .%d", m.Output))
		}
	}
	return text
}

func attributes(attrs map[string]string) (text string) {
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		text += fmt.Sprintf(" %s=%s", name, attrs[name])
	}
	return text
}

func platform(p *pb.Platform) string {
	if p == nil {
		return "any"
	}
	return p.OS + "/" + p.Architecture
}

func optional(when bool, text string) string {
	if when {
		return text
	}
	return ""
}
