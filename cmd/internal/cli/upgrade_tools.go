package cli

import (
	"context"
	"maps"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/upgrade"
	"github.com/davit-dev/davit/cmd/internal/upgrade/toolpins"
	"github.com/davit-dev/davit/internal/atomicfile"
)

// toolPins returns the versions of tools that the files of a project pin, sorted by file, and the files.
func toolPins(p *app.Project) (pins []toolpins.Pin, texts map[string]string) {
	texts = p.Texts(toolpins.Pins)
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		pins = append(pins, toolpins.Of(file, texts[file])...)
	}
	return pins, texts
}

// upgradeTools proposes to pin the newest release of Go. What is newest of other tools is not looked up.
func upgradeTools(ctx context.Context, c *call, p *app.Project) (*upgrade.Proposal, error) {
	pins, texts := toolPins(p)
	newest := goReleases(ctx, c, p)
	var items []upgrade.Item
	out := &upgrade.Proposal{Dir: p.Root.Dir}
	for _, pin := range pins {
		item := upgrade.Item{Name: pin.File + ": " + pin.Tool, Current: pin.Version, Reason: "davit does not look up its versions"}
		if filepath.Base(pin.File) == "go.mod" {
			item.Newest, item.Reason = newest(pin.Version)
		}
		if item.IsBehind() {
			now := toolpins.SetGo(texts[pin.File], item.Newest)
			out.Changes = append(out.Changes, upgrade.Updates(pin.File, []byte(texts[pin.File]), []byte(now))...)
		}
		items = append(items, item)
	}
	out.Status = upgrade.StatusOf(toolsSubject, items)
	if out.State == upgrade.Behind {
		out.Move = func(context.Context) error { return writeAll(out.Dir, out.Changes) }
	}
	return out, ctx.Err()
}

// goReleases returns a function that returns the newest release of Go, from one that is pinned on, or why it is not known. Go
// is asked once.
func goReleases(ctx context.Context, c *call, p *app.Project) func(pinned string) (newest, reason string) {
	var release string
	var err error
	asked := false
	return func(pinned string) (string, string) {
		if c.options.Offline {
			return "", "it is not looked up with --offline"
		}
		if !asked {
			release, err = toolpins.NewestGo(ctx, p.Root.Dir, c.Environ)
			asked = true
		}
		if err != nil {
			return "", err.Error()
		}
		return toolpins.Newer(pinned, release), ""
	}
}

// writeAll writes files of a folder.
func writeAll(dir string, changes []upgrade.Change) error {
	for _, change := range changes {
		if err := atomicfile.Write(filepath.Join(dir, filepath.FromSlash(change.Path)), change.Now, 0o644); err != nil {
			return err
		}
	}
	return nil
}
