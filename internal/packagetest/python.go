package packagetest

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Python starts an index of Python. Its address for pip and uv is URL + "/simple/".
func Python(t testing.TB, o Options, packages ...Package) *Server {
	t.Helper()
	return start(t, python, o, packages)
}

// PythonModule returns a package of one module whose VERSION is that of the package.
func PythonModule(name, version string) Package {
	text := fmt.Sprintf("VERSION = %q\n", version)
	return Package{Name: name, Version: version, Files: map[string]string{name + "/__init__.py": text}}
}

const simpleJSON = "application/vnd.pypi.simple.v1+json"

// python answers as an index does: with the pages of PEP 503 or, if asked for, of PEP 691, with wheels and
// their metadata.
func python(all []Package, base string, r *http.Request) (answer, bool) {
	path := strings.Trim(r.URL.Path, "/")
	if file, is := strings.CutPrefix(path, "files/"); is {
		return wheelFile(all, file)
	}
	name, is := strings.CutPrefix(path, "simple/")
	found := named(all, name)
	switch {
	case path == "simple":
		return indexPage(all), true
	case !is || len(found) == 0:
		return answer{}, false
	case strings.Contains(r.Header.Get("Accept"), simpleJSON):
		return jsonPage(found, base), true
	}
	return htmlPage(found, base), true
}

// wheelFile returns a wheel or its metadata.
func wheelFile(all []Package, file string) (answer, bool) {
	for _, p := range all {
		switch file {
		case p.wheelName():
			return answer{p.wheel(), "application/zip"}, true
		case p.wheelName() + ".metadata":
			return answer{p.metadata(), "text/plain"}, true
		}
	}
	return answer{}, false
}

// indexPage returns the page with the names of all packages.
func indexPage(all []Package) answer {
	var page strings.Builder
	page.WriteString("<!DOCTYPE html>\n")
	for _, p := range all {
		fmt.Fprintf(&page, "<a href=\"/simple/%s/\">%[1]s</a>\n", p.Name)
	}
	return answer{page.String(), "text/html"}
}

func htmlPage(found []Package, base string) answer {
	var page strings.Builder
	page.WriteString("<!DOCTYPE html>\n")
	for _, p := range found {
		fmt.Fprintf(&page, `<a href="%s/files/%s#sha256=%s"`, base, p.wheelName(), sha256Hex(p.wheel()))
		fmt.Fprintf(&page, ` data-core-metadata="sha256=%s"`, sha256Hex(p.metadata()))
		if p.Python != "" {
			fmt.Fprintf(&page, ` data-requires-python="%s"`, html.EscapeString(p.Python))
		}
		fmt.Fprintf(&page, ">%s</a>\n", p.wheelName())
	}
	return answer{page.String(), "text/html"}
}

func jsonPage(found []Package, base string) answer {
	var files []map[string]any
	var versions []string
	for _, p := range found {
		versions = append(versions, p.Version)
		file := map[string]any{
			"filename": p.wheelName(), "url": base + "/files/" + p.wheelName(),
			"hashes": map[string]string{"sha256": sha256Hex(p.wheel())}, "size": len(p.wheel()),
			"core-metadata": map[string]string{"sha256": sha256Hex(p.metadata())},
			"upload-time":   made.Format("2006-01-02T15:04:05.000000Z"),
		}
		if p.Python != "" {
			file["requires-python"] = p.Python
		}
		files = append(files, file)
	}
	return answer{jsonText(map[string]any{"meta": map[string]string{"api-version": "1.1"},
		"name": found[0].Name, "versions": versions, "files": files}), simpleJSON}
}

// jsonText returns a value as JSON.
func jsonText(value any) string {
	text, err := json.Marshal(value)
	check(err)
	return string(text)
}

// underscored returns the name and the version as in the name of a wheel.
func (p Package) underscored() string { return strings.ReplaceAll(p.Name, "-", "_") + "-" + p.Version }

func (p Package) wheelName() string { return p.underscored() + "-py3-none-any.whl" }

// metadata returns the file METADATA of a wheel.
func (p Package) metadata() string {
	text := "Metadata-Version: 2.1\nName: " + p.Name + "\nVersion: " + p.Version + "\n"
	if p.Python != "" {
		text += "Requires-Python: " + p.Python + "\n"
	}
	for _, r := range p.Requires {
		text += "Requires-Dist: " + r + "\n"
	}
	return text
}

// wheel returns the wheel for any interpreter and system.
func (p Package) wheel() string {
	info := p.underscored() + ".dist-info/"
	files := map[string]string{
		info + "METADATA": p.metadata(),
		info + "WHEEL":    "Wheel-Version: 1.0\nGenerator: packagetest\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
	}
	maps.Copy(files, p.Files)
	var record strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		sum := sha256.Sum256([]byte(files[name]))
		fmt.Fprintf(&record, "%s,sha256=%s,%d\n", name, base64.RawURLEncoding.EncodeToString(sum[:]),
			len(files[name]))
	}
	files[info+"RECORD"] = cmp.Or(files[info+"RECORD"], record.String()+info+"RECORD,,\n")
	return zipOf("", files)
}
