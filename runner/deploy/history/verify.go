package history

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A RewrittenError says that the records of an environment are not the descent of those that this machine has
// seen, or that one of them cannot be used. Nothing was changed.
type RewrittenError struct {
	fault.Refusal
	Environment string
	// Faults are sentences, at least one.
	Faults []string
	// Gone says that there is no record any more, and Mirrored that only the registry has other records: another
	// engine may have an environment of the same name.
	Gone, Mirrored bool
}

func (e *RewrittenError) Error() string {
	text := fmt.Sprintf("the history of %s is not as it was left: %s", e.Environment, e.Faults[0])
	if more := len(e.Faults) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// Hint returns the next thing to do.
func (e *RewrittenError) Hint() string {
	if e.Gone {
		return "a prune of the engine's images removes releases, too; once you know who removed them, " +
			"davit deploy " + e.Environment + " --accept-history begins anew"
	}
	list := "davit releases " + e.Environment + " shows it; "
	if e.Mirrored {
		list += "if an environment of this name is on another engine too, " + onlyOnEngine(e.Environment) + "; "
	}
	return list + "once you know who changed it and why, davit deploy " + e.Environment + " --accept-history takes it as it is"
}

// VerifyHistory returns a *RewrittenError if the records are not the descent of those that this machine has
// seen before, and remembers the newest if they are. With compare, the newest record of the mirror has to be
// that of the store, as far as the registry answers. With accept, the records count as they are from now on. A
// *deploy.NotRememberedError is no reason to refuse anything.
func (h *History) VerifyHistory(ctx context.Context, compare, accept bool) error {
	now, err := h.judged(ctx)
	if err != nil {
		return err
	}
	all := now.records
	if len(all) > 0 && all[0].release.Writable() != nil {
		return nil // a newer davit knows what its records say
	}
	seen, faults := h.faults(ctx, now)
	var mirrored []string
	if compare {
		mirrored = h.mirrorFaults(ctx, all)
	}
	only := len(faults) == 0 && len(mirrored) > 0
	faults = append(faults, mirrored...)
	sum := all.sum()
	switch {
	case len(faults) > 0 && !accept && (seen.Accepted != sum || len(all) == 0):
		return &RewrittenError{Environment: h.Environment.Name, Faults: faults, Gone: len(all) == 0, Mirrored: only}
	case len(faults) > 0:
		h.accepted, h.replaceMirror = true, true
		return h.remembered(seen, all, sum)
	}
	return h.remembered(seen, all, "")
}

// judged returns what Releases has returned last, once: who acts on that wants to know whether it is right. Else it is
// read.
func (h *History) judged(ctx context.Context) (reading, error) {
	if r := h.returned.Swap(nil); r != nil {
		return *r, nil
	}
	return h.records(ctx)
}

// faults returns what this machine has seen, and what is wrong with the records.
func (h *History) faults(ctx context.Context, now reading) (seen Seen, faults []string) {
	var err error
	if h.Seen != nil {
		if seen, err = h.Seen.Load(); err != nil {
			faults = append(faults, err.Error())
		}
	}
	faults = append(faults, twice(now.documents)...)
	earlier := func(number int, digest string) bool { return h.hasDocument(ctx, now.documents, number, digest) }
	unlike := now.records.faults(seen, 0, earlier)
	if len(unlike) == 0 {
		return seen, faults
	}
	if removed, err := h.Removed(ctx); err == nil && removed > 0 {
		if seen.Number <= removed {
			seen = Seen{}
		}
		unlike = now.records.faults(seen, removed, earlier)
	}
	return seen, append(faults, unlike...)
}

// twice returns which releases have ended more than once.
func twice(sorted []Document) (all []string) {
	for i, d := range sorted[min(1, len(sorted)):] {
		if before := sorted[i]; before.Number == d.Number && before.Result != release.Pending &&
			d.Result != release.Pending {
			all = append(all, fmt.Sprintf("release %d has ended twice", d.Number))
		}
	}
	return all
}

// hasDocument reports whether a release has a document with a digest.
func (h *History) hasDocument(ctx context.Context, all []Document, number int, digest string) bool {
	for _, d := range all {
		if d.Number != number {
			continue
		}
		if r, err := h.readRecord(ctx, d); err == nil && r != nil && release.DigestOf(r.text) == digest {
			return true
		}
	}
	return false
}

// mirrorFaults returns how the newest record of the mirror differs from that of the store. A registry that does
// not answer tells nothing.
func (h *History) mirrorFaults(ctx context.Context, all chain) []string {
	if h.mirror == nil || len(all) == 0 || len(h.onlyMirrored) > 0 {
		return nil
	}
	tags, err := h.mirror.Tags(ctx)
	mirrored := entries(tags)
	if err != nil || len(mirrored) == 0 {
		return nil
	}
	newest := mirrored[0]
	if newest.number > all[0].Number {
		return []string{fmt.Sprintf("the registry has release %d, and the last one on the engine is %d",
			newest.number, all[0].Number)}
	}
	i := slices.IndexFunc(all, func(r *record) bool { return r.Number == newest.number })
	if i < 0 || all[i].Result != newest.result {
		return nil // it has been removed here, or has ended since
	}
	if r, err := h.mirror.read(ctx, newest); err == nil && string(r.text) != string(all[i].text) {
		return []string{fmt.Sprintf("the registry and the engine have two different releases %d", newest.number)}
	}
	return nil
}

// sum returns a digest of all records.
func (c chain) sum() string {
	var text strings.Builder
	for _, r := range c {
		fmt.Fprintln(&text, r.Number, release.DigestOf(r.text))
	}
	return release.DigestOf([]byte(text.String()))
}

// remembered keeps what this machine has seen, if that is new. Without any record, nothing has been seen.
func (h *History) remembered(seen Seen, all chain, accepted string) error {
	i := slices.IndexFunc(all, func(r *record) bool { return r.Result != release.Pending })
	if i < 0 && accepted == "" {
		return nil
	}
	fresh := Seen{Accepted: accepted, Undone: seen.Undone}
	if i >= 0 {
		r := all[i]
		fresh = Seen{cmp.Or(r.release.Format, release.Format), r.Number, release.DigestOf(r.text), accepted, seen.Undone}
	}
	if fresh == seen {
		return nil
	}
	return h.save(fresh)
}
