package plugins

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// memoryPages is the memory that a plugin may have: 256 MiB.
const memoryPages = 256 << 20 >> 16

// engine holds one module ready to be instantiated.
type engine struct {
	module *Module

	mu      sync.Mutex // held while it is made ready
	loaded  *loaded
	compile bool // the interpreter was not enough
}

// loaded is a module in a runtime of its own.
type loaded struct {
	from    string
	runtime wazero.Runtime
	code    wazero.CompiledModule
	cache   wazero.CompilationCache // nil without one
}

func (l *loaded) close(ctx context.Context) {
	if l == nil {
		return
	}
	l.runtime.Close(ctx)
	if l.cache != nil {
		l.cache.Close(ctx)
	}
}

func (e *engine) close(ctx context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.loaded.close(ctx)
	e.loaded = nil
}

// engine returns the one engine of a module.
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

// prepare makes a module ready: from the compiled form that an earlier davit left, else for the interpreter, which is ready ten
// times sooner than the compiler and answers later by much less than that.
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
			e.loaded = l
			return l, nil
		}
		h.discard(e.module.Digest)
	}
	from := FromInterpreter
	if e.compile {
		from = FromCompiler
	}
	l, err := load(experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0)), data, "", from)
	if err == nil {
		e.loaded = l
	}
	return l, err
}

// load prepares a module. With a folder, compiled code is taken from there or left there.
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

// runtimeConfig is what holds for every instance. A table that may grow without end would be memory that no limit counts; without
// reference types nothing can make it grow.
func runtimeConfig(data []byte, from string) (wazero.RuntimeConfig, error) {
	all, err := tablesBounded(data)
	if err != nil {
		return nil, err
	}
	config := wazero.NewRuntimeConfigInterpreter()
	if from == FromCompiler {
		config = wazero.NewRuntimeConfig() // the interpreter again where there is no compiler for the machine
	}
	features := api.CoreFeaturesV2.SetEnabled(api.CoreFeatureReferenceTypes, all)
	return config.WithCoreFeatures(features).WithMemoryLimitPages(memoryPages).WithCloseOnContextDone(true), nil
}

// instantiateWASI gives a runtime WASI, but for fd_renumber: wazero makes room for whatever number it is given.
func instantiateWASI(ctx context.Context, r wazero.Runtime) error {
	b := r.NewHostModuleBuilder(wasi_snapshot_preview1.ModuleName)
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(b)
	const enosys = 52
	b.NewFunctionBuilder().WithFunc(func(from, to uint32) uint32 { return enosys }).Export("fd_renumber")
	_, err := b.Instantiate(ctx)
	return err
}

// recoverAsError turns a panic of the code that handles a module into an error: nothing in a module may end davit.
func recoverAsError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("it cannot be handled: %v", p)
	}
}
