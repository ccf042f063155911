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

exit_code replay_files(context& ctx, const replay_options& o) {
  const auto configuration = ctx.configuration();
  if (!configuration) return ctx.fail(configuration.error());
  const auto& config = (*configuration)->values;
  const auto book = catalog::load_book(
      {adapters::vendor_rows(), adapters::model_rows()},
      {config.vendor_directories().begin(), config.vendor_directories().end()}, {});
  if (!book) return ctx.fail(book.error());
  const auto files = input_files(o.paths);
  if (!files) return ctx.fail(files.error());
  const auto dialects = adapters::built_in_dialects();
  const auto vendors = (*book)->vendors();

  std::map<std::string, counts> table;
  std::optional<error> unread;
  for (const input_file& file : *files) {
    const auto text = os::read_file(file.path, recording_bytes_max);
    const auto recording = text ? replay::read_recording(*text, file.name) : text.error();
    if (!recording) {
      // The others are still worth reading; the exit code tells.
      ctx.warn(recording.error().message);
      unread = recording.error();
      continue;
    }
    const auto outcome = replay::run(*recording, dialects, vendors);
    if (ctx.json()) ctx.out.line(replay::to_json(outcome));
    counts& n = table[outcome.vendor.empty() ? "(no row)" : outcome.vendor];
    n.replies += outcome.outcome == replay::outcome::reply ? 1 : 0;
    n.errors += outcome.outcome == replay::outcome::error ? 1 : 0;
    n.unsupported += outcome.outcome == replay::outcome::unsupported ? 1 : 0;
  }
  if (!ctx.json()) print_table(ctx.out, table);
  return unread ? exit_code::usage : exit_code::ok;
}

}  // namespace

void define_replay(command& c) {
  c.examples({{"ark replay recording.json", "what became of one recorded answer"},
              {"ark replay recordings/", "all *.json of a folder: a table by vendor"},
              {"ark replay --json recordings/ > rows.jsonl", "one JSON line for each"}});
  auto o = c.options<replay_options>();
  c.app()
      .add_option("path", o->paths, "Recordings, or folders that are searched for *.json")
      ->required()
      ->type_name("FILE|DIR");
  c.run([o](context& ctx) { return replay_files(ctx, *o); });
}

}  // namespace ark::cli
