#include "cli/prices_update.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>

#include "base/json.hpp"
#include "base/text.hpp"
#include "catalog/row_text.hpp"
#include "cli/mistake.hpp"
#include "cli/prices_book.hpp"
#include "cli/prices_plan.hpp"
#include "os/os.hpp"
#include "sign/digest.hpp"

namespace ark::cli {
namespace {

bool is_new(const planned_price& p) {
  return !p.change.changes.empty() || !p.change.alarms.empty();
}

std::string date_of(std::chrono::system_clock::time_point at) {
  const std::chrono::year_month_day d{std::chrono::floor<std::chrono::days>(at)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                     static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

/// "20261128T101500Z": files in the order of their names are in the order of their making.
std::string stamp_of(std::chrono::system_clock::time_point at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at - day).count();
  std::string date = date_of(at);
  std::erase(date, '-');
  return fmt::format("{}T{:02}{:02}{:02}Z", date, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void tell(context& ctx, const planned_price& p) {
  ctx.note(p.id + " from " + p.from_date + ":");
  for (const std::string& change : p.change.changes) ctx.note("  " + change);
  for (const std::string& alarm : p.change.alarms) ctx.warn("  ! " + p.id + ": " + alarm);
}

bool is_named(const std::vector<std::string>& names, const std::string& id) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == id || id.ends_with("/" + name);
  });
}

/// A person at a terminal says yes or no to one model.
bool ask(context& ctx, const planned_price& p) {
  ctx.begin_message();
  ctx.err.write("Take over " + printable(p.id) + " all the same? [y/N] ").flush();
  const auto line = ctx.in.read_line(1000);
  const auto word = line ? text::lower(*line) : std::string{};
  ctx.err.line().flush();
  return word == "y" || word == "yes";
}

/// Takes out of the plan what a person at the terminal does not want; without a terminal tells what
/// nobody agreed to, and the plan is not carried out.
std::vector<std::string> refused(context& ctx, const update_options& o,
                                 std::vector<planned_price>& plan) {
  std::vector<std::string> out;
  const bool can_ask = ctx.in.is_terminal() && ctx.err.is_terminal();
  std::erase_if(plan, [&](const planned_price& p) {
    if (p.change.alarms.empty() || o.yes || is_named(o.accept, p.id)) return false;
    if (can_ask) return !ask(ctx, p);
    out.push_back(p.id);
    return false;
  });
  return out;
}

result<std::vector<std::string>> keep(context& ctx, const std::vector<price_file>& files,
                                      const std::vector<planned_price>& plan) {
  const std::string directory = prices_directory(ctx.machine);
  if (directory.empty())
    return config_mistake("there is no place for prices: set HOME or XDG_DATA_HOME");
  if (auto ok = os::make_private_directory(directory); !ok) return ok.error();
  // Of two updates within a second the later one comes last too.
  const auto before = catalog::row_files(directory);
  if (!before) return before.error();
  std::vector<std::string> kept;
  for (std::size_t f = 0; f < files.size(); ++f) {
    const schema::ModelFile rows = rows_to_keep(files, plan, f);
    if (rows.model_size() == 0) continue;
    const std::string text = price_file_text(rows);
    std::string path = directory + "/" + stamp_of(ctx.machine.wall_now()) +
                       fmt::format("-{:06}-", before->size() + f) + files[f].list.vendor + "-" +
                       sign::sha256_hex(text).substr(0, 12) + ".textproto";
    if (auto ok = os::write_file(path, text, 0600); !ok) return ok.error();
    kept.push_back(std::move(path));
  }
  return kept;
}

void write_texts(json::writer& w, const char* key, const std::vector<std::string>& texts) {
  w.key(key).begin_array();
  for (const std::string& each : texts) w.string(each);
  w.end_array();
}

std::string report_json(const std::vector<planned_price>& plan,
                        const std::vector<std::string>& not_agreed,
                        const std::vector<std::string>& kept) {
  std::string text;
  json::writer w{text};
  w.begin_object().key("models").begin_array();
  for (const planned_price& p : plan) {
    if (!is_new(p)) continue;
    w.begin_object().key("model").string(p.id).key("from").string(p.from_date);
    write_texts(w, "changes", p.change.changes);
    write_texts(w, "alarms", p.change.alarms);
    w.end_object();
  }
  w.end_array();
  write_texts(w, "refused", not_agreed);
  write_texts(w, "files", kept);
  w.end_object();
  return text;
}

result<std::vector<planned_price>> make_plan(context& ctx, const update_options& o,
                                             const std::vector<price_file>& files) {
  const auto book = load_catalogue(ctx);
  if (!book) return book.error();
  std::vector<price_file> second;
  if (!o.compare.empty()) {
    auto other = read_price_files(o.compare, {});
    if (!other) return other.error();
    second = std::move(*other);
  }
  return plan_prices(**book, files, second, date_of(ctx.machine.wall_now()));
}

}  // namespace

exit_code update_prices(context& ctx, const update_options& o) {
  const auto files = read_price_files(o.path, o.proof);
  if (!files) return ctx.fail(files.error());
  if (o.proof.sha256.empty() && o.proof.signature_file.empty())
    ctx.note("note: neither a hash nor a signature was given; whoever could change " + o.path +
             " sets these prices");
  auto plan = make_plan(ctx, o, *files);
  if (!plan) return ctx.fail(plan.error());
  const auto unchanged = std::erase_if(*plan, [](const auto& p) { return !is_new(p); });
  for (const planned_price& p : *plan) tell(ctx, p);
  const auto not_agreed = o.dry_run ? std::vector<std::string>{} : refused(ctx, o, *plan);
  std::vector<std::string> kept;
  if (not_agreed.empty() && !o.dry_run) {
    auto done = keep(ctx, *files, *plan);
    if (!done) return ctx.fail(done.error());
    kept = std::move(*done);
  }
  if (ctx.json()) ctx.out.line(report_json(*plan, not_agreed, kept));
  if (!not_agreed.empty()) {
    std::string names;
    for (const std::string& id : not_agreed) names += " --accept " + id;
    ctx.warn(
        "nothing was taken over: without a terminal nobody can be asked; --yes agrees to all, or" +
        names);
    return exit_code::no;
  }
  ctx.note(fmt::format("{} models {}, {} are as they were", plan->size(),
                       o.dry_run ? "would change" : "changed", unchanged));
  return exit_code::ok;
}

}  // namespace ark::cli
