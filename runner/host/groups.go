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
	starting sync.RWMutex // is held for reading while a leader is started and not yet entered
	mu       sync.Mutex
	all      map[*group]bool
}

// start starts the leader of a group and enters it. For whoever looks at the groups both happen at once: a leader
// that no group knows is taken for the orphan of another.
func (gs *groups) start(leader func() (int, error), joined bool) (*group, error) {
	gs.starting.RLock()
	defer gs.starting.RUnlock()
	pid, err := leader()
	if err != nil {
		return nil, err
	}
	return gs.enter(pid, joined), nil
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

// markEnding marks a group as being stopped, and reports whether all others are being stopped too.
func (gs *groups) markEnding(g *group) (allEnding bool) {
	gs.mu.Lock()
	g.ending = true
	gs.mu.Unlock()
	_, allEnding = gs.others(g)
	return allEnding
}

// others returns the leaders of the other groups, and whether these are all being stopped.
func (gs *groups) others(g *group) (leaders map[int]bool, allEnding bool) {
	gs.starting.Lock()
	defer gs.starting.Unlock()
	gs.mu.Lock()
	defer gs.mu.Unlock()
	leaders, allEnding = map[int]bool{}, true
	for other := range gs.all {
		if other != g {
			leaders[other.leader] = true
			allEnding = allEnding && other.ending
		}
	}
	return leaders, allEnding
}
