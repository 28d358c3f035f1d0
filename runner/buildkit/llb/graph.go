package llb

import (
	"fmt"
	"slices"

	"github.com/moby/buildkit/client/llb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/runner"
)

// A Graph has the steps that have been translated to LLB. It is not safe for concurrent use.
type Graph struct {
	options Options
	nodes   map[string]*Node
}

// NewGraph returns an empty graph.
func NewGraph(f Options) *Graph { return &Graph{options: f, nodes: map[string]*Node{}} }

// A Node is one step.
type Node struct {
	Step runner.Step
	// Source has the files of the project that the step sees.
	Source Source
	// Before and After are /src before and after the step.
	Before, After llb.State
	// Report is the folder Reports after the step; empty if no report is collected.
	Report llb.State
	// Check is /src after the check of the environment that the step provides. It fails if the step is needed.
	Check llb.State
	// Name is the name of the command's vertex.
	Name string
	// Platform is the platform that the step runs on.
	Platform ocispecs.Platform

	rootBefore llb.State // the root file system before the step
	rootAfter  llb.State // the root file system after it
	image      string    // reference of the image
	needs      []*Node   // the needed steps that are in the graph, direct ones first
}

// Node returns a step that has been added, or nil.
func (g *Graph) Node(id string) *Node { return g.nodes[id] }

// Add translates a step to LLB. The steps that it needs have been added before, except those that run
// elsewhere, whose outputs are among its sources.
func (g *Graph) Add(s runner.Step, source Source) (*Node, error) {
	n := &Node{Step: s, Source: source, Name: "[" + s.ID + "] " + s.Command(), Platform: g.Platform(s)}
	n.needs = g.closure(s)
	if err := g.setRoot(n); err != nil {
		return nil, err
	}
	n.Before = g.folderBefore(n)
	n.setAfter(g)
	g.nodes[s.ID] = n
	return n, nil
}

// Skip marks a step as not needed: its folder and root file system stay as they were before it.
func (g *Graph) Skip(id string) {
	n := g.nodes[id]
	n.After, n.rootAfter = n.Before, n.rootBefore
}

// closure returns all steps of the graph that a step needs, the direct ones first.
func (g *Graph) closure(s runner.Step) (found []*Node) {
	add := func(n *Node) {
		if n != nil && !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	for _, id := range s.Plan.Needs {
		add(g.nodes[id])
	}
	for _, n := range slices.Clone(found) {
		for _, further := range n.needs {
			add(further)
		}
	}
	return found
}

// setRoot sets the root file system that a step starts from.
func (g *Graph) setRoot(n *Node) error {
	if n.Step.Tool == nil || n.Step.Tool.Image == "" {
		return fmt.Errorf("step %q names no image to run in", n.Step.ID)
	}
	n.image = n.Step.Tool.Image
	if len(n.needs) > 0 && n.needs[0].image == n.image && samePlatform(n.needs[0].Platform, n.Platform) {
		n.rootBefore = n.needs[0].rootAfter
		return nil
	}
	image, ok := g.options.Images[n.image]
	if !ok {
		return fmt.Errorf("step %q runs in %q, which has not been resolved", n.Step.ID, n.image)
	}
	root, err := llb.Image(image.Ref, llb.ResolveModePreferLocal, llb.Platform(n.Platform),
		llb.WithCustomName("image "+n.image)).WithImageConfig(image.Config)
	// that of the engine, which is root; an image without a list of users may not know it by name
	n.rootBefore = root.User("")
	return err
}

func samePlatform(a, b ocispecs.Platform) bool {
	return a.OS == b.OS && a.Architecture == b.Architecture && a.Variant == b.Variant
}
