#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <ark/testing.hpp>
#include <cerrno>

#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/sim_price.hpp"
#include "sim/fault.hpp"

namespace ark::cli {
namespace {

struct sim_options {
  testing::simulator_options simulator;
  bool until_eof = false;
  bool tell_faults = false;
};

/// What a vendor's settings must be for it to be simulated. The dialect is that of its row.
struct simulated_vendor {
  const char* variable;  ///< as in ARK_<variable>_BASE_URL
  const char* dialect;
};
constexpr simulated_vendor simulated_vendors[] = {{"OPENAI", "openai"},
                                                  {"ANTHROPIC", "anthropic"},
                                                  {"DEEPSEEK", "openai"},
                                                  {"VOLCENGINE_ARK", "volcengine"}};

void tell_words(context& ctx, const testing::simulator& sim, const sim_options& o) {
  const std::string key = o.simulator.keys.empty() ? "any" : o.simulator.keys.front();
  ctx.out.line("ark sim listens on " + sim.origin() + "; Ctrl-C ends it. Settings for ark:");
  for (const auto& [name, dialect] : simulated_vendors) {
    ctx.out.line("  export ARK_" + std::string(name) + "_BASE_URL=" + sim.base_url(dialect));
    ctx.out.line("  export ARK_" + std::string(name) + "_KEY=" + key);
  }
  if (o.simulator.tls) ctx.out.line("  export ARK_CA_FILE=" + sim.ca_file());
  ctx.out.line("What was asked and would be billed: " + sim.origin() + "/__journal");
}

void tell_json(context& ctx, const testing::simulator& sim) {
  std::string text;
  json::writer w{text};
  w.begin_object();
  w.key("port").number(std::int64_t{sim.port()});
  w.key("pid").number(std::int64_t{::getpid()});
  w.key("origin").string(sim.origin());
  w.key("openai").string(sim.base_url("openai"));
  w.key("anthropic").string(sim.base_url("anthropic"));
  w.key("volcengine").string(sim.base_url("volcengine"));
  w.key("ca_file").string(sim.ca_file());
  w.key("journal").string(sim.origin() + "/__journal");
  w.end_object();
  ctx.out.line(text);
}

/// Returns when `stop` is signalled, or standard input ends and that was asked for.
void wait_for_end(int stop, bool until_eof) {
  pollfd waiting[2] = {{stop, POLLIN, 0}, {until_eof ? STDIN_FILENO : -1, POLLIN, 0}};
  char ignored[4096];
  while (true) {
    if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if (waiting[0].revents != 0) return;
    if (waiting[1].revents != 0 && ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0) return;
  }
}

exit_code simulate(context& ctx, const sim_options& o) {
  if (o.tell_faults) {
    ctx.out.write(testing::fault_help());
    return exit_code::ok;
  }
  auto options = o.simulator;
  auto price = catalogue_price(ctx);
  if (!price) return ctx.fail(price.error());
  options.price = std::move(*price);
  auto sim = testing::simulator::start(std::move(options));
  if (!sim) {
    return sim.error().code == errc::invalid_request ? ctx.wrong_usage(sim.error().message)
                                                     : ctx.fail(sim.error());
  }
  const int stop = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  {
    const interrupt_scope scope([stop] {
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto written = ::write(stop, &one, sizeof one);
    });
    if (ctx.json())
      tell_json(ctx, *sim);
    else
      tell_words(ctx, *sim, o);
    ctx.out.flush();
    wait_for_end(stop, o.until_eof);
  }
  ::close(stop);
  sim->stop();
  if (!ctx.json())
    ctx.note("ark sim: " + std::to_string(sim->journal().size()) + " requests served");
  return exit_code::ok;
}

}  // namespace

void define_sim(command& c) {
  c.examples({{"ark sim", "on any free port; prints the settings that point ark to it"},
              {"ark sim --port 8080 --fault status=503@every=5", "every fifth request fails"},
              {"ark sim --latency 200ms..2s+10ms --tls", "slow, with a certificate of its own"},
              {"curl http://127.0.0.1:8080/__journal",
               "what was asked and what it would cost, in money"}});
  auto o = c.options<sim_options>();
  auto& s = o->simulator;
  const auto set = c.parameters();
  set.add_option("--port", s.port, "Port on 127.0.0.1; 0 for any (default)").type_name("N");
  set.add_flag("--tls", s.tls, "HTTPS, with a certificate made at the start");
  set.add_option("--seed", s.seed, "Same seed, same requests: same answers").type_name("N");
  set.add_option("--latency", s.latency,
                 "FIRST[..MAX][+TOKEN[..MAX]]: before the first byte, and for each token")
      .type_name("TIME");
  set.add_option("--fault", s.faults, "What goes wrong, and when; --faults tells the grammar")
      .type_name("RULE")
      .one_value_each();
  set.add_option("--key", s.keys, "Accept this key only; default: any")
      .type_name("KEY")
      .one_value_each();
  set.add_option("--model", s.models, "Know this model only; default: any")
      .type_name("MODEL")
      .one_value_each();
  set.add_option("--context", s.context_tokens, "Refuse longer prompts").type_name("TOKENS");
  set.add_flag("--fallible", s.fallible,
               "Small models (mini, flash, haiku, ...) are wrong now and then");
  set.add_flag("--faults", o->tell_faults, "Tell how fault rules are written, and end");
  set.add_flag("--until-eof", o->until_eof, "End when standard input ends");
  c.run([o](context& ctx) { return simulate(ctx, *o); });
}

}  // namespace ark::cli
