#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace ark::cli {

void define_completion(command& c) {
  struct options {
    std::string shell;
  };
  c.examples({{"ark completion bash > ~/.local/share/bash-completion/completions/ark",
               "for bash, from the next shell on"},
              {"source <(ark completion zsh)", "for this zsh"},
              {"ark completion fish > ~/.config/fish/completions/ark.fish", "for fish"}});
  auto o = c.options<options>();
  c.app()
      .add_option("SHELL", o->shell, "Which shell")
      ->required()
      ->type_name("")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  c.run([o](context& ctx) {
    ctx.out.write(completion_script(describe_all(), o->shell));
    return exit_code::ok;
  });
}

void define_man(command& c) {
  c.examples({{"ark man > ark.1", "the manual page"}, {"ark man | man -l -", "read it"}});
  c.run([](context& ctx) {
    ctx.out.write(man_page(describe_all()));
    return exit_code::ok;
  });
}

}  // namespace ark::cli
