package release

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

const keyed = "keyed:"

// HMACSecret is what stands for a text that is a secret: two are the same for the same text and key, and say nothing without the key.
func HMACSecret(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return keyed + hex.EncodeToString(h.Sum(nil)[:16])
}

// Secret tells whether a field stands for a secret.
func Secret(value string) bool { return strings.HasPrefix(value, keyed) }

// Redact gives what is live with each field keyed that stands for a secret in one of the models.
func (l Observed) Redact(key []byte, models ...Model) Observed {
	services, containers := make(map[string]Service, len(l.Model.Services)), make(map[string][]Container, len(l.Containers))
	for name, s := range l.Model.Services {
		s.Fields = s.Fields.redacted(key, name, models)
		services[name] = s
	}
	for name, all := range l.Containers {
		containers[name] = slices.Clone(all)
		for i, c := range all {
			containers[name][i].Fields = c.Fields.redacted(key, name, models)
		}
	}
	l.Model.Services, l.Containers = services, containers
	return l
}

func (f Fields) redacted(key []byte, service string, models []Model) Fields {
	f = maps.Clone(f)
	for _, m := range models {
		f.redact(key, m.Services[service].Fields)
	}
	return f
}

// redact keys each field that stands for a secret in as.
func (f Fields) redact(key []byte, as Fields) {
	for path, value := range as {
		if text, has := f[path]; has && Secret(value) && !Secret(text) {
			f[path] = HMACSecret(key, text)
		}
	}
}
