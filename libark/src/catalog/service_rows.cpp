#include "catalog/service_rows.hpp"

#include "base/json.hpp"
#include "base/limits.hpp"
#include "catalog/row_text.hpp"
#include "catalog/vendor_rows.hpp"
#include "files/yaml.hpp"
#include "model.pb.h"
#include "model/service_body.hpp"
#include "os/os.hpp"
#include "vendor.pb.h"

#include <map>

namespace ark::catalog {
namespace {

schema::Vendor::Auth service_auth(const schema::Service& from) {
  if (from.auth() != schema::Vendor::BEARER) return from.auth();
  if (from.no_key()) return schema::Vendor::NONE;
  return from.key_header().empty() ? schema::Vendor::BEARER : schema::Vendor::HEADER;
}

/// The vendor row as a person would have written it: one check for both.
schema::Vendor service_row(const schema::Service& from) {
  schema::Vendor row;
  row.set_name(from.name());
  row.set_title(from.title().empty() ? from.name() : from.title());
  row.set_dialect("http_json");
  row.set_base_url(from.base_url());
  row.set_chat_path(from.path());
  row.set_embed_path("-");
  row.set_rerank_path("-");
  row.set_auth(service_auth(from));
  row.set_auth_header(from.key_header());
  row.set_auth_service(from.auth_service());
  row.set_auth_region(from.auth_region());
  row.set_key_variable(from.key_variable());
  row.set_private_network(from.private_network());
  row.set_verified("written by its user");
  row.add_capability("chat");
  return row;
}

schema::ModelFile service_prices(const schema::Service& from) {
  schema::ModelFile list;
  list.set_vendor(from.name());
  list.set_currency(from.currency().empty() ? "USD" : from.currency());
  auto* source = list.add_source();
  source->set_name(from.price_source().empty() ? "user" : from.price_source());
  source->set_date(from.price_date());
  for (const auto& each : from.model()) {
    auto* model = list.add_model();
    model->set_id(each.id());
    model->set_mode(schema::Mode::chat);
    model->set_source(source->name());
    model->set_date(from.price_date());
    if (each.price_per_call().empty()) continue;
    auto* price = model->add_price();
    price->set_dimension(schema::Dimension::request);
    price->set_unit(schema::Unit::request);
    price->set_amount(each.price_per_call());
  }
  return list;
}

bool is_pointer(const std::string& text) { return text.empty() || text.front() == '/'; }

/// What is wrong between the fields that say how a service knows who asks.
std::pair<std::string, std::string> auth_fault(const schema::Service& s) {
  const auto auth = service_auth(s);
  const bool has_header = auth == schema::Vendor::HEADER || auth == schema::Vendor::CONTENT_MD5;
  if (s.no_key() && auth != schema::Vendor::NONE)
    return {"no_key", "says that there is no key, and auth what is done with it: leave one out"};
  if (has_header && s.key_header().empty())
    return {"key_header", "is missing: auth is " + schema::Vendor::Auth_Name(auth)};
  if (!has_header && !s.key_header().empty())
    return {"key_header", "has no place with auth " + schema::Vendor::Auth_Name(auth)};
  return {};
}

/// What the schema cannot check: the field and the complaint, or nothing.
std::pair<std::string, std::string> service_fault(const schema::Service& s) {
  if (s.method() != "" && s.method() != "POST" && s.method() != "PUT")
    return {"method", "must be POST or PUT"};
  if (s.path().empty() || s.path().front() != '/') return {"path", "must begin with /"};
  if (s.model_size() == 0) return {"model", "is missing: name at least one, models are NAME/ID"};
  if (auto wrong = auth_fault(s); !wrong.first.empty()) return wrong;
  if (!is_pointer(s.text())) return {"text", "is a JSON pointer and begins with /"};
  if (!is_pointer(s.error_text())) return {"error_text", "is a JSON pointer and begins with /"};
  if (auto wrong = check_service_body(s.body()); !wrong) return {"body", wrong.error().message};
  for (const auto& m : s.model())
    if (!m.price_per_call().empty() && (s.currency().empty() || s.price_date().empty()))
      return {"model", "a price needs the file's currency and price_date"};
  return {};
}

error service_error(const std::string& file, const files::field_lines& lines,
                    const std::string& field, const std::string& what) {
  const auto at = lines.find(field);
  const std::string place = at == lines.end() ? "" : ":" + std::to_string(at->second);
  return {.code = errc::config, .message = file + place + ": " + field + ": " + what};
}

}  // namespace

result<service> parse_service(std::string_view text, const std::string& file) {
  schema::Service from;
  files::field_lines lines;
  if (auto read = files::read_yaml(text, file, from, &lines); !read) return read.error();
  if (const auto [field, what] = service_fault(from); !field.empty())
    return service_error(file, lines, field, what);
  service out;
  auto row = make_vendor(service_row(from));
  if (!row) return service_error(file, lines, row.error().vendor_code, row.error().message);
  out.vendor = std::move(*row);
  out.vendor.service = service_contract{.method = from.method().empty() ? "POST" : from.method(),
                                        .body = from.body(),
                                        .text_pointer = from.text(),
                                        .error_pointer = from.error_text()};
  auto prices = make_list(service_prices(from));
  if (!prices) return service_error(file, lines, "model", prices.error().message);
  out.prices = std::move(*prices);
  return out;
}

result<std::vector<service>> read_service_directory(const std::string& directory) {
  const auto found = row_files(directory, ".yaml");
  if (!found) return found.error();
  std::vector<service> made;
  for (const std::string& file : *found) {
    auto text = os::read_file(file, limits::config_file_bytes);
    if (!text) return text.error();
    auto each = parse_service(*text, file);
    if (!each) return each.error();
    made.push_back(std::move(*each));
  }
  return made;
}

}  // namespace ark::catalog
