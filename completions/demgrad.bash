# demgrad's completions for bash: what may follow, demgrad itself says.

_demgrad() {
    # bash takes = and : for words of their own; what stands together is one word here.
    local rest=${COMP_LINE:0:COMP_POINT} words=() i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if [[ $i -eq 0 || $rest == [[:space:]]* ]]; then
            words+=("")
            rest=${rest#"${rest%%[![:space:]]*}"}
        fi
        words[-1]+=${COMP_WORDS[i]}
        rest=${rest#"${COMP_WORDS[i]}"}
    done
    local begun=${words[-1]} offered=() line
    while IFS= read -r line; do
        case $line in
        @files) mapfile -t -O ${#offered[@]} offered < <(compgen -f -- "$begun") && compopt -o filenames ;;
        @folders) mapfile -t -O ${#offered[@]} offered < <(compgen -d -- "$begun") && compopt -o filenames ;;
        *) offered+=("$line") ;;
        esac
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
    # It replaces what follows the last of them alone.
    local before=
    [[ $begun != *[=:]* ]] || before=${begun%"${begun##*[=:]}"}
    COMPREPLY=("${offered[@]#"$before"}")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace
}
complete -F _demgrad demgrad
