package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
)

// newParser returns the parser of the grammar.
func (c *call) newParser(g *grammar) (*kong.Kong, error) {
	parser, err := kong.New(g,
		kong.Name("davit"),
		kong.Description(
			"The same commands for any project. Run davit without arguments to list its targets."),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), kong.MapperFunc(decodeDuration)),
		kong.TypeMapper(reflect.TypeFor[int](), kong.MapperFunc(decodeNumber)),
	)
	if err == nil {
		hideRuns(parser.Model.Children)
		parser.Model.HelpFlag.Help = "Show this help"
	}
	return parser, err
}

// hideRuns hides the flags that a command accepts only because a target of the project may have its name.
func hideRuns(commands []*kong.Node) {
	for _, command := range commands {
		for _, f := range command.Flags {
			f.Hidden = f.Hidden || f.Group != nil && f.Group.Key == "run" && !(f.Name == "sign" && signs(command.Name))
		}
	}
}

// parse parses the arguments. Its error is one sentence with the help to read.
func (c *call) parse(args []string) (*kong.Context, error) {
	typed := args
	args, err := c.givenWay(args)
	yielded := len(args) > len(typed)
	if err == nil {
		args, err = placeRunOptions(c.parser.Model, args)
	}
	if err != nil {
		return nil, err
	}
	args = wordsFirst(c.parser.Model, args)
	parsed, err := c.read(args)
	if f := unfinished(c.parser.Model, args); err != nil && f != nil {
		return nil, fault.Preconditionf(valuesOf(f), "--%s needs a value: %s", f.Name, f.PlaceHolder)
	}
	if err != nil && yielded && strings.HasPrefix(err.Error(), "unknown flag ") {
		reason, _ := flagOnly(err)
		return nil, fault.Preconditionf(runner.Quote(append([]string{"davit", "--command"}, typed...))+
			" runs the command of davit, in place of the project's own target", "%s", reason)
	}
	if err != nil {
		return nil, usage(parsed, err)
	}
	return parsed, nil
}

// read reads arguments into the grammar, and prints the help or the version if they ask for it. It does so in the steps of
// kong's own Parse, and is used in its place: Parse and Run of kong look for methods by their names, because of which every
// exported method of every type would be a part of davit, a megabyte more.
func (c *call) read(args []string) (*kong.Context, error) {
	parsed, err := kong.Trace(c.parser, args)
	if err = cmp.Or(err, parsed.Error); err != nil {
		return parsed, err
	}
	c.inform(parsed)
	if err := parsed.Reset(); err != nil {
		return parsed, err
	}
	if _, err := parsed.Apply(); err != nil {
		return parsed, err
	}
	if c.done {
		return parsed, nil
	}
	return parsed, misuse(parsed)
}

// inform prints the help and the version, if the arguments ask for them.
func (c *call) inform(parsed *kong.Context) {
	for _, p := range parsed.Path {
		switch {
		case p.Flag == nil:
		case p.Flag == c.parser.Model.HelpFlag:
			c.help(parsed)
			c.done = true
		case p.Flag.Name == "version":
			c.Streams.Printf("%s\n", versionLine())
			c.done = true
		}
	}
}

// misuse returns what is wrong with arguments that the parser accepts.
func misuse(parsed *kong.Context) error {
	if reason := cmp.Or(missingCommand(parsed), wrongValue(parsed), missingArgument(parsed), exclusive(parsed.Flags())); reason != "" {
		return errors.New(reason)
	}
	return nil
}

// exclusive returns which options of one group are given, if only one may be, or "".
func exclusive(flags []*kong.Flag) string {
	given := map[string]*kong.Flag{}
	for _, f := range flags {
		for _, group := range f.Xor {
			if other := given[group]; f.Set && other != nil {
				return fmt.Sprintf("--%s and --%s can't be used together", other.Name, f.Name)
			} else if f.Set {
				given[group] = f
			}
		}
	}
	return ""
}

// dispatch runs the command that was selected.
func (c *call) dispatch(ctx context.Context, selected *kong.Node) error {
	switch given := selected.Target.Addr().Interface().(type) {
	case simpleCommand:
		return given.Run(c)
	case command:
		return given.Run(ctx, c)
	}
	panic("the command " + selected.Name + " has no method Run") // cannot happen: a test looks at all commands
}

// A command is a command of the grammar. A simpleCommand waits for nothing.
type (
	command interface {
		Run(context.Context, *call) error
	}
	simpleCommand interface{ Run(*call) error }
)
