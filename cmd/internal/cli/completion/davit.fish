# fish completion for davit: davit completion fish | source
function __davit_complete
    set -l words (commandline -opc) (commandline -ct)
    davit __complete -- $words[2..-1] 2>/dev/null
end
complete -c davit -f -a '(__davit_complete)'
