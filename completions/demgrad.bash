# demgrad's completions for bash: what may follow, demgrad itself says.

_demgrad() {
    local begun=${COMP_WORDS[COMP_CWORD]} line offered=()
    # bash takes = and : for words of their own.
    if declare -F _get_comp_words_by_ref >/dev/null; then
        local cur words cword
        _get_comp_words_by_ref -n '=:' cur words cword
        begun=$cur
    else
        local words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
    fi
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        @files) mapfile -t -O ${#offered[@]} offered < <(compgen -f -- "$begun") && compopt -o filenames ;;
        @folders) mapfile -t -O ${#offered[@]} offered < <(compgen -d -- "$begun") && compopt -o filenames ;;
        *) offered+=("$line") ;;
        esac
    done < <("${words[0]}" __complete "${words[@]:1:cword}" 2>/dev/null)
    COMPREPLY=("${offered[@]}")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace
    if declare -F __ltrim_colon_completions >/dev/null; then
        __ltrim_colon_completions "$begun"
    fi
}
complete -F _demgrad demgrad
