/** Shells that completion scripts are made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** How a script asks the program what may stand where the cursor is: behind it come the words of the line, the one at the cursor last. */
export const ASKED = "--get-yargs-completions";

/** Where nothing fits, file names do, as for a policy. What goes wrong must not stand in the line that is being typed. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# watchdog completion bash >> ~/.bashrc
_watchdog() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    if [[ "$word" == "\${COMP_WORDS[COMP_CWORD]}"* ]]; then COMPREPLY+=("$word"); fi
  done < <(watchdog ${ASKED} "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}
complete -o bashdefault -o default -F _watchdog watchdog`,
  zsh: `#compdef watchdog
# watchdog completion zsh >> ~/.zshrc
_watchdog() {
  local -a found
  found=(\${(f)"$(SHELL=zsh watchdog ${ASKED} "\${(@)words[1,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then _describe values found; else _files; fi
}
if [ "$funcstack[1]" = "_watchdog" ]; then _watchdog "$@"; else compdef _watchdog watchdog; fi`,
  fish: `# watchdog completion fish > ~/.config/fish/completions/watchdog.fish
complete -c watchdog -a '(SHELL=fish watchdog ${ASKED} (commandline -opc) (commandline -ct) 2>/dev/null)'`,
};

/** The script that a shell reads once. */
export const completionScript = (shell: Shell): string => SCRIPTS[shell];

/** The shell that somebody uses, as far as its path tells. */
export const shellOf = (path = ""): Shell => SHELLS.find((each) => path.endsWith(each)) ?? "bash";
