package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// containerOptions are options of docker, and of docker compose, that have a value behind them.
var containerOptions = strings.Fields("-v --volume -e --env -w --workdir -u --user --name --network --net -p --publish --mount --env-file " +
	"--platform -m --memory --add-host -l --label -h --hostname --cpus --shm-size --cap-add --security-opt -f --file --profile " +
	"--project-name --tmpfs --gpus --ulimit --device --link --volumes-from --project-directory -H --host --context --pull -t --tag " +
	"--build-arg --cache-from --cache-to --secret --ssh --output -o --attach --scale --timeout")

// inContainer returns what a command runs in a container: the words there, if it names some, and its image, service or stage.
// One that goes on in the background only starts a service.
func inContainer(words []string) (image string, inner []string, ok bool) {
	if !slices.Contains([]string{"docker", "podman", "nerdctl", "docker-compose"}, path.Base(words[0])) {
		return "", nil, false
	}
	verb := ""
	var rest, entry []string
	for i := 1; i < len(words); i++ {
		option, value, joined := strings.Cut(words[i], "=")
		valued := !joined && i+1 < len(words)
		if valued {
			value = words[i+1]
		}
		switch {
		case option == "-d" || option == "--detach":
			return "", nil, false
		case verb == "up" && option == "--exit-code-from", verb == "build" && option == "--target":
			return value, nil, true
		case option == "--entrypoint":
			entry = []string{value}
			fallthrough
		case slices.Contains(containerOptions, option):
			if valued {
				i++
			}
		case strings.HasPrefix(option, "-"), verb == "" && slices.Contains([]string{"compose", "container", "buildx", "image"}, option):
		case verb == "":
			verb = option
		default:
			rest, i = words[i:], len(words)
		}
	}
	if len(rest) == 0 || verb != "run" && verb != "exec" {
		return "", nil, false
	}
	return rest[0], append(entry, rest[1:]...), true
}

// containedKind returns the kind of the check that a command runs in a container; "" if it is none, or not known.
func containedKind(words []string) string {
	image, inner, _ := inContainer(words)
	for _, c := range containedCommands(inner) {
		if kind := (Call{Command: c}).kind(); kind != "" {
			return kind
		}
	}
	name, _, _ := strings.Cut(path.Base(image), ":")
	if kind := kindOf()[name]; kind != "" {
		return kind
	}
	if len(inner) > 0 && KindOfName(inner[0]) != "" {
		return KindOfName(inner[0])
	}
	return KindOfName(name)
}

// containedCommands returns the commands of the words for a container: those of the text for "sh -c", if it is one.
func containedCommands(words []string) []recipes.Command {
	switch {
	case len(words) == 0:
		return nil
	case shellText(words) != "":
		return recipes.Commands(".", shellText(words))
	}
	return []recipes.Command{{Words: words, Dir: "."}}
}

// shellText returns the text that "sh -c" runs, or "".
func shellText(words []string) string {
	if !isShell(words[0]) {
		return ""
	}
	at := slices.IndexFunc(words, func(w string) bool { return len(w) > 1 && w[0] == '-' && w[1] != '-' && strings.HasSuffix(w, "c") })
	if at < 0 || at+1 == len(words) {
		return ""
	}
	return words[at+1]
}
