package buildkit

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/tonistiigi/fsutil/types"
	"golang.org/x/sync/errgroup"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/buildkit/llb"
)

// chunk is how many bytes of a file are requested at once: less than the limit of a message.
const chunk = 4 << 20

// export writes the outputs of a step into the project.
func (r *Runner) export(
	ctx context.Context, n *llb.Node, after gateway.Reference, emit func(ui.Event),
) error {
	defer r.o.Files.Changed()
	e := newExporter(ctx, after, r.root, n.Step.Reserved)
	e.writer.declared = append(r.exportPaths(n), writtenReports(ctx, after, n.Step.Plan)...)
	for _, name := range e.writer.declared {
		stat, err := after.StatFile(ctx, gateway.StatRequest{Path: name})
		switch {
		case isNotExist(err) && n.Step.Optional(name):
		case isNotExist(err):
			emit(ui.Event{Type: ui.EventWarning,
				Text: fmt.Sprintf("it succeeded without making %q, which its plan says it makes", name)})
		case err != nil:
			return err
		default:
			e.add(name, stat)
		}
	}
	return e.wait()
}

// exportPaths returns the paths to copy from a step to the project.
func (r *Runner) exportPaths(n *llb.Node) []string {
	names := llb.Outputs(n.Step)
	if n.Step.Report != "" {
		for _, report := range n.Step.Plan.Reports {
			if report.Path != "" && !strings.ContainsAny(report.Path, "*?[") {
				names = append(names, report.Path)
			}
		}
	}
	return names
}

// report writes the report of a step to its file, and returns the exit code of its command.
func (r *Runner) report(ctx context.Context, n *llb.Node, emit func(ui.Event)) (int, error) {
	ref, err := r.solve(ctx, n.Report, n)
	if err != nil {
		return 0, err
	}
	text, err := ref.ReadFile(ctx, gateway.ReadRequest{Filename: llb.Exit})
	if err != nil {
		return 0, err
	}
	code, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, err
	}
	stat, err := ref.StatFile(ctx, gateway.StatRequest{Path: llb.Raw})
	if isNotExist(err) {
		return code, nil // the caller warns that there is none
	}
	if err != nil {
		return code, err
	}
	data, err := readAll(ctx, ref, llb.Raw, stat.Size)
	if err != nil {
		return code, err
	}
	return code, os.WriteFile(n.Step.Report, data, 0o666)
}

// isNotExist reports whether an error of the engine says that a file does not exist.
func isNotExist(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "no such file or directory") ||
		strings.Contains(err.Error(), "not a directory"))
}

// An exporter writes files of a folder of the engine into the project, several at once. No path leads out of
// the project, whatever links the step made.
type exporter struct {
	ctx    context.Context
	ref    gateway.Reference
	root   *os.Root
	writer *outputWriter
	*places
	*errgroup.Group
}

func newExporter(ctx context.Context, ref gateway.Reference, root *os.Root, reserved *runner.Reserved) *exporter {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	return &exporter{ctx: ctx, ref: ref, root: root, writer: &outputWriter{root: root}, Group: g,
		places: &places{project: root.Name(), reserved: reserved}}
}

func (e *exporter) wait() error { return e.Wait() }

// add writes a file, or a folder with all its contents.
func (e *exporter) add(name string, stat *types.Stat) {
	refused := e.refused(name)
	declared := slices.Contains(e.writer.declared, path.Clean(name))
	switch mode := fs.FileMode(stat.Mode); {
	case refused != nil:
		e.Go(func() error { return refused })
	case mode.IsDir():
		e.addFolder(name)
	case mode&fs.ModeSymlink != 0 && declared:
		e.Go(func() error {
			return fault.Preconditionf("", "its output %q is a link to %q, and not a file or a folder", name, stat.Linkname)
		})
	case mode&fs.ModeSymlink != 0:
		e.Go(func() error { return e.writeLink(name, stat.Linkname) })
	case mode.IsRegular():
		e.Go(func() error { return e.writeFile(name, stat) })
	default:
		e.Go(func() error {
			return fault.Preconditionf("", "its output %q is a device, a FIFO or a socket, which davit does not make", name)
		})
	}
}

func (e *exporter) addFolder(name string) {
	if err := e.writer.makeFolder(filepath.FromSlash(name)); err != nil {
		e.Go(func() error { return err })
		return
	}
	entries, err := e.ref.ReadDir(e.ctx, gateway.ReadDirRequest{Path: name})
	if err != nil {
		e.Go(func() error { return err })
	}
	for _, entry := range entries {
		if e.ctx.Err() != nil {
			e.Go(e.ctx.Err)
			return
		}
		e.add(path.Join(name, path.Base(entry.Path)), entry)
	}
}

func (e *exporter) writeLink(name, target string) error {
	local := filepath.FromSlash(name)
	if now, err := e.root.Readlink(local); err == nil && now == target {
		return nil
	}
	if err := e.writer.makeFolder(filepath.Dir(local)); err != nil {
		return err
	}
	if err := e.writer.removeExisting(local); err != nil {
		return err
	}
	return e.root.Symlink(target, local)
}

// writeFile writes a temporary file and renames it, so that nobody sees half a file.
func (e *exporter) writeFile(name string, stat *types.Stat) error {
	if err := e.ctx.Err(); err != nil {
		return err
	}
	local := filepath.FromSlash(name)
	if e.upToDate(local, stat) {
		return nil
	}
	if err := e.writer.makeFolder(filepath.Dir(local)); err != nil {
		return err
	}
	temporary := temporaryPath(local)
	f, err := e.root.OpenFile(temporary, os.O_CREATE|os.O_WRONLY|os.O_TRUNC,
		0o666|fs.FileMode(stat.Mode)&0o111)
	if err != nil {
		return err
	}
	defer e.root.Remove(temporary) // unless it was renamed
	err = e.copyContent(f, name, stat.Size)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = e.root.Chtimes(temporary, time.Time{}, time.Unix(0, stat.ModTime))
	}
	if err != nil {
		return err
	}
	return e.writer.rename(temporary, local)
}

// upToDate reports whether an earlier run has written the file: it has the same size, mode and time. A time
// of whole seconds is not enough, since archives give the same one to many files.
func (e *exporter) upToDate(local string, stat *types.Stat) bool {
	info, err := e.root.Lstat(local)
	return err == nil && info.Mode().IsRegular() && info.Size() == stat.Size &&
		info.Mode()&0o111 == fs.FileMode(stat.Mode)&0o111 &&
		info.ModTime().UnixNano() == stat.ModTime && stat.ModTime%int64(time.Second) != 0
}

func (e *exporter) copyContent(f *os.File, name string, size int64) error {
	for at := int64(0); at < size; {
		data, err := e.ref.ReadFile(e.ctx, gateway.ReadRequest{Filename: name,
			Range: &gateway.FileRange{Offset: int(at), Length: chunk}})
		if err != nil {
			return err
		}
		if len(data) == 0 {
			return fmt.Errorf("%q ended early", name)
		}
		if _, err := f.Write(data); err != nil {
			return err
		}
		at += int64(len(data))
	}
	return nil
}

// readAll returns the content of a file.
func readAll(ctx context.Context, ref gateway.Reference, name string, size int64) ([]byte, error) {
	var all []byte
	for int64(len(all)) < size {
		data, err := ref.ReadFile(ctx, gateway.ReadRequest{Filename: name,
			Range: &gateway.FileRange{Offset: len(all), Length: chunk}})
		if err != nil || len(data) == 0 {
			return all, err
		}
		all = append(all, data...)
	}
	return all, nil
}
