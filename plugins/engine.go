package plugins

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// memoryPages is the limit of a plugin's memory: 256 MiB.
const memoryPages = 256 << 20 >> 16

// An engine holds one module that can be instantiated.
type engine struct {
	module *Module

	mu      sync.Mutex // held while the module is prepared
	loaded  *loaded
	compile bool // the interpreter is too slow, or its stack too small
}

// A loaded is a module in a runtime of its own.
type loaded struct {
	from    string
	runtime wazero.Runtime
	code    wazero.CompiledModule
	cache   wazero.CompilationCache // nil without one
	before  *loaded                 // what it replaced; nil if nothing
}

func (l *loaded) close(ctx context.Context) {
	if l == nil {
		return
	}
	l.runtime.Close(ctx)
	if l.cache != nil {
		l.cache.Close(ctx)
	}
	l.before.close(ctx)
}

func (e *engine) close(ctx context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.loaded.close(ctx)
	e.loaded = nil
}

// engine returns the engine of a module. Each module has one.
func (h *Host) engine(m *Module) *engine {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.engines[m.Digest]
	if e == nil {
		e = &engine{module: m}
		h.engines[m.Digest] = e
	}
	return e
}

// prepare loads a module: from the compiled form in the cache or, without it, for the interpreter. The
// interpreter is ready ten times sooner than the compiler, and its answers take longer by much less than
// that.
func (h *Host) prepare(ctx context.Context, e *engine) (*loaded, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.loaded != nil && (!e.compile || e.loaded.from == FromCompiler) {
		return e.loaded, nil
	}
	data, err := e.module.Bytes()
	if err != nil {
		return nil, err
	}
	if dir, ok := h.compiled(e.module.Digest); ok {
		if l, err := load(ctx, data, dir, FromCompiler); err == nil {
			e.replace(l)
			return l, nil
		}
		h.discard(e.module.Digest)
	}
	ctx = experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0))
	var l *loaded
	if e.compile {
		l, err = h.compile(ctx, e.module.Digest, data)
	} else {
		l, err = load(ctx, data, "", FromInterpreter)
	}
	if err == nil {
		e.replace(l)
	}
	return l, err
}

// replace sets what the module runs as. The interpreter that it replaces may still run another request, so it
// is closed with the engine.
func (e *engine) replace(l *loaded) {
	l.before, e.loaded = e.loaded, l
}

// load prepares a module. If dir is not empty, it reads compiled code from there, or writes it there.
func load(ctx context.Context, data []byte, dir, from string) (l *loaded, err error) {
	defer recoverAsError(&err)
	config, err := runtimeConfig(data, from)
	if err != nil {
		return nil, err
	}
	l = &loaded{from: from}
	if dir != "" {
		if l.cache, err = wazero.NewCompilationCacheWithDir(dir); err != nil {
			return nil, err
		}
		config = config.WithCompilationCache(l.cache)
	}
	l.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	if err = instantiateWASI(ctx, l.runtime); err == nil {
		l.code, err = l.runtime.CompileModule(ctx, data)
	}
	if err != nil {
		l.close(ctx)
		return nil, err
	}
	return l, nil
}

// runtimeConfig returns the configuration of every instance. No limit counts the memory of a table without a
// maximum size; without reference types no instruction can grow one.
func runtimeConfig(data []byte, from string) (wazero.RuntimeConfig, error) {
	all, err := tablesBounded(data)
	if err != nil {
		return nil, err
	}
	config := wazero.NewRuntimeConfigInterpreter()
	if from == FromCompiler {
		config = wazero.NewRuntimeConfig() // falls back to the interpreter on machines without a compiler
	}
	features := api.CoreFeaturesV2.SetEnabled(api.CoreFeatureReferenceTypes, all)
	return config.WithCoreFeatures(features).WithMemoryLimitPages(memoryPages).WithCloseOnContextDone(true),
		nil
}

// instantiateWASI adds WASI to a runtime, except for fd_renumber: wazero would allocate a table up to
// whatever number it is given.
func instantiateWASI(ctx context.Context, r wazero.Runtime) error {
	b := r.NewHostModuleBuilder(wasi_snapshot_preview1.ModuleName)
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(b)
	const enosys = 52
	b.NewFunctionBuilder().WithFunc(func(from, to uint32) uint32 { return enosys }).Export("fd_renumber")
	_, err := b.Instantiate(ctx)
	return err
}

// recoverAsError converts a panic in code that handles a module to an error, so that no module can crash
// davit.
func recoverAsError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v", p)
	}
}

// offersFunction reports whether a module may import a function of WASI by that name.
func offersFunction(name string) bool {
	return name != "" && !strings.Contains(name, " ") && strings.Contains(wasiFunctions, " "+name+" ")
}

// wasiFunctions are the functions of WASI preview 1.
const wasiFunctions = " args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get " +
	"fd_advise fd_allocate fd_close fd_datasync fd_fdstat_get fd_fdstat_set_flags " +
	"fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size fd_filestat_set_times fd_pread " +
	"fd_prestat_dir_name fd_prestat_get fd_pwrite fd_read fd_readdir fd_renumber fd_seek fd_sync " +
	"fd_tell fd_write path_create_directory path_filestat_get path_filestat_set_times path_link " +
	"path_open path_readlink path_remove_directory path_rename path_symlink path_unlink_file " +
	"poll_oneoff proc_exit proc_raise random_get sched_yield sock_accept sock_recv sock_send " +
	"sock_shutdown "
