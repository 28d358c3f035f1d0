package history

import (
	"fmt"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// chained is how many records a chain names at least, if there were so many. They are more than are kept, so
// that a machine that has not seen an environment for a while still knows its history.
const chained = 100

// A chain is the records of an environment, the newest first: the last document of each release.
type chain []*record

// next returns the chain of the record that follows. After somebody has accepted a history, nothing but the
// records that there are counts.
func (c chain) next(accepted bool) (links []release.Link) {
	if len(c) == 0 {
		return nil
	}
	head, present := c[0].release, map[int]bool{}
	for _, r := range c {
		present[r.Number] = true
	}
	links = []release.Link{linkOf(c[0])}
	if head.Format >= release.FirstChained && head.Invalid == "" && !accepted {
		links = append(links, head.Chain...)
	} else {
		for _, r := range c[1:] {
			links = append(links, linkOf(r))
		}
	}
	for i := range links {
		links[i].Pruned = !present[links[i].Number]
	}
	for i := chained; i < len(links); i++ {
		if links[i].Pruned {
			links = slices.Delete(links, i, i+1)
			i--
		}
	}
	return links
}

func linkOf(r *record) release.Link {
	return release.Link{Number: r.Number, Result: r.Result, Digest: release.DigestOf(r.text),
		Accepted: r.release.Accepted}
}

// faults returns why the records are not the descent of what this machine has seen before, each a sentence;
// none where they are. Up to the number removed, releases were removed on purpose. earlier reports whether an older document
// of a release has a digest.
func (c chain) faults(seen Seen, removed int, earlier func(number int, digest string) bool) (all []string) {
	if len(c) == 0 && seen.Number > 0 {
		return []string{fmt.Sprintf("its releases are gone, and this machine has seen %d", seen.Number)}
	}
	if len(c) == 0 {
		return nil
	}
	links := c.links()
	accepted := c.accepted(links)
	for _, r := range c {
		if text := c.fault(r, links, accepted, earlier); text != "" {
			all = append(all, text)
		}
	}
	return slices.Concat(all, c.missing(links, removed), c.unlike(seen, links))
}

// fault returns why one record does not fit the newest one; empty if it does. What is older than the accepted
// release is taken as that names it.
func (c chain) fault(
	r *record, links map[int]release.Link, accepted int, earlier func(number int, digest string) bool,
) string {
	head, link := c[0].release, links[r.Number]
	matches := link.Digest == release.DigestOf(r.text) && link.Result == r.Result ||
		// the davit that it is of has lost its lock, and has recorded its end after another had begun
		link.Result == release.Pending && r.Result == release.Failed && earlier(r.Number, link.Digest)
	conflict := disagreement(r.release.Chain, links)
	switch {
	case r.release.Invalid != "" && !(matches && r.Number < accepted):
		return r.release.Invalid
	case r != c[0] && c.isChained() && !matches:
		return fmt.Sprintf("release %d is not the one that release %d follows", r.Number, head.Number)
	case head.Format > 0 && !c.isChained() && r.release.Format >= release.FirstChained:
		return fmt.Sprintf("release %d is in no chain, and release %d before it is in one", head.Number, r.Number)
	case r.Number >= accepted && conflict != 0:
		return fmt.Sprintf("releases %d and %d follow two different releases %d", head.Number, r.Number, conflict)
	}
	return ""
}

// accepted returns the newest release before which somebody has accepted the history; 0 for none.
func (c chain) accepted(links map[int]release.Link) (number int) {
	for _, r := range c {
		if r.release.Accepted {
			number = max(number, r.Number)
		}
	}
	for _, l := range links {
		if l.Accepted {
			number = max(number, l.Number)
		}
	}
	return number
}

// isChained reports whether the newest record names those before it.
func (c chain) isChained() bool { return c[0].release.Format >= release.FirstChained }

// links returns what the newest record names, by number.
func (c chain) links() map[int]release.Link {
	all := map[int]release.Link{}
	for _, l := range c[0].release.Chain {
		all[l.Number] = l
	}
	return all
}

// disagreement returns the number of a release that two chains name differently; 0 for none.
func disagreement(chain []release.Link, links map[int]release.Link) int {
	for _, l := range chain {
		if other, named := links[l.Number]; named && (other.Digest != l.Digest || other.Result != l.Result) {
			return l.Number
		}
	}
	return 0
}

// missing returns which records are gone that no clean-up removes.
func (c chain) missing(links map[int]release.Link, removed int) (all []string) {
	head := c[0].release
	if head.Invalid != "" || !c.isChained() {
		return nil
	}
	if first := head.Number - 1; first > removed && links[first].Digest == "" {
		all = append(all, fmt.Sprintf("release %d does not say which release %d it follows", head.Number, first))
	}
	retain := retention(head.Keep)
	retain(head.Result)
	for _, l := range head.Chain {
		present := slices.ContainsFunc(c, func(r *record) bool { return r.Number == l.Number })
		if !l.Pruned && retain(l.Result) && !present {
			all = append(all, fmt.Sprintf("the record of release %d is gone, and no davit has removed it", l.Number))
		}
	}
	return all
}

// unlike returns why the records are not those that this machine has seen, or their descent. What has been
// cleaned up since, and is too old to be in the chain, cannot be compared.
func (c chain) unlike(seen Seen, links map[int]release.Link) []string {
	if seen.Number == 0 {
		return nil
	}
	head := c[0]
	if head.Number < seen.Number {
		return []string{fmt.Sprintf("its last release is %d, and this machine has seen %d", head.Number,
			seen.Number)}
	}
	if i := slices.IndexFunc(c, func(r *record) bool { return r.Number == seen.Number }); i >= 0 {
		if release.DigestOf(c[i].text) == seen.Digest {
			return nil
		}
		return []string{fmt.Sprintf("release %d is not the one that this machine has seen", seen.Number)}
	}
	switch link, named := links[seen.Number]; {
	case named && link.Digest == seen.Digest:
		return nil
	case named:
		return []string{fmt.Sprintf("release %d follows another release %d than this machine has seen",
			head.Number, seen.Number)}
	case len(links) < chained && seen.Format >= release.FirstChained:
		return []string{fmt.Sprintf("release %d does not follow release %d, which this machine has seen",
			head.Number, seen.Number)}
	}
	return nil
}
