package compose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A named is a value of a secret with the name that a file gives it.
type named struct{ name, value string }

// knownValues returns the values that are secret somewhere in the model and hidden everywhere, the longest first.
// What is no secret elsewhere in it, as the name of a user, is none of them.
func (m *Model) knownValues() (known []named) {
	if m.source.fromRelease {
		return nil
	}
	for _, name := range m.names {
		known = append(known, named{name, m.valueOf(name)})
	}
	for _, name := range sorted(m.real.Secrets) {
		known = append(known, named{name, strings.TrimSpace(m.contents["secrets/"+name].real)})
	}
	all := m.containers()
	for _, one := range all {
		known = append(known, one.secrets(m.source.names)...)
	}
	known = slices.DeleteFunc(known, func(k named) bool {
		return !secret.Hideable(k.value) || slices.ContainsFunc(all, func(one Container) bool { return one.IsClear(k.value) })
	})
	slices.SortStableFunc(known, func(a, b named) int { return cmp.Or(len(b.value)-len(a.value), cmp.Compare(a.value, b.value)) })
	return slices.CompactFunc(known, func(a, b named) bool { return a.value == b.value })
}

// containers returns what the containers, the networks and the volumes of the model have.
func (m *Model) containers() (all []Container) {
	for _, name := range m.Services() {
		all = append(all, m.Container(name))
	}
	for _, fields := range m.resources() {
		all = append(all, Container{Fields: fields})
	}
	return all
}

func (m *Model) resources() (all []release.Fields) {
	for _, name := range sorted(m.real.Networks) {
		all = append(all, networkFields(m.real, name))
	}
	for _, name := range sorted(m.real.Volumes) {
		all = append(all, m.volumeFields(m.real, name))
	}
	return all
}

// hideKnown returns a text with marks in the place of known values.
func (m *Model) hideKnown(text string) string {
	for _, k := range m.known {
		if strings.Contains(text, k.value) {
			text = outsideMarks(text, func(piece string) string {
				return strings.ReplaceAll(piece, k.value, m.hide(k.name, k.value))
			})
		}
	}
	return text
}

// outsideMarks returns a text in which each piece between marks is changed.
func outsideMarks(text string, change func(piece string) string) string {
	var b strings.Builder
	at := 0
	for _, found := range anyMark().FindAllStringIndex(text, -1) {
		b.WriteString(change(text[at:found[0]]) + text[found[0]:found[1]])
		at = found[1]
	}
	return b.String() + change(text[at:])
}
