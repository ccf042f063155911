#include <unistd.h>

#include <atomic>
#include <map>
#include <optional>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "eval/junit.hpp"
#include "eval/runner.hpp"
#include "eval/summary.hpp"

namespace ark::cli {
namespace {

struct eval_options {
  std::string suite;
  std::string output;
  std::string junit;
  std::string filter;
  std::vector<std::string> models;
  int concurrency = 0;
  bool fresh = false;
};

/// What goes on, for the progress line; counted on the run's thread, shown from another.
struct tally {
  std::atomic<std::int64_t> done{0}, failed{0}, errors{0};
};

std::string progress_text(const tally& t, std::size_t whole) {
  return std::to_string(t.done) + " of " + std::to_string(whole) + " answers, " +
         std::to_string(t.failed) + " failed, " + std::to_string(t.errors) + " errors";
}

/// The rows of this suite's questions, whichever run they are from, in the suite's order.
std::vector<eval::row> rows_of(const std::vector<eval::question>& questions,
                               const std::vector<eval::row>& old,
                               const std::vector<eval::row>& made) {
  std::map<std::string, const eval::row*> known;
  for (const auto& r : old) known[r.key()] = &r;
  for (const auto& r : made) known[r.key()] = &r;
  std::vector<eval::row> out;
  for (const auto& q : questions) {
    const eval::row key{.prompt_id = q.prompt_id, .model = q.model, .case_id = q.case_id};
    if (const auto at = known.find(key.key()); at != known.end()) out.push_back(*at->second);
  }
  return out;
}

void tell_failures(context& ctx, const std::vector<eval::row>& rows) {
  constexpr int shown_max = 20;
  int shown = 0;
  for (const auto& r : rows) {
    if (r.status == eval::row_status::pass || shown++ >= shown_max) continue;
    std::string why = r.error_message;
    for (const auto& v : r.verdicts)
      if (!v.pass && why.empty()) why = v.type + ": " + v.reason;
    ctx.note(printable(std::string(eval::to_string(r.status)) + "  " + r.model + "  " + r.case_id +
                       "  " + why));
  }
  if (shown > shown_max)
    ctx.note("... and " + std::to_string(shown - shown_max) + " more; all are in the results");
}

exit_code tell(context& ctx, const eval_options& o, const eval::suite& suite,
               const std::string& path, const std::vector<eval::row>& rows) {
  if (!o.junit.empty()) {
    const auto written = os::write_file(o.junit, eval::junit_xml(suite.name, rows), 0644);
    if (!written) return ctx.fail(written.error());
  }
  const auto models = eval::summarise(rows);
  if (ctx.json()) {
    ctx.out.line(eval::summary_json(suite.name, path, models));
  } else {
    tell_failures(ctx, rows);
    ctx.out.write(eval::table(models));
    ctx.note("results: " + path);
  }
  std::int64_t failed = 0, errors = 0;
  for (const auto& m : models) {
    failed += m.failed;
    errors += m.errors;
  }
  return failed > 0 ? exit_code::no : errors > 0 ? exit_code::vendor : exit_code::ok;
}

/// Asks what is left. The rows that were made stand in `made`, also when it was interrupted.
result<void> ask(context& ctx, const eval_options& o, const eval::suite& suite,
                 const std::vector<eval::question>& left, eval::results_file& results,
                 std::vector<eval::row>& made) {
  auto client = ctx.make_client();
  if (!client) return client.error();
  tally t;
  std::optional<interrupt_scope> scope;
  progress line(ctx, [&] { return progress_text(t, left.size()); });
  const eval::run_options options{
      .concurrency = o.concurrency > 0 ? o.concurrency : suite.settings.concurrency,
      .run = suite.name + "-" + std::to_string(::getpid()),
      .on_row =
          [&](const eval::row& r) {
            ++t.done;
            if (r.status == eval::row_status::fail) ++t.failed;
            if (r.status == eval::row_status::error) ++t.errors;
            made.push_back(r);
          },
      .on_begin = [&](auto stop) { scope.emplace(std::move(stop)); }};
  return eval::run_questions(*client, left, results, options);
}

/// A model of a known vendor may be new or the user's own; an unknown vendor is a mistake.
result<void> check_models(context& ctx, const eval::suite& suite) {
  const auto catalogue = ctx.make_catalogue();
  if (!catalogue) return catalogue.error();
  return suite.check_models([&](const std::string& model) -> result<void> {
    if (auto route = catalogue->plan({.model = model}); !route) return route.error();
    return {};
  });
}

exit_code run_suite(context& ctx, const eval_options& o) {
  auto suite = eval::load_suite(o.suite);
  if (!suite) {
    const bool told_in_the_file = suite.error().code == errc::config;
    return told_in_the_file ? ctx.fail(suite.error()) : ctx.wrong_usage(suite.error().message);
  }
  if (!o.models.empty()) {
    suite->models = o.models;
    suite->model_places.assign(o.models.size(), "--model");
  }
  if (auto ok = check_models(ctx, *suite); !ok) return ctx.fail(ok.error());
  auto questions = suite->questions(o.filter);
  if (!questions) return ctx.fail(questions.error());
  if (questions->empty())
    return ctx.wrong_usage("no case of the suite has \"" + o.filter + "\" in its id");
  const std::string path = o.output.empty() ? o.suite + ".results.jsonl" : o.output;
  auto results = eval::results_file::open(path, *suite, o.fresh);
  if (!results) return ctx.fail(results.error());
  const auto left = eval::pending(*questions, results->rows());
  const std::size_t kept = questions->size() - left.size();
  if (kept > 0)
    ctx.note(std::to_string(kept) + " of " + std::to_string(questions->size()) +
             " answers are kept from an earlier run" +
             (left.empty() ? "; nothing is asked (--fresh begins anew)" : ""));
  std::vector<eval::row> made;
  const auto asked = left.empty() ? result<void>{} : ask(ctx, o, *suite, left, *results, made);
  if (!asked) return ctx.fail(asked.error());
  const auto told = tell(ctx, o, *suite, path, rows_of(*questions, results->rows(), made));
  if (made.size() == left.size()) return told;
  ctx.warn("interrupted after " + std::to_string(made.size()) + " of " +
           std::to_string(left.size()) + " answers; the same command goes on");
  return exit_code::interrupted;
}

}  // namespace

void define_eval(command& c) {
  c.examples({{"ark eval run suite.yaml", "ask all models all cases, judge the answers"},
              {"ark eval run suite.yaml --filter math --junit report.xml", "some cases, for CI"}});
  auto verb = c.verb("run", "Run a suite; a run that was stopped goes on where it was");
  verb.examples({{"ark eval run suite.yaml", "results go to suite.yaml.results.jsonl"},
                 {"ark eval run suite.yaml --output out.jsonl --concurrency 32", "faster"},
                 {"ark eval run suite.yaml -m auto -m openai/gpt-5-mini", "other models"}});
  auto o = verb.options<eval_options>();
  const auto set = verb.parameters();
  set.add_option("SUITE", o->suite, "The suite: YAML or JSON").required().type_name("FILE");
  set.add_option("-o,--output", o->output, "Results as JSON lines; rows in it are not asked again")
      .type_name("FILE");
  set.add_option("--junit", o->junit, "Write a JUnit XML report too").type_name("FILE");
  set.add_option("-m,--model", o->models, "Ask this model instead of the suite's")
      .type_name("MODEL")
      .one_value_each();
  set.add_option("--filter", o->filter, "Only cases with this in their id").type_name("TEXT");
  set.add_option("--concurrency", o->concurrency, "Calls in flight")
      .type_name("N")
      .between(1, 4096);
  set.add_flag("--fresh", o->fresh, "Throw away earlier results first");
  verb.run([o](context& ctx) { return run_suite(ctx, *o); });
}

}  // namespace ark::cli
