#include "cli/cost_case.hpp"

#include "adapters/rows.hpp"
#include "cli/commands.hpp"
#include "cli/settings.hpp"
#include "os/os.hpp"

namespace ark::cli {
namespace {

constexpr std::size_t case_bytes_max = 256U << 20;

struct cost_options {
  std::string cases;
  bool check = false;
};

error no_cases(const std::string& file, const std::string& why) {
  return {.code = errc::config,
          .message = file + ": " + why +
                     R"(; the form is {"cases": [{"id", "usage", "prices", ...}]}, )" +
                     "see libark/doc/formats.md"};
}

result<worked::bj::value> read_case_list(const std::string& file) {
  const auto text = os::read_file(file, case_bytes_max);
  if (!text) return text.error();
  boost::system::error_code failed;
  worked::bj::value all = worked::bj::parse(*text, failed);
  if (failed) return no_cases(file, "is no JSON (" + failed.message() + ")");
  if (all.is_array()) return all;
  worked::bj::object* o = all.if_object();
  worked::bj::value* list = o != nullptr ? o->if_contains("cases") : nullptr;
  if (list == nullptr || !list->is_array()) return no_cases(file, "has no list of cases");
  return worked::bj::value(*list);
}

/// What the case expects and did not get; "" if all is as it should be, or nothing is expected.
std::string case_difference(const worked::bj::value& c, const worked::case_bill& got) {
  const auto* expected = c.is_object() ? worked::object_at(c.get_object(), "expected") : nullptr;
  if (expected == nullptr) return {};
  const std::string total = worked::text_at(*expected, "total");
  // The cases write 0 where nothing is confirmed.
  if (!got.total && total == "0") return {};
  const std::string ours = got.total ? got.total->to_string() : "unknown (" + got.reason + ")";
  return ours == total ? std::string{} : got.id + ": expected " + total + ", got " + ours;
}

exit_code evaluate_cases(context& ctx, const cost_options& o) {
  const auto cases = read_case_list(o.cases);
  if (!cases) return ctx.fail(cases.error());
  const auto book = catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {});
  if (!book) return ctx.fail(book.error());
  std::size_t wrong = 0;
  for (const worked::bj::value& c : cases->get_array()) {
    const worked::case_bill bill = worked::price_case(c, **book);
    ctx.out.line(worked::to_json(bill));
    const std::string differs = o.check ? case_difference(c, bill) : std::string{};
    if (differs.empty()) continue;
    ++wrong;
    ctx.warn(differs);
  }
  ctx.out.flush();
  if (wrong == 0) return exit_code::ok;
  ctx.warn(std::to_string(wrong) + " of " + std::to_string(cases->get_array().size()) +
           " cases differ from what they expect");
  return exit_code::no;
}

}  // namespace

void define_cost(command& c) {
  auto evaluates = c.verb("eval", "Price worked cases: usage, price card and facts from a file");
  c.examples({{"ark cost eval --cases cases.json", "one JSON line for each case"},
              {"ark cost eval --cases cases.json --check", "compare with what they expect"}});
  evaluates.examples({{"ark cost eval --cases cases.json", "id, currency, total and lines of each"},
                      {"ark cost eval --cases cases.json --check > bills.jsonl",
                       "exit code 1 if a total differs"}});
  auto o = evaluates.options<cost_options>();
  const auto set = evaluates.parameters();
  set.add_option("--cases", o->cases, "File with the cases").type_name("FILE").required();
  set.add_flag("--check", o->check, "Compare with each case's expected total");
  evaluates.run([o](context& ctx) { return evaluate_cases(ctx, *o); });
}

}  // namespace ark::cli
