# demgrad's completions for fish: what may follow, demgrad itself says.

function __demgrad_complete
    set -l words (commandline -opc)
    set -l begun (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] "$begun" 2>/dev/null)
        switch $line
            case @files
                __fish_complete_path "$begun"
            case @folders
                __fish_complete_directories "$begun"
            case '*'
                echo $line
        end
    end
end
complete -c demgrad -f -a '(__demgrad_complete)'
