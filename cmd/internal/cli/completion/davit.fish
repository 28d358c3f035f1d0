# fish completion for davit: davit completion fish | source
function __davit_complete
    set -l typed (commandline -ct)
    set -l last (string unescape -- $typed; or echo -- $typed)
    set -l words (commandline -opc) "$last"
    set -l found (davit __complete -- $words[2..-1] 2>/dev/null)
    if count $found >/dev/null
        printf '%s\n' $found
    else
        __fish_complete_path "$last"
    end
end
complete -c davit -f -a '(__davit_complete)'
