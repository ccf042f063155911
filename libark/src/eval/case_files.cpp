#include "eval/case_files.hpp"

#include <set>

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "eval.pb.h"
#include "files/csv.hpp"
#include "files/yaml.hpp"

namespace ark::eval {

namespace {

error bad(const std::string& path, int line, const std::string& why) {
  return error{.code = errc::config, .message = path + ":" + std::to_string(line) + ": " + why};
}

/// "icontains: Paris" -> an assertion; the value is a text.
assertion_spec spec_of_text(std::string_view text, std::string place) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  assertion_spec out{.type = std::string(text::trim(text.substr(0, colon))),
                     .place = std::move(place)};
  if (colon < text.size()) json::append_string(out.value, text::trim(text.substr(colon + 1)));
  return out;
}

result<std::vector<eval_case>> read_csv_cases(std::string_view text, const std::string& path) {
  std::vector<eval_case> out;
  std::vector<std::string> names;
  auto done = files::read_csv(text, [&](files::csv_record record) -> result<void> {
    if (names.empty()) {
      const std::set<std::string> unique(record.fields.begin(), record.fields.end());
      if (unique.size() != record.fields.size() || unique.contains(""))
        return bad(path, record.line, "each column needs a name of its own");
      names = std::move(record.fields);
      return {};
    }
    if (record.fields.size() != names.size())
      return bad(path, record.line,
                 "has " + std::to_string(record.fields.size()) + " fields, the first line has " +
                     std::to_string(names.size()));
    eval_case one{.place = path + ":" + std::to_string(record.line)};
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == "id")
        one.id = std::move(record.fields[i]);
      else if (names[i] != "expect")
        one.vars[names[i]] = std::move(record.fields[i]);
      else if (!record.fields[i].empty())
        one.assertions.push_back(spec_of_text(record.fields[i], one.place + ": expect"));
    }
    out.push_back(std::move(one));
    return {};
  });
  if (done) return out;
  error failure = done.error();
  if (!failure.message.starts_with(path)) failure.message.insert(0, path + ":");
  return failure;
}

/// The reader of one line counts from 1: its errors get the line of the file.
std::string with_line(std::string message, const std::string& path, int line) {
  const std::string first = path + ":1:";
  const std::string right = path + ":" + std::to_string(line) + ":";
  for (std::size_t at = message.find(first); at != std::string::npos;
       at = message.find(first, at + right.size()))
    message.replace(at, first.size(), right);
  return message;
}

/// Before the reader of YAML sees the line: its words are about documents.
result<void> check_json_line(std::string_view text, const std::string& path, int line) {
  if (text.size() > limits::config_file_bytes)
    return bad(
        path, line,
        "this case has " + std::to_string(text.size()) + " bytes, a line of JSON may have " +
            std::to_string(limits::config_file_bytes) +
            "; shorten its variables, or put it into a CSV file, where a case may be longer");
  json::reader reader;
  if (const auto parsed = reader.parse(text); !parsed)
    return bad(path, line, parsed.error().message);
  return {};
}

result<std::vector<eval_case>> read_jsonl_cases(std::string_view text, const std::string& path) {
  std::vector<eval_case> out;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (auto ok = check_json_line(one, path, line); !ok) return ok.error();
    schema::EvalCase read;
    if (auto ok = files::read_yaml(one, path, read); !ok) {
      error failure = ok.error();
      failure.message = with_line(std::move(failure.message), path, line);
      return failure;
    }
    out.push_back(case_of(read, [&](const std::string& below) {
      return path + ":" + std::to_string(line) + (below.empty() ? "" : ": " + below);
    }));
  }
  return out;
}

}  // namespace

std::string text_of(const google::protobuf::Value& value) {
  if (value.kind_case() == google::protobuf::Value::kStringValue) return value.string_value();
  return files::json_text(value);
}

eval_case case_of(const schema::EvalCase& from,
                  const std::function<std::string(const std::string&)>& place) {
  eval_case out{.id = from.id(), .place = place("")};
  for (const auto& [name, value] : from.vars()) out.vars.emplace(name, text_of(value));
  for (int i = 0; i < from.expect_size(); ++i)
    out.assertions.push_back(spec_of(from.expect(i), place("expect[" + std::to_string(i) + "]")));
  if (from.has_threshold()) out.threshold = from.threshold();
  return out;
}

result<std::vector<eval_case>> read_cases(std::string_view text, const std::string& path) {
  if (path.ends_with(".csv")) return read_csv_cases(text, path);
  if (path.ends_with(".jsonl")) return read_jsonl_cases(text, path);
  return error{.code = errc::config, .message = path + ": a case file must be *.csv or *.jsonl"};
}

}  // namespace ark::eval
