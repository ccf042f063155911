#include <algorithm>
#include <filesystem>
#include <set>

#include "files/suggest.hpp"
#include "os/os.hpp"
#include "prompt_store/kept_versions.hpp"
#include "prompt_store/prompt_folder.hpp"

namespace ark {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view endings[] = {".prompt", ".prompty"};

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(os::real().wall_now().time_since_epoch())
      .count();
}

bool is_label(std::string_view word) {
  return !word.empty() && word.size() <= 64 && prompt_store::is_name(word) &&
         word.find('/') == std::string_view::npos;
}

error not_found(std::string message) {
  return {.code = errc::not_found, .message = std::move(message)};
}

}  // namespace

struct prompt_library::state {
  std::vector<std::string> folders;
  prompt_store::reader reader;

  std::optional<prompt_store::found_file> find(std::string_view name) const {
    if (!prompt_store::is_name(name)) return std::nullopt;
    for (const auto& folder : folders)
      for (const std::string_view ending : endings) {
        std::string path = folder + "/" + std::string(name) + std::string(ending);
        std::error_code failed;
        if (fs::is_regular_file(path, failed))
          return prompt_store::found_file{.root = folder, .path = std::move(path)};
      }
    return std::nullopt;
  }

  /// Every prompt's name and file; the first folder wins.
  std::map<std::string, prompt_store::found_file> all() const {
    std::map<std::string, prompt_store::found_file> out;
    for (const auto& folder : folders) {
      std::error_code failed;
      for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end;
           at.increment(failed)) {
        const fs::path& path = at->path();
        const std::string file = path.filename().string();
        if (file.starts_with('.')) {
          if (at->is_directory(failed)) at.disable_recursion_pending();
          continue;
        }
        const bool is_prompt = path.extension() == endings[0] || path.extension() == endings[1];
        // dotprompt's partials are no prompts.
        if (!is_prompt || file.starts_with('_')) continue;
        const std::string name = fs::relative(path, folder, failed).replace_extension().string();
        if (prompt_store::is_name(name)) out.try_emplace(name, folder, path.string());
      }
    }
    return out;
  }

  result<prompt_store::found_file> need(std::string_view name) const {
    if (auto file = find(name)) return std::move(*file);
    std::vector<std::string> names;
    for (const auto& each : all()) names.push_back(each.first);
    const auto near = files::nearest(std::string(name), names);
    std::string where;
    for (const auto& each : folders) where += (where.empty() ? "" : ", ") + each;
    return not_found("there is no prompt \"" + std::string(name) + "\" in " + where +
                     (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  }

  static prompt_store::kept_versions kept(const prompt_store::found_file& file,
                                          std::string_view name) {
    return prompt_store::kept_versions(file.root + "/.versions/" + std::string(name));
  }

  /// The whole version that a label or some digits name.
  static result<std::string> resolve(const prompt_store::kept_versions& from, std::string_view name,
                                     std::string_view selector) {
    const auto labels = from.read_labels();
    if (!labels) return labels.error();
    if (const auto label = labels->find(selector); label != labels->end()) return label->second;
    constexpr std::size_t least_digits = 6;
    std::vector<std::string> matches;
    if (selector.size() >= least_digits)
      for (const auto& each : from.list())
        if (each.version.starts_with(selector)) matches.push_back(each.version);
    if (matches.size() == 1) return matches.front();
    if (matches.size() > 1)
      return not_found("more than one version of \"" + std::string(name) + "\" begins with " +
                       std::string(selector) + ": give more digits");
    std::string known;
    for (const auto& [label, version] : *labels) known += (known.empty() ? "" : ", ") + label;
    return not_found("the prompt \"" + std::string(name) + "\" has no label or version \"" +
                     std::string(selector) +
                     "\"; its labels: " + (known.empty() ? "none (ark prompt label)" : known));
  }
};

result<prompt_library> prompt_library::open(std::vector<std::string> folders) {
  if (folders.empty())
    return error{.code = errc::config, .message = "a library of prompts needs a folder"};
  for (auto& each : folders)
    while (each.size() > 1 && each.ends_with('/')) each.pop_back();
  auto made = std::make_shared<state>();
  made->folders = std::move(folders);
  return prompt_library(std::move(made));
}

result<prompt_template> prompt_library::get(std::string_view name,
                                            std::string_view selector) const {
  const auto file = state_->need(name);
  if (!file) return file.error();
  if (selector.empty()) return state_->reader.read(*file);
  const auto kept = state::kept(*file, name);
  auto version = state::resolve(kept, name, selector);
  if (!version) {
    // The digits may be those of the file as it is.
    auto current = state_->reader.read(*file);
    const bool is_it = current && selector.size() >= 6 && current->version().starts_with(selector);
    if (is_it) return current;
    return version.error();
  }
  return kept.load(*version);
}

std::vector<prompt_entry> prompt_library::list() const {
  std::vector<prompt_entry> out;
  for (const auto& [name, file] : state_->all()) {
    prompt_entry one{.name = name, .path = file.path};
    const auto made = state_->reader.read(file);
    if (made) {
      one.version = made->version();
      one.form = made->form();
      one.description = made->description();
    } else {
      one.problem = made.error().message;
    }
    const auto labels = state::kept(file, name).read_labels();
    if (!labels)
      one.problem = labels.error().message;
    else
      for (const auto& [label, version] : *labels)
        if (version == one.version) one.labels.push_back(label);
    out.push_back(std::move(one));
  }
  return out;
}

result<std::vector<prompt_version>> prompt_library::history(std::string_view name) const {
  const auto file = state_->need(name);
  if (!file) return file.error();
  const auto kept = state::kept(*file, name);
  const auto labels = kept.read_labels();
  if (!labels) return labels.error();
  const auto current = state_->reader.read(*file);
  std::vector<prompt_version> out;
  for (const auto& each : kept.list()) {
    prompt_version one{.version = each.version, .kept_at_s = each.at_s};
    for (const auto& [label, version] : *labels)
      if (version == each.version) one.labels.push_back(label);
    one.is_current = current && current->version() == each.version;
    out.push_back(std::move(one));
  }
  const bool has_current =
      std::any_of(out.begin(), out.end(), [](const auto& each) { return each.is_current; });
  if (current && !has_current)
    out.insert(out.begin(), {.version = current->version(), .is_current = true});
  return out;
}

result<std::string> prompt_library::set_label(std::string_view name, std::string_view label,
                                              std::string_view version) {
  if (!is_label(label))
    return error{.code = errc::invalid_request,
                 .message = "\"" + std::string(label) +
                            R"(" is no label: use letters, digits, "-" and "_")"};
  const auto file = state_->need(name);
  if (!file) return file.error();
  const auto what = get(name, version);
  if (!what) return what.error();
  const auto kept = state::kept(*file, name);
  const std::string file_name = fs::path(file->path).filename().string();
  if (auto ok = kept.keep(*what, file_name, now_s()); !ok) return ok.error();
  auto labels = kept.read_labels();
  if (!labels) return labels.error();
  (*labels)[std::string(label)] = what->version();
  if (auto ok = kept.write_labels(*labels); !ok) return ok.error();
  return what->version();
}

result<void> prompt_library::remove_label(std::string_view name, std::string_view label) {
  const auto file = state_->need(name);
  if (!file) return file.error();
  const auto kept = state::kept(*file, name);
  auto labels = kept.read_labels();
  if (!labels) return labels.error();
  if (labels->erase(std::string(label)) == 0)
    return not_found("the prompt \"" + std::string(name) + "\" has no label \"" +
                     std::string(label) + "\"");
  return kept.write_labels(*labels);
}

}  // namespace ark
