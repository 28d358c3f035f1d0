package cli

import (
	"context"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
)

// A topic is a page of help on what several commands share.
type topic struct{ name, summary, page string }

// topics are the pages, as `davit help` lists them.
var topics = []topic{{"environments", "From dev to production: how a release is deployed, promoted and taken back",
	`An environment is a Compose project that davit brings to a release and keeps there. A project with a Compose file has
dev, on the Docker engine of this machine. project.toml declares more, one table each:

  [environments.dev]

  [environments.production]
  compose = ["compose.yaml", "compose.production.yaml"]
  engine = "ssh://deploy@www.example.com"

The lowest environment builds the images of its release. Each one above it gets the release that is healthy in the one
below, with the same images by their digests; nothing is built again.

  davit plan dev             show what a deploy would change, and run nothing
  davit deploy dev           show it, ask, build, start, and wait until all services are healthy
  davit deploy production    promote the release of the environment below
  davit status production    is it in sync with its release, and healthy?
  davit rollback production  return to the previous healthy release
  davit heal production      replace what is unhealthy or was changed by hand
  davit releases production  what was deployed, when and by whom; --all lists each change
  davit destroy dev          remove it; volumes stay, unless --volumes is given

A deploy that does not become healthy is taken back: the environment returns to the release that it had.`}}

// topicNamed returns the topic of a name.
func topicNamed(name string) (topic, bool) {
	i := slices.IndexFunc(topics, func(t topic) bool { return t.name == name })
	if i < 0 {
		return topic{}, false
	}
	return topics[i], true
}

// isTopic reports whether a word names a topic, and no target of the project.
func (c *call) isTopic(ctx context.Context, name string) bool {
	if _, ok := topicNamed(name); !ok {
		return false
	}
	p, err := c.open(ctx)
	if err != nil {
		return true
	}
	defer p.Close()
	return !p.HasTarget(name)
}

// topicHelp prints a topic.
func (c *call) topicHelp(name string) error {
	t, _ := topicNamed(name)
	return c.Streams.Printf("%s\n\n%s\n", ui.Lines("", t.summary), ui.Lines("", t.page))
}

// topicRows returns a row for each topic.
func topicRows() (rows [][]string) {
	for _, t := range topics {
		rows = append(rows, []string{"  help " + t.name, t.summary})
	}
	return rows
}
