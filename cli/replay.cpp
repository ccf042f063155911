#include "replay/replay.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "adapters/rows.hpp"
#include "adapters/standard.hpp"
#include "catalog/catalog.hpp"
#include "cli/commands.hpp"
#include "cli/settings.hpp"

namespace ark::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t recording_bytes_max = std::size_t{256} << 20;

struct replay_options {
  std::vector<std::string> paths;
  std::string vendor;  ///< the row to use whatever the recordings name; "" for none
};

struct input_file {
  std::string path;
  std::string name;  ///< below the folder that was given, or as it was given
};

result<void> add_folder(const fs::path& folder, std::vector<input_file>& out) {
  std::error_code failure;
  std::vector<input_file> found;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    if (at->path().extension() != ".json") continue;
    found.push_back({at->path().string(), at->path().lexically_relative(folder).string()});
  }
  if (failure)
    return error{.code = errc::config,
                 .message = folder.string() + " cannot be read: " + failure.message()};
  std::sort(found.begin(), found.end(),
            [](const input_file& a, const input_file& b) { return a.path < b.path; });
  out.insert(out.end(), found.begin(), found.end());
  return {};
}

result<std::vector<input_file>> input_files(const std::vector<std::string>& paths) {
  std::vector<input_file> out;
  for (const std::string& path : paths) {
    std::error_code failure;
    if (!fs::is_directory(path, failure)) {
      out.push_back({path, path});
    } else if (auto added = add_folder(path, out); !added) {
      return added.error();
    }
  }
  return out;
}

struct counts {
  int replies = 0, errors = 0, unsupported = 0;
};

void print_table(output& out, const std::map<std::string, counts>& vendors) {
  const auto row = [&](std::string name, const std::string& a, const std::string& b,
                       const std::string& c) {
    name.resize(std::max<std::size_t>(name.size(), 20), ' ');
    for (const std::string* cell : {&a, &b, &c})
      name += std::string(13 - std::min<std::size_t>(cell->size(), 12), ' ') + *cell;
    out.line(name);
  };
  row("vendor", "replies", "errors", "unsupported");
  for (const auto& [name, n] : vendors)
    row(name, std::to_string(n.replies), std::to_string(n.errors), std::to_string(n.unsupported));
}

/// Why recordings are no replies: "FILE: CODE: MESSAGE".
struct failure_list {
  std::vector<std::string> errors, unsupported;
};

void remember(const replay::replay_result& r, failure_list& out) {
  if (r.error) {
    std::string text = r.file + ": " + std::string(to_string(r.error->code)) + ": ";
    text += r.error->message;
    if (!r.error->vendor_message.empty())
      text += "; the vendor says: " + r.error->vendor_message.substr(0, 200);
    out.errors.push_back(std::move(text));
  } else if (r.outcome == replay::outcome::unsupported) {
    out.unsupported.push_back(r.file + ": unsupported: " + (r.notes.empty() ? "" : r.notes.back()));
  }
}

void tell_failures(context& ctx, const failure_list& failures) {
  constexpr std::size_t shown_max = 20;
  std::size_t shown = 0, all = 0;
  for (const auto* list : {&failures.errors, &failures.unsupported}) {
    all += list->size();
    for (std::size_t i = 0; i < list->size() && shown < shown_max; ++i, ++shown)
      ctx.note(printable((*list)[i]));
  }
  if (all > shown)
    ctx.note("... and " + std::to_string(all - shown) + " more; --json tells all of them");
}

/// Rows and dialects, and the row that was asked for.
struct readers {
  std::shared_ptr<const catalog::book> book;
  dialect::dialect_list dialects = adapters::built_in_dialects();
  std::vector<const vendor*> vendors;
  const vendor* only = nullptr;

  replay::replay_result run(const replay::recording& r) const {
    return only ? replay::run_as(r, dialects, *only) : replay::run(r, dialects, vendors);
  }
};

result<readers> load_readers(context& ctx, const replay_options& o) {
  const auto configuration = ctx.configuration();
  if (!configuration) return configuration.error();
  std::vector<std::string> directories;
  for (const auto& each : (*configuration)->values.vendor_directories())
    directories.push_back(expand_home(ctx.machine, each));
  auto book =
      catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, directories, {});
  if (!book) return book.error();
  readers out{.book = std::move(*book)};
  out.vendors = out.book->vendors();
  if (o.vendor.empty()) return out;
  out.only = out.book->find_vendor(o.vendor);
  if (out.only == nullptr)
    return error{.code = errc::not_found,
                 .message = "no vendor row is called \"" + o.vendor +
                            "\"; `ark models list` shows the vendors, \"custom\" is for any "
                            "compatible server"};
  return out;
}

exit_code replay_files(context& ctx, const replay_options& o) {
  const auto readers = load_readers(ctx, o);
  if (!readers) return ctx.fail(readers.error());
  const auto files = input_files(o.paths);
  if (!files) return ctx.fail(files.error());
  if (files->empty())
    return ctx.wrong_usage("there is nothing to replay: no *.json in what was given");
  std::map<std::string, counts> table;
  failure_list failures;
  bool all_read = true;
  for (const input_file& file : *files) {
    const auto text = os::read_file(file.path, recording_bytes_max);
    const auto recording = text ? replay::read_recording(*text, file.name) : text.error();
    if (!recording) {
      // The others are still worth reading; the exit code tells.
      ctx.warn(recording.error().message);
      all_read = false;
      continue;
    }
    const auto outcome = readers->run(*recording);
    if (ctx.json()) ctx.out.line(replay::to_json(outcome));
    remember(outcome, failures);
    counts& n = table[outcome.vendor.empty() ? "(no row)" : outcome.vendor];
    n.replies += outcome.outcome == replay::outcome::reply ? 1 : 0;
    n.errors += outcome.outcome == replay::outcome::error ? 1 : 0;
    n.unsupported += outcome.outcome == replay::outcome::unsupported ? 1 : 0;
  }
  if (!ctx.json()) tell_failures(ctx, failures);
  if (!ctx.json() && !table.empty()) print_table(ctx.out, table);
  return all_read ? exit_code::ok : exit_code::usage;
}

}  // namespace

void define_replay(command& c) {
  c.examples({{"ark replay recording.json", "what became of one recorded answer"},
              {"ark replay recordings/", "all *.json of a folder: a table by vendor"},
              {"ark replay --json recordings/ > rows.jsonl", "one JSON line for each"},
              {"ark replay --vendor custom recordings/", "as answers of a compatible server"}});
  auto o = c.options<replay_options>();
  const auto set = c.parameters();
  set.add_option("path", o->paths, "Recordings, or folders that are searched for *.json")
      .required()
      .type_name("FILE|DIR");
  set.add_option("--vendor", o->vendor, "Read them by this vendor row, whatever provider they name")
      .type_name("NAME");
  c.run([o](context& ctx) { return replay_files(ctx, *o); });
}

}  // namespace ark::cli
