package packagetest

import (
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Node starts a registry of npm. Its address is URL + "/".
func Node(t testing.TB, o Options, packages ...Package) *Server {
	t.Helper()
	return start(t, node, o, packages)
}

// NodeModule returns a package of one module, of CommonJS, whose version is that of the package.
func NodeModule(name, version string) Package {
	text := fmt.Sprintf("exports.version = %q;\n", version)
	return Package{Name: name, Version: version, Files: map[string]string{"index.js": text}}
}

// node answers as a registry of npm does: with documents of packages, with tarballs, and with nothing to a
// question about security.
func node(all []Package, base string, r *http.Request) (answer, bool) {
	path, err := url.PathUnescape(strings.Trim(r.URL.EscapedPath(), "/"))
	if err != nil {
		return answer{}, false
	}
	if strings.HasPrefix(path, "-/npm/v1/security/") {
		return answer{"{}", "application/json"}, true
	}
	for _, p := range all {
		if path == p.tarballPath() {
			return answer{p.Tarball(), "application/octet-stream"}, true
		}
	}
	if found := named(all, path); len(found) > 0 {
		return packument(found, base), true
	}
	return answer{}, false
}

// tarballPath returns the path of the tarball, whose name lacks the scope.
func (p Package) tarballPath() string {
	short := p.Name[strings.LastIndexByte(p.Name, '/')+1:]
	return p.Name + "/-/" + short + "-" + p.Version + ".tgz"
}

// packument returns the document of a package with all of its versions.
func packument(found []Package, base string) answer {
	versions, times := map[string]any{}, map[string]any{"created": made, "modified": made}
	for _, p := range found {
		m := p.packageJSON()
		tarball := p.Tarball()
		short, long := sha1.Sum([]byte(tarball)), sha512.Sum512([]byte(tarball))
		m["dist"] = map[string]string{
			"tarball": base + "/" + p.tarballPath(), "shasum": hex.EncodeToString(short[:]),
			"integrity": "sha512-" + base64.StdEncoding.EncodeToString(long[:]),
		}
		versions[p.Version], times[p.Version] = m, made
	}
	newest := found[len(found)-1]
	return answer{jsonText(map[string]any{"name": newest.Name, "versions": versions, "time": times,
		"dist-tags": map[string]string{"latest": newest.Version}}), "application/json"}
}

// packageJSON returns the manifest of a package.
func (p Package) packageJSON() map[string]any {
	m := map[string]any{"name": p.Name, "version": p.Version}
	if text, is := p.Files["package.json"]; is {
		check(json.Unmarshal([]byte(text), &m))
	}
	if len(p.Requires) > 0 {
		m["dependencies"] = p.requirements()
	}
	maps.Copy(m, p.Manifest)
	return m
}

// Tarball returns the archive of a package.
func (p Package) Tarball() string {
	files := maps.Clone(p.Files)
	if files == nil {
		files = map[string]string{}
	}
	files["package.json"] = jsonText(p.packageJSON())
	return tgzOf("package/", files)
}
