package release

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"
)

const keyed = "keyed:"

// Keyed is what stands for a text that is a secret: two are the same for the same text and key, and say nothing without the key.
func Keyed(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return keyed + hex.EncodeToString(h.Sum(nil)[:16])
}

// Secret tells whether a field stands for a secret.
func Secret(value string) bool { return strings.HasPrefix(value, keyed) }

// Hide gives a live model in which each field is keyed that stands for a secret in one of the others.
func (m Model) Hide(key []byte, others ...Model) Model {
	services := make(map[string]Service, len(m.Services))
	for name, s := range m.Services {
		s.Fields = maps.Clone(s.Fields)
		for _, other := range others {
			s.Fields.hide(key, other.Services[name].Fields)
		}
		services[name] = s
	}
	m.Services = services
	return m
}

// hide keys each field that stands for a secret in as.
func (f Fields) hide(key []byte, as Fields) {
	for path, value := range as {
		if text, has := f[path]; has && Secret(value) && !Secret(text) {
			f[path] = Keyed(key, text)
		}
	}
}
