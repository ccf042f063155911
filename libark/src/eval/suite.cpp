#include "eval/suite.hpp"

#include <openssl/evp.h>

#include <set>

#include "base/json.hpp"
#include "eval.pb.h"
#include "eval/case_files.hpp"
#include "files/yaml.hpp"
#include "os/os.hpp"
#include "prompt_store/prompt_folder.hpp"

namespace ark::eval {

namespace {

constexpr std::size_t suite_bytes_max = 64u << 20;
constexpr std::size_t image_bytes_max = 32u << 20;

std::string sha256(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += digits[digest[i] >> 4];
    out += digits[digest[i] & 15u];
  }
  return out;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

/// Turns the message of the file into a suite.
class loader {
 public:
  explicit loader(std::string path) : path_(std::move(path)) {}

  result<suite> load() {
    auto text = read(path_);
    if (!text) return text.error();
    if (auto ok = files::read_yaml(*text, path_, file_, &lines_); !ok) return ok.error();
    out_.path = path_;
    out_.name = file_.name().empty() ? path_.substr(folder_of(path_).size()) : file_.name();
    for (const auto step : {&loader::prompts, &loader::models, &loader::cases, &loader::settings})
      if (auto ok = (this->*step)(); !ok) return ok.error();
    out_.hash = sha256(hashes_);
    // Whatever a case would stumble over later is found now.
    if (auto all = out_.questions(""); !all) return all.error();
    return std::move(out_);
  }

 private:
  result<std::string> read(const std::string& path) {
    auto text = os::read_file(path, suite_bytes_max);
    if (text) hashes_ += sha256(*text);
    return text;
  }

  std::string place(const std::string& field) const {
    const auto line = lines_.find(field);
    return path_ + (line == lines_.end() ? "" : ":" + std::to_string(line->second)) + ": " + field;
  }
  error bad(const std::string& field, const std::string& why) const {
    return error{.code = errc::config, .message = place(field) + ": " + why};
  }

  result<image_part> image(const std::string& from, const std::string& field) {
    if (from.starts_with("http://") || from.starts_with("https://")) return image_url(from);
    auto bytes = os::read_file(folder_of(path_) + from, image_bytes_max);
    if (!bytes) return bad(field, bytes.error().message);
    hashes_ += sha256(*bytes);
    static constexpr std::pair<std::string_view, const char*> endings[] = {{".png", "image/png"},
                                                                           {".jpg", "image/jpeg"},
                                                                           {".jpeg", "image/jpeg"},
                                                                           {".gif", "image/gif"},
                                                                           {".webp", "image/webp"}};
    for (const auto& [ending, type] : endings)
      if (from.ends_with(ending)) return image_bytes(std::move(*bytes), type);
    return bad(field, "an image must be a URL or a png, jpg, gif or webp file");
  }

  result<message_template> message(const schema::EvalMessage& from, const std::string& field) {
    message_template out;
    out.content = from.content();
    bool known = from.role().empty();
    for (const auto role : {role::system, role::developer, role::user, role::assistant})
      if (to_string(role) == from.role()) {
        out.role = role;
        known = true;
      }
    if (!known)
      return bad(field + ".role",
                 "\"" + from.role() + "\" is no role; use system, developer, user or assistant");
    for (int i = 0; i < from.images_size(); ++i) {
      auto one = image(from.images(i), field + ".images[" + std::to_string(i) + "]");
      if (!one) return one.error();
      out.images.push_back(std::move(*one));
    }
    if (out.content.empty() && out.images.empty()) return bad(field, "the message is empty");
    return out;
  }

  result<prompt_template> from_file(const schema::EvalPrompt& from, const std::string& field) {
    if (from.messages_size() != 0) return bad(field, "a prompt has messages or a file, not both");
    const std::string path = folder_of(path_) + from.file();
    auto text = read(path);
    if (!text) return bad(field + ".file", text.error().message);
    const std::string folder = folder_of(path);
    auto made = prompt_template::parse(*text, path,
                                       prompt_store::texts_below(folder.empty() ? "." : folder));
    if (!made) return made.error();
    hashes_ += made->version();
    return made;
  }

  result<void> prompts() {
    if (file_.prompts_size() == 0) return bad("prompts", "a suite needs at least one prompt");
    std::set<std::string> ids;
    for (int i = 0; i < file_.prompts_size(); ++i) {
      const auto& from = file_.prompts(i);
      const std::string field = "prompts[" + std::to_string(i) + "]";
      prompt p{.id = from.id().empty() ? "prompt-" + std::to_string(i + 1) : from.id()};
      if (!ids.insert(p.id).second) return bad(field + ".id", "\"" + p.id + "\" comes twice");
      if (!from.file().empty()) {
        auto made = from_file(from, field);
        if (!made) return made.error();
        p.from_file = std::move(*made);
      } else if (from.messages_size() == 0) {
        return bad(field, "a prompt needs messages, or a file");
      }
      for (int k = 0; k < from.messages_size(); ++k) {
        auto one = message(from.messages(k), field + ".messages[" + std::to_string(k) + "]");
        if (!one) return one.error();
        p.messages.push_back(std::move(*one));
      }
      if (from.has_schema()) {
        p.schema = files::json_text(from.schema());
        if (auto ok = json_schema::compile(p.schema); !ok)
          return bad(field + ".schema", ok.error().message);
      }
      out_.prompts.push_back(std::move(p));
    }
    return {};
  }

  result<void> models() {
    if (file_.models_size() == 0)
      return bad("models", "a suite needs models: \"auto\", or ids (VENDOR/MODEL)");
    std::set<std::string> seen;
    for (int i = 0; i < file_.models_size(); ++i) {
      const std::string field = "models[" + std::to_string(i) + "]";
      const auto& model = file_.models(i);
      if (model.empty()) return bad(field, "an empty name is no model");
      if (!seen.insert(model).second) return bad(field, "\"" + model + "\" comes twice");
      out_.models.push_back(model);
      out_.model_places.push_back(place(field));
    }
    return {};
  }

  result<void> add_case(eval_case one, std::set<std::string>& ids) {
    if (one.id.empty()) one.id = "case-" + std::to_string(out_.cases.size() + 1);
    if (!ids.insert(one.id).second)
      return error{.code = errc::config,
                   .message = one.place + ": the case id \"" + one.id + "\" comes twice"};
    for (const auto& [name, value] : file_.vars()) one.vars.emplace(name, text_of(value));
    for (int i = 0; i < file_.expect_size(); ++i)
      one.assertions.push_back(
          spec_of(file_.expect(i), place("expect[" + std::to_string(i) + "]")));
    out_.cases.push_back(std::move(one));
    return {};
  }

  result<void> cases() {
    std::set<std::string> ids;
    for (int i = 0; i < file_.cases_size(); ++i) {
      const std::string field = "cases[" + std::to_string(i) + "]";
      auto one = case_of(file_.cases(i), [&](const std::string& below) {
        return place(below.empty() ? field : field + "." + below);
      });
      if (auto ok = add_case(std::move(one), ids); !ok) return ok;
    }
    for (const auto& name : file_.case_files()) {
      const std::string path = name.starts_with('/') ? name : folder_of(path_) + name;
      auto text = read(path);
      if (!text) return text.error();
      auto list = read_cases(*text, path);
      if (!list) return list.error();
      for (auto& one : *list)
        if (auto ok = add_case(std::move(one), ids); !ok) return ok;
    }
    if (out_.cases.empty())
      return bad("cases", "a suite needs cases, or case_files that have some");
    return {};
  }

  result<void> settings() {
    const auto& from = file_.settings();
    auto& to = out_.settings;
    if (from.has_max_tokens()) to.max_tokens = from.max_tokens();
    if (from.has_temperature()) to.temperature = from.temperature();
    if (from.has_seed()) to.seed = from.seed();
    if (from.has_timeout_ms()) to.timeout_ms = from.timeout_ms();
    if (from.has_max_attempts()) to.max_attempts = from.max_attempts();
    if (from.has_concurrency()) to.concurrency = from.concurrency();
    to.task = from.task().empty() ? out_.name : from.task();
    if (to.concurrency < 1 || to.concurrency > 4096)
      return bad("settings.concurrency", "must be from 1 to 4096");
    return {};
  }

  std::string path_;
  schema::EvalSuite file_;
  files::field_lines lines_;
  std::string hashes_;
  suite out_;
};

result<call> render_messages(const prompt& p, const eval_case& c) {
  call out;
  for (const auto& from : p.messages) {
    message one{.role = from.role};
    auto text = render(from.content, c.vars);
    if (!text)
      return error{.code = errc::config,
                   .message = c.place + ": prompt \"" + p.id + "\": " + text.error().message};
    if (!text->empty()) one.parts.emplace_back(text_part{std::move(*text)});
    for (const auto& image : from.images) one.parts.emplace_back(image);
    out.messages.push_back(std::move(one));
  }
  return out;
}

/// A case may have variables that this prompt does not know: for other prompts, and for judges.
result<call> render_file(const prompt_template& from, const eval_case& c) {
  const auto wrong = [&](const error& why) {
    return error{.code = errc::config,
                 .message = c.place + ": prompt \"" + from.name() + "\": " + why.message};
  };
  std::string given;
  json::writer w{given};
  w.begin_object();
  for (const auto& input : from.inputs()) {
    const auto value = c.vars.find(input.name);
    if (value == c.vars.end()) continue;
    const auto typed = from.input_from_text(input.name, value->second);
    if (!typed) return wrong(typed.error());
    w.key(input.name).raw(*typed);
  }
  w.end_object();
  auto made = from.render(given);
  if (!made) return wrong(made.error());
  return std::move(made->call);
}

}  // namespace

assertion_spec spec_of(const schema::EvalAssertion& from, std::string place) {
  return {.type = from.type(),
          .value = from.has_value() ? files::json_text(from.value()) : "",
          .threshold = from.threshold(),
          .currency = from.currency(),
          .weight = from.has_weight() ? from.weight() : 1,
          .place = std::move(place)};
}

result<std::vector<question>> suite::questions(std::string_view filter) const {
  std::vector<question> out;
  for (const auto& p : prompts) {
    for (const auto& c : cases) {
      if (c.id.find(filter) == std::string::npos) continue;
      question q{.prompt_id = p.id, .case_id = c.id, .threshold = c.threshold};
      auto asked = p.from_file ? render_file(*p.from_file, c) : render_messages(p, c);
      if (!asked) return asked.error();
      q.call = std::move(*asked);
      for (const auto& spec : c.assertions) {
        auto one = assertion::compile(spec, c.vars);
        if (!one) return one.error();
        q.assertions.push_back(std::move(*one));
      }
      if (settings.max_tokens) q.call.max_tokens = settings.max_tokens;
      if (settings.temperature) q.call.temperature = settings.temperature;
      if (settings.seed) q.call.seed = settings.seed;
      if (settings.timeout_ms)
        q.call.timeouts.total = std::chrono::milliseconds(*settings.timeout_ms);
      if (settings.max_attempts) q.call.retry.max_attempts = *settings.max_attempts;
      if (!p.schema.empty())
        q.call.response_format = {.kind = response_format_kind::json_schema, .schema = p.schema};
      q.call.task = settings.task;
      q.call.tags.insert({{"suite", name}, {"prompt", p.id}, {"case", c.id}});
      for (const auto& model : models) {
        q.model = q.call.model = model;
        out.push_back(q);
      }
    }
  }
  return out;
}

result<void> suite::check_models(
    const std::function<result<void>(const std::string&)>& known) const {
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (models[i] == "auto") continue;
    const auto ok = known(models[i]);
    if (ok) continue;
    const std::string place = i < model_places.size() ? model_places[i] + ": " : "";
    return error{.code = errc::config, .message = place + ok.error().message};
  }
  return {};
}

result<suite> load_suite(const std::string& path) { return loader(path).load(); }

}  // namespace ark::eval
