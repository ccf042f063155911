#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/settings.hpp"
#include "cli/tokens_verbs.hpp"

namespace ark::cli {
namespace {

void print_words(context& ctx, bool vendors_only, const std::vector<vendor_info>& vendors) {
  if (vendors_only) {
    for (const auto& each : vendors) ctx.out.line(each.name);
    return;
  }
  constexpr std::string_view place = "NAME";
  for (const auto& each : setting_names()) {
    const auto at = each.path.find(place);
    if (at == std::string::npos) {
      ctx.out.line(each.path);
      continue;
    }
    for (const auto& vendor : vendors) {
      ctx.out.line(std::string{each.path}.replace(at, place.size(), vendor.name));
    }
  }
}

exit_code print_encodings(context& ctx) {
  const auto all = installed_vocabularies(ctx);
  if (!all) return ctx.fail(all.error());
  const auto names = all->names();
  if (!names) return ctx.fail(names.error());
  for (const auto& each : *names) ctx.out.line(each);
  return exit_code::ok;
}

}  // namespace

void define_completion(command& c) {
  struct options {
    std::string shell;
  };
  c.examples({{"ark completion bash > ~/.local/share/bash-completion/completions/ark",
               "for bash, from the next shell on"},
              {"source <(ark completion zsh)", "for this zsh"},
              {"ark completion fish > ~/.config/fish/completions/ark.fish", "for fish"}});
  auto o = c.options<options>();
  c.parameters()
      .add_option("SHELL", o->shell, "Which shell")
      .required()
      .type_name("")
      .one_of({"bash", "zsh", "fish"});
  c.run([o](context& ctx) {
    ctx.out.write(completion_script(describe_all(), o->shell));
    return exit_code::ok;
  });
}

void define_complete(command& c) {
  struct options {
    std::string what;
  };
  c.examples({{"ark complete vendors", "what `ark keys set` may be given"},
              {"ark complete settings", "what `ark config set` may be given"},
              {"ark complete encodings", "what `ark tokens count -e` may be given"}});
  auto o = c.options<options>();
  c.parameters()
      .add_option("WHAT", o->what, "Which words")
      .required()
      .type_name("")
      .one_of({"vendors", "settings", "encodings"});
  c.run([o](context& ctx) {
    if (o->what == "encodings") return print_encodings(ctx);
    const auto client = ctx.make_catalogue();
    if (!client) return ctx.fail(client.error());
    print_words(ctx, o->what == "vendors", client->vendors());
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
