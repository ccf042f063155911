#include "cli/settings_tree.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "base/json.hpp"
#include "cli/mistake.hpp"
#include "cli/settings.hpp"
#include "files/scalar.hpp"
#include "files/suggest.hpp"
#include "files/yaml.hpp"

namespace ark::cli {
namespace {

namespace pb = google::protobuf;
using field_type = pb::FieldDescriptor;

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// True where YAML reads the text back as it is, as a text.
bool is_safe_plain(const std::string& text) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '+' || c == '-' || c == '/';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), safe) && !files::is_null(text) &&
         !files::as_boolean(text) && !files::looks_numeric(text) && text.front() != '-';
}

std::string quoted(const std::string& text) {
  if (is_safe_plain(text)) return text;
  std::string out;
  json::append_string(out, text);
  return out;
}

std::string scalar_text(const pb::Message& m, const field_type& field) {
  const auto& access = *m.GetReflection();
  switch (field.cpp_type()) {
    case field_type::CPPTYPE_STRING:
      return quoted(access.GetString(m, &field));
    case field_type::CPPTYPE_BOOL:
      return access.GetBool(m, &field) ? "true" : "false";
    case field_type::CPPTYPE_INT32:
      return std::to_string(access.GetInt32(m, &field));
    case field_type::CPPTYPE_INT64:
      return std::to_string(access.GetInt64(m, &field));
    case field_type::CPPTYPE_ENUM: {
      // DURABILITY_POWER is written "power".
      const auto& name = access.GetEnum(m, &field)->name();
      return lower(name.substr(field.enum_type()->name().size() + 1));
    }
    case field_type::CPPTYPE_UINT32:
    case field_type::CPPTYPE_UINT64:
    case field_type::CPPTYPE_DOUBLE:
    case field_type::CPPTYPE_FLOAT:
    case field_type::CPPTYPE_MESSAGE:
      break;
  }
  return {};
}

std::string list_text(const pb::Message& m, const field_type& field) {
  const auto& access = *m.GetReflection();
  std::string out = "[";
  for (int i = 0; i < access.FieldSize(m, &field); ++i) {
    if (i > 0) out += ", ";
    out += field.cpp_type() == field_type::CPPTYPE_MESSAGE
               ? files::json_text(access.GetRepeatedMessage(m, &field, i))
               : quoted(access.GetRepeatedString(m, &field, i));
  }
  return out + "]";
}

void collect(const pb::Message& m, const std::string& prefix, std::vector<leaf>& out);

void collect_map(const pb::Message& m, const field_type& field, const std::string& prefix,
                 std::vector<leaf>& out) {
  const auto& access = *m.GetReflection();
  std::vector<std::pair<std::string, const pb::Message*>> sorted;
  for (int i = 0; i < access.FieldSize(m, &field); ++i) {
    const auto& entry = access.GetRepeatedMessage(m, &field, i);
    const auto* type = entry.GetDescriptor();
    sorted.emplace_back(entry.GetReflection()->GetString(entry, type->map_key()),
                        &entry.GetReflection()->GetMessage(entry, type->map_value()));
  }
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [name, value] : sorted) collect(*value, prefix + "." + name + ".", out);
}

void collect(const pb::Message& m, const std::string& prefix, std::vector<leaf>& out) {
  const auto& access = *m.GetReflection();
  std::vector<const field_type*> fields;
  access.ListFields(m, &fields);
  for (const auto* field : fields) {
    const auto path = prefix + field->name();
    if (field->is_map()) {
      collect_map(m, *field, path, out);
    } else if (field->is_repeated()) {
      out.push_back({path, list_text(m, *field)});
    } else if (field->cpp_type() == field_type::CPPTYPE_MESSAGE) {
      collect(access.GetMessage(m, field), path + ".", out);
    } else {
      out.push_back({path, scalar_text(m, *field)});
    }
  }
}

/// All names that can be set, in the order of the schema.
void collect_names(const pb::Descriptor& type, const std::string& prefix,
                   std::vector<setting_name>& out) {
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    const auto path = prefix + field.name();
    if (field.is_map()) {
      collect_names(*field.message_type()->map_value()->message_type(), path + ".NAME.", out);
    } else if (field.cpp_type() != field_type::CPPTYPE_MESSAGE) {
      std::string variable = path.find("NAME") == std::string::npos ? "ARK_" + path : "";
      for (char& c : variable) {
        c = c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      }
      out.push_back({path, path == "ledger.path" ? "ARK_LEDGER" : variable});
    } else if (!field.is_repeated()) {
      collect_names(*field.message_type(), path + ".", out);
    }
  }
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find(at, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

result<const field_type*> field_at(const std::string& path) {
  const auto* type = schema::Config::descriptor();
  const auto steps = split(path, '.');
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto* field = type->FindFieldByName(steps[i]);
    if (field == nullptr) break;
    if (field->is_map()) {
      type = field->message_type()->map_value()->message_type();
      ++i;  // the next step is a key
    } else if (field->cpp_type() == field_type::CPPTYPE_MESSAGE && !field->is_repeated()) {
      type = field->message_type();
    } else if (i + 1 == steps.size() && field->cpp_type() != field_type::CPPTYPE_MESSAGE) {
      return field;
    } else {
      break;
    }
  }
  std::vector<std::string> known;
  for (const auto& each : setting_names()) known.push_back(each.path);
  const auto near = files::nearest(path, known);
  return config_mistake("no setting '" + path + "' that takes one value" +
                        (near.empty() ? "" : "; did you mean '" + near + "'?") +
                        " (ark config explain --all lists them)");
}

}  // namespace

std::vector<leaf> leaves_of(const schema::Config& values) {
  std::vector<leaf> out;
  collect(values, "", out);
  return out;
}

void overlay(schema::Config& base, const schema::Config& top) {
  if (top.auto_models_size() > 0) base.clear_auto_models();
  if (top.rates_size() > 0) base.clear_rates();
  if (top.vendor_directories_size() > 0) base.clear_vendor_directories();
  if (top.model_directories_size() > 0) base.clear_model_directories();
  if (top.telemetry().headers_size() > 0) base.mutable_telemetry()->clear_headers();
  if (top.telemetry().resource_attributes_size() > 0)
    base.mutable_telemetry()->clear_resource_attributes();
  // Protobuf merges messages field by field but replaces a map's whole entry.
  auto vendors = base.vendors();
  for (const auto& [name, vendor] : top.vendors()) vendors[name].MergeFrom(vendor);
  base.MergeFrom(top);
  base.mutable_vendors()->swap(vendors);
}

std::vector<setting_name> setting_names() {
  std::vector<setting_name> out;
  collect_names(*schema::Config::descriptor(), "", out);
  return out;
}

result<std::string> yaml_value(const std::string& path, const std::string& text) {
  const auto field = field_at(path);
  if (!field) return field.error();
  if ((*field)->is_repeated()) {
    std::string out = "[";
    for (const auto& each : split(text, ',')) {
      if (!each.empty()) out += (out.size() > 1 ? ", " : "") + quoted(each);
    }
    return out + "]";
  }
  const bool as_is = (*field)->cpp_type() != field_type::CPPTYPE_STRING &&
                     std::all_of(text.begin(), text.end(), [](unsigned char c) {
                       return std::isalnum(c) || c == '_' || c == '-' || c == '+' || c == '.';
                     });
  return as_is && !text.empty() ? text : quoted(text);
}

result<void> put_setting(schema::Config& out, const std::string& path, const std::string& text) {
  const auto value = yaml_value(path, text);
  if (!value) return value.error();
  std::string document;
  const auto steps = split(path, '.');
  for (const auto& step : steps) document += "{" + quoted(step) + ": ";
  document += *value + std::string(steps.size(), '}');
  auto ok = files::read_yaml(document, path, out);
  if (ok) return {};
  // "path:1:9: path: what is wrong": the place is in a text that nobody wrote.
  const auto& message = ok.error().message;
  const auto at = message.find(": " + path + ": ");
  return config_mistake(at == std::string::npos ? message : message.substr(at + path.size() + 4));
}

}  // namespace ark::cli
