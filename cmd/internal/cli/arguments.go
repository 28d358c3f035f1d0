package cli

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
)

// placeRunOptions returns args with the options before the command behind it, if they are options of a run
// and the command takes them: davit -n init means davit init -n. The parser knows these options only behind
// the command. It returns an error if the command does not take them.
func placeRunOptions(m *kong.Application, args []string) ([]string, error) {
	n, given := leadingRunOptions(m, args)
	if len(given) == 0 || n == len(args) {
		return args, nil
	}
	i := slices.IndexFunc(m.Children, func(c *kong.Node) bool { return c.Name == args[n] && c != m.DefaultCmd })
	switch {
	case i < 0:
		return args, nil // a target
	case flagNamed(m.Children[i].Flags, "dry-run") == nil:
		return nil, notOfRuns(given[0].Name, args[n])
	}
	return slices.Concat(args[n:n+1], args[:n], args[n+1:]), nil
}

// wordsFirst returns args with the options that stand between targets behind the last one: the parser takes words up to
// the first option behind one.
func wordsFirst(m *kong.Application, args []string) []string {
	n, _ := leadingRunOptions(m, args)
	command := commandOf(m, args)
	if p := command.Positional; len(p) != 1 || !p[0].IsSlice() || p[0].Passthrough {
		return args
	}
	words, options := slices.Clone(args[:n]), []string(nil)
	for i := n; i < len(args); i++ {
		if len(args[i]) < 2 || args[i][0] != '-' {
			words = append(words, args[i])
			continue
		}
		options = append(options, args[i])
		if _, more := flagsIn(flagsOf(m, args), args[i]); more && i+1 < len(args) {
			i++
			options = append(options, args[i])
		}
	}
	return append(words, options...)
}

// notOfRuns returns the error for an option of a run with a command that takes none.
func notOfRuns(option, command string) error {
	hint := helpOf(command)
	if option == "dry-run" && command == "deploy" {
		hint = "davit plan ENV shows what a deploy would change"
	}
	return fault.Preconditionf(hint, "--%s belongs to runs of targets; davit %s does not take it", option,
		command)
}

// helpOf returns the hint that names the help of a command.
func helpOf(command string) string {
	return "davit help " + command + " describes its arguments and options"
}

// leadingRunOptions returns the number of arguments before the first one that is no option, and the options
// of a run among them.
func leadingRunOptions(m *kong.Application, args []string) (n int, runs []*kong.Flag) {
	known := slices.Concat(m.Flags, m.DefaultCmd.Flags)
	for n < len(args) && len(args[n]) > 1 && args[n][0] == '-' {
		flags, more := flagsIn(known, args[n])
		n++
		if more {
			n++
		}
		for _, f := range flags {
			if slices.Contains(m.DefaultCmd.Flags, f) {
				runs = append(runs, f)
			}
		}
	}
	return min(n, len(args)), runs
}

// flagsIn returns the flags in one argument, and whether the next argument is the value of the last one.
func flagsIn(known []*kong.Flag, arg string) (flags []*kong.Flag, more bool) {
	if long, ok := strings.CutPrefix(arg, "--"); ok {
		name, _, hasValue := strings.Cut(long, "=")
		f := flagNamed(known, name)
		if f == nil {
			return nil, false
		}
		return []*kong.Flag{f}, !f.IsBool() && !hasValue
	}
	for i := 1; i < len(arg); i++ {
		j := slices.IndexFunc(known, func(f *kong.Flag) bool { return f.Short == rune(arg[i]) })
		if j < 0 {
			break
		}
		flags = append(flags, known[j])
		if !known[j].IsBool() {
			return flags, i == len(arg)-1
		}
	}
	return flags, false
}

// unfinished returns the flag that the arguments end with and whose value is missing, or nil.
func unfinished(m *kong.Application, args []string) *kong.Flag {
	if len(args) == 0 {
		return nil
	}
	flags, more := flagsIn(flagsOf(m, args), args[len(args)-1])
	if !more || !strings.HasPrefix(args[len(args)-1], "-") {
		return nil
	}
	return flags[len(flags)-1]
}

// flagsOf returns the flags that arguments may have: those of davit, and of the command that they name.
func flagsOf(m *kong.Application, args []string) []*kong.Flag {
	return slices.Concat(m.Flags, commandOf(m, args).Flags)
}

// commandOf returns the command that arguments name, or that which runs targets.
func commandOf(m *kong.Application, args []string) *kong.Node {
	n, _ := leadingRunOptions(m, args)
	node := m.Node
	for n < len(args) {
		i := slices.IndexFunc(node.Children, func(c *kong.Node) bool { return c.Name == args[n] })
		if i < 0 {
			break
		}
		node, n = node.Children[i], n+1
	}
	if node == m.Node {
		return m.DefaultCmd
	}
	return node
}

// valuesOf returns the hint with the values of a flag.
func valuesOf(f *kong.Flag) string {
	if known := enumOf(f.Value); len(known) > 0 {
		return "it is " + text.Or(known)
	}
	return f.Help
}

// enumOf returns the values that an option or argument may have, if its grammar lists them.
func enumOf(v *kong.Value) []string {
	return slices.DeleteFunc(v.EnumSlice(), func(s string) bool { return s == "" })
}

// flagNamed returns the flag of a name, or nil.
func flagNamed(flags []*kong.Flag, name string) *kong.Flag {
	for _, f := range flags {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// usage returns an error of the command line itself.
func usage(k *kong.Context, err error) error {
	hint := "davit --help shows the commands and options"
	if k != nil {
		if n := k.Selected(); n != nil && n.Name != runName {
			hint = helpOf(n.Path())
		}
		if reason := cmp.Or(wrongValue(k), missingArgument(k)); reason != "" {
			return fault.Preconditionf(hint, "%s", reason)
		}
	}
	reason, flag := flagOnly(err)
	if flag && (k == nil || k.Selected() == nil || k.Selected().Name == runName) {
		hint = "davit --help shows the commands and options; those of the command itself come behind --: davit test -- -run Foo"
	}
	return fault.Preconditionf(hint, "%s", reason)
}

// flagOnly returns an error about an unknown option without a long list of others, and whether it is one. A value that
// begins with a dash is no value.
func flagOnly(err error) (reason string, flag bool) {
	reason, flag = err.Error(), strings.HasPrefix(err.Error(), "unknown flag ")
	if name, rest, is := strings.Cut(reason, ": expected "); is {
		if wanted, got, is := strings.Cut(rest, " value but got "); is {
			got, _, _ = strings.Cut(got, " (")
			return fmt.Sprintf("%s: %s is no value, wanted a %s", name, got, wanted), false
		}
	}
	if head, _, long := strings.Cut(reason, ", did you mean one of "); flag && long {
		reason = head
	}
	return reason, flag
}

// missingCommand returns which commands the selected one has, if none of them was named, or "".
func missingCommand(k *kong.Context) string {
	n := k.Selected()
	if n == nil || len(n.Children) == 0 {
		return ""
	}
	var names []string
	for _, c := range n.Children {
		names = append(names, c.Name)
	}
	return "davit " + n.Path() + " needs a command: " + text.Or(names)
}

// missingArgument returns which argument the command needs, or "".
func missingArgument(k *kong.Context) string {
	n := k.Selected()
	if n == nil || k.Error != nil {
		return ""
	}
	for i, a := range n.Positional {
		if a.Required && !a.Set {
			return "davit " + n.Path() + " needs " + argumentsOf(n)[i].name
		}
	}
	return ""
}

// wrongValue returns what is wrong with the value of a given option or argument, or "". An empty value is
// mostly an empty variable of a shell, and would be the same as to leave out the option.
func wrongValue(k *kong.Context) string {
	for _, p := range k.Path {
		reason := ""
		switch {
		case p.Flag != nil && p.Flag.Target.Kind() == reflect.String:
			reason = wrongText(p.Flag.Value, "--"+p.Flag.Name, k.FlagValue(p.Flag), p.Flag.PlaceHolder)
		case p.Positional != nil && p.Positional.Enum != "" && k.Error == nil:
			reason = wrongText(p.Positional, strings.ToUpper(p.Positional.Name),
				p.Positional.Target.Interface(), "a word")
		}
		if reason != "" {
			return reason
		}
	}
	return ""
}

// wrongText returns what is wrong with a text, or "".
func wrongText(v *kong.Value, name string, given any, placeholder string) string {
	known := enumOf(v)
	switch {
	case given == "":
		return fmt.Sprintf("%s is empty, wanted %s", name, placeholder)
	case len(known) > 0 && !slices.Contains(known, fmt.Sprint(given)):
		return fmt.Sprintf("%s is %q, wanted %s", name, given, text.Or(known))
	}
	return ""
}

// decodeDuration reads the value of an option that is a time.
func decodeDuration(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("time", &text); err != nil {
		return err
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return fmt.Errorf("%q is not a time such as 90s or 5m", text)
	}
	target.SetInt(int64(d))
	return nil
}

// decodeNumber reads the value of an option that is a number, at least that of the tag "least".
func decodeNumber(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("number", &text); err != nil {
		return err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("%q is not a whole number", text)
	}
	if least, err := strconv.Atoi(ctx.Value.Tag.Get("least")); err == nil && n < least {
		return fmt.Errorf("%d is too small, wanted at least %d", n, least)
	}
	target.SetInt(int64(n))
	return nil
}
