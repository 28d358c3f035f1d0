package host

import "sync"

// A group is a running process with all that it started.
type group struct {
	leader int
	joined bool // it is in this process's own group
	birth  birth
	ending bool
}

// groups are all running groups.
type groups struct {
	mu  sync.Mutex
	all map[*group]bool
}

func (gs *groups) enter(leader int, joined bool) *group {
	g := &group{leader: leader, joined: joined, birth: birthOf(leader)}
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if gs.all == nil {
		gs.all = map[*group]bool{}
		adoptOrphans()
	}
	gs.all[g] = true
	return g
}

func (gs *groups) leave(g *group) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	delete(gs.all, g)
}

// markEnding marks a group as being stopped. It returns the leaders of the other groups, and whether these
// are all being stopped too.
func (gs *groups) markEnding(g *group) (otherLeaders map[int]bool, allEnding bool) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	g.ending, allEnding = true, true
	otherLeaders = map[int]bool{}
	for other := range gs.all {
		if other != g {
			otherLeaders[other.leader] = true
			allEnding = allEnding && other.ending
		}
	}
	return otherLeaders, allEnding
}
