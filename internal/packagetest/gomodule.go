package packagetest

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
)

// Go starts a module proxy. GOPROXY is its URL, and GOSUMDB must be off. Module paths have no capitals.
func Go(t testing.TB, o Options, packages ...Package) *Server {
	t.Helper()
	return start(t, goProxy, o, packages)
}

// GoModule returns a module of one package, named as the last element of its path, whose Version is that of
// the module.
func GoModule(name, version string) Package {
	text := fmt.Sprintf("package %s\n\nconst Version = %q\n", path.Base(name), version)
	return Package{Name: name, Version: version, Files: map[string]string{path.Base(name) + ".go": text}}
}

// goProxy answers as a module proxy does.
func goProxy(all []Package, _ string, r *http.Request) (answer, bool) {
	name, file, is := strings.Cut(strings.Trim(r.URL.Path, "/"), "/@v/")
	if module, latest := strings.CutSuffix(name, "/@latest"); latest && !is {
		found := named(all, module)
		return lastInfo(found), len(found) > 0
	}
	if file == "list" {
		return moduleList(named(all, name)), len(named(all, name)) > 0
	}
	version := strings.TrimSuffix(strings.TrimPrefix(file, "v"), path.Ext(file))
	p, found := find(all, name, version)
	if !is || !found {
		return answer{}, false
	}
	switch path.Ext(file) {
	case ".info":
		return p.info(), true
	case ".mod":
		return answer{p.goMod(), "text/plain"}, true
	case ".zip":
		return answer{p.moduleZip(), "application/zip"}, true
	}
	return answer{}, false
}

func moduleList(found []Package) answer {
	var list strings.Builder
	for _, p := range found {
		list.WriteString("v" + p.Version + "\n")
	}
	return answer{list.String(), "text/plain"}
}

func lastInfo(found []Package) answer {
	if len(found) == 0 {
		return answer{}
	}
	return found[len(found)-1].info()
}

// info returns the version and the time of a module.
func (p Package) info() answer {
	return answer{jsonText(map[string]any{"Version": "v" + p.Version, "Time": made}), "application/json"}
}

// goMod returns the file go.mod.
func (p Package) goMod() string {
	if text, is := p.Files["go.mod"]; is {
		return text
	}
	text := "module " + p.Name + "\n\ngo 1.21\n"
	needs := p.requirements()
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		text += "\nrequire " + name + " " + needs[name] + "\n"
	}
	return text
}

// moduleZip returns the archive of a module.
func (p Package) moduleZip() string {
	files := map[string]string{"go.mod": p.goMod()}
	maps.Copy(files, p.Files)
	return zipOf(p.Name+"@v"+p.Version+"/", files)
}
