import type { Command } from "../command.ts";
import { completionScript, SHELLS, shellOf } from "../completion/scripts.ts";

export const completion: Command = {
  name: "completion",
  about: "Print a completion script for bash, zsh or fish",
  positionals: [{ name: "shell", about: "bash, zsh or fish (default: that of $SHELL)", optional: true }],
  examples: [
    ["completion bash", "for ~/.bashrc: commands, options, and rules, runs and Actors of your tables"],
    ["completion zsh", "for ~/.zshrc"],
    ["completion fish", "for ~/.config/fish/completions/watchdog.fish"],
  ],
  notes:
    "The names of rules, runs and Actors are those of the tables that the line names; with --stack each key press asks AWS. The program must be called watchdog in your shell.",
  async run({ args, terminal, env }) {
    terminal.data(completionScript(args.choice("shell", SHELLS) ?? shellOf(env.SHELL)));
    return 0;
  },
};
