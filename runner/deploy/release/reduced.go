package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Reduced returns a release as a record keeps it: without the model, but with what Compose does not tell of
// it, which are the hashes of secrets and of files, and the files that containers modify themselves.
func (r Release) Reduced() Release {
	r.Hashes, r.SelfModified = Fields{}, map[string][]string{}
	r.Model.eachFields(func(at string, fields Fields) {
		for path, text := range fields {
			if IsSecret(text) || strings.HasPrefix(path, "configs.") {
				r.Hashes[at+path] = text
			}
		}
	})
	for name, s := range r.Model.Services {
		if len(s.SelfModified) > 0 {
			r.SelfModified[name] = s.SelfModified
		}
	}
	r.Model = Model{}
	return r
}

// eachFields calls do with the fields of each thing and the beginning of their paths in Hashes,
// "services/web/".
func (m Model) eachFields(do func(at string, fields Fields)) {
	for name, s := range m.Services {
		do("services/"+name+"/", s.Fields)
	}
	for name, fields := range m.Networks {
		do("networks/"+name+"/", fields)
	}
	for name, fields := range m.Volumes {
		do("volumes/"+name+"/", fields)
	}
}

// Completed returns the model of the Compose text of a reduced release, in which any hash stands for a value
// that the text only refers to, with the hashes of the release. An error says in a few words what the text and
// the hashes disagree about.
func (r Release) Completed(derived Model) (Model, error) {
	unused, missing := maps.Clone(r.Hashes), []string{}
	derived.eachFields(func(at string, fields Fields) {
		for path, text := range fields {
			hash, has := r.Hashes[at+path]
			switch {
			case IsSecret(text) && !has:
				missing = append(missing, at+path)
			case IsSecret(text), hash == text:
				fields[path] = hash
				delete(unused, at+path)
			}
		}
	})
	wrong := append(missing, slices.Collect(maps.Keys(unused))...)
	for name := range r.SelfModified {
		if s, has := derived.Services[name]; has {
			s.SelfModified = r.SelfModified[name]
			derived.Services[name] = s
		} else {
			wrong = append(wrong, "services/"+name)
		}
	}
	derived = derived.Skip(r.Skipped)
	if len(wrong) > 0 {
		return Model{}, fmt.Errorf("its Compose text and its hashes disagree about %s", slices.Min(wrong))
	}
	return derived, nil
}

// Disagreement returns a path at which two models differ in what is applied, "services/web/volumes./data";
// empty where they do not.
func Disagreement(a, b Model) string {
	if a.Sum() == b.Sum() {
		return ""
	}
	var paths []string
	one, other := a.flat(), b.flat()
	for path := range maps.Keys(one) {
		if text, has := other[path]; !has || text != one[path] {
			paths = append(paths, path)
		}
	}
	for path := range maps.Keys(other) {
		if _, has := one[path]; !has {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return "project"
	}
	return slices.Min(paths)
}

// flat returns everything that counts for Sum as one set of fields.
func (m Model) flat() Fields {
	all := Fields{}
	m.eachFields(func(at string, fields Fields) {
		all[at] = ""
		for path, text := range fields {
			all[at+path] = text
		}
	})
	for name, s := range m.Services {
		all["services/"+name+"/replicas"] = fmt.Sprint(s.Replicas)
		all["services/"+name+"/job"] = fmt.Sprint(s.Job)
	}
	return all
}

// CheckImages returns why the images of a release are not those that its model names; nil if they are.
func (r Release) CheckImages() error {
	for name, s := range r.Model.Services {
		i, has := r.Images[name]
		if !has || i.Digest != s.Fields["image"] {
			return fmt.Errorf("its Compose text and its images disagree about services/%s/image", name)
		}
		if _, digest, _ := strings.Cut(i.Source, "@"); i.Source != "" && digest != i.Digest && r.Format > 1 {
			return fmt.Errorf("the image of service %q has the digest %s, and its source %s", name, i.Digest, i.Source)
		}
	}
	for name := range r.Images {
		if _, has := r.Model.Services[name]; !has {
			return fmt.Errorf("its Compose text has no service %q, and it has an image of it", name)
		}
	}
	return nil
}
