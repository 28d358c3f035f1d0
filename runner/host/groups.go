package host

import "sync"

// group is a process that runs, with all that it started.
type group struct {
	leader int
	joined bool // it is in this process's own group
	birth  birth
	ending bool
}

// groups are the ones that run.
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
		adopt()
	}
	gs.all[g] = true
	return g
}

func (gs *groups) leave(g *group) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	delete(gs.all, g)
}

// end marks a group as one that is being stopped. It returns the leaders of the others, and whether all of them are too.
func (gs *groups) end(g *group) (others map[int]bool, all bool) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	g.ending, all = true, true
	others = map[int]bool{}
	for other := range gs.all {
		if other != g {
			others[other.leader] = true
			all = all && other.ending
		}
	}
	return others, all
}
