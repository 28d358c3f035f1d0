package project

import (
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/fault"
)

// Published reports whether the plugin is in a registry, a layout or at an address, and not a file of the project.
func (p Plugin) Published() bool {
	return p.From != "" && (!strings.HasSuffix(p.From, ".wasm") || strings.HasPrefix(p.From, layoutPrefix) || isAddress(p.From))
}

// ValidReference reports whether a text is the reference of a published plugin.
func ValidReference(text string) bool {
	if dir, tag, is := Layout(text); is {
		return dir != "" && !strings.HasPrefix(dir, "//") && validTag().MatchString(tag)
	}
	if isAddress(text) {
		return AddressDigest(text) != ""
	}
	return reference().MatchString(text)
}

// layoutPrefix is before the folder of a layout, as for skopeo and podman.
const layoutPrefix = "oci:"

// Layout returns the folder and the tag of a reference to an OCI layout: "oci:./plugins:acme-1.4".
func Layout(ref string) (dir, tag string, is bool) {
	rest, is := strings.CutPrefix(ref, layoutPrefix)
	if !is {
		return "", "", false
	}
	if at := strings.LastIndex(rest, ":"); at >= 0 {
		return rest[:at], rest[at+1:], true
	}
	return rest, "", true
}

// LayoutReference returns the reference of a tag in a layout.
func LayoutReference(dir, tag string) string { return layoutPrefix + dir + ":" + tag }

// isAddress reports whether a reference is the address of a module.
func isAddress(ref string) bool {
	return strings.HasPrefix(ref, "https://") || strings.HasPrefix(ref, "http://")
}

// AddressDigest returns the digest that the address of a module has behind it, "https://example.com/acme.wasm@sha256:…"; ""
// for other references, and for an address that anybody on the way could change or that has a password in it.
func AddressDigest(ref string) string {
	at := strings.LastIndex(ref, "@")
	if !isAddress(ref) || at < 0 || !digestPattern().MatchString(ref[at+1:]) {
		return ""
	}
	u, err := url.Parse(ref[:at])
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme == "http" && !onLoopback(u.Hostname()) {
		return ""
	}
	return ref[at+1:]
}

func onLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// A Listed is a published plugin that a search found.
type Listed struct {
	// Ref is the reference of its latest version.
	Ref string `json:"ref"`
	// Name, Version and Summary are those of its manifest, as far as they are known.
	Name    string `json:"name,omitempty"`
	Version string `json:"plugin_version,omitempty"`
	Summary string `json:"summary,omitempty"`
	// Tags are all tags, in the order of their versions.
	Tags []string `json:"tags"`
}

// ValidNamespace reports whether a text is a registry, with or without a path in it, or the folder of a layout.
func ValidNamespace(text string) bool {
	if dir, tag, is := Layout(text); is {
		return dir != "" && tag == ""
	}
	return mirrorPlace().MatchString(text)
}

// NamespaceError returns the error about a text that is no namespace.
func NamespaceError(text string) error {
	return fault.Preconditionf("", "%q is neither a registry such as \"registry.example.com/platform\" nor a layout such as \"oci:./plugins\"", text)
}

// referenceForm says what a reference looks like, for errors.
func referenceForm(text string) string {
	switch {
	case isAddress(text):
		return `an address with the digest of the module behind it: "https://example.com/acme.wasm@sha256:…"`
	case strings.HasPrefix(text, layoutPrefix):
		return `a folder with an OCI layout and a tag in it: "oci:./plugins:acme-1.4"`
	}
	return `a published plugin such as "registry.example.com/platform/acme:1.4"`
}

// ReferenceError returns the error about a text that is no reference.
func ReferenceError(text string) error {
	return fault.Preconditionf(referenceHint(text), "%q is not %s", text, referenceForm(text))
}

// referenceHint returns what is probably meant by a text that is no reference.
func referenceHint(text string) string {
	if inRegistry, is := strings.CutPrefix(text, layoutPrefix+"//"); is && reference().MatchString(inRegistry) {
		return "in a registry it is " + inRegistry
	}
	if isAddress(text) && !strings.Contains(text, "@") {
		return "davit plugin build prints the digest; only https is an address, but for a server on this machine"
	}
	return ""
}

var (
	reference = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|\[[0-9a-f:]+\]|[a-z0-9-]+:\d)[0-9:]*(/[a-z0-9]+([._-]+[a-z0-9]+)*)+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	})
	validTag = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`) })
)
