#include "job/job_wire.hpp"

#include "base/json.hpp"
#include "dialect/quirks.hpp"
#include "wire/http_time.hpp"
#include "wire/multipart.hpp"

#include <algorithm>

namespace ark::adapters {
namespace {

job_encoded request(const vendor& v, const char* method, std::string_view path,
                    std::string_view id) {
  const ark::dialect::quirk_view quirks(v);
  job_encoded out;
  out.request.method = method;
  std::string pattern(path);
  if (const auto at = pattern.find("{id}"); at != pattern.npos) pattern.replace(at, 4, "{model}");
  out.request.target = quirks.target(pattern, id);
  quirks.add_headers(out.request.headers);
  return out;
}

error not_ours(std::string what) {
  return {.code = errc::protocol, .retry = retry_class::never, .message = std::move(what)};
}

error not_asked_for() { return not_ours("the vendor's answer is not what was asked for"); }

}  // namespace

job_encoded job_get(const vendor& v, std::string_view path, std::string_view id) {
  return request(v, "GET", path, id);
}

job_encoded job_delete(const vendor& v, std::string_view path, std::string_view id) {
  return request(v, "DELETE", path, id);
}

job_encoded job_post(const vendor& v, std::string_view path, std::string_view id,
                     std::string body) {
  job_encoded out = request(v, "POST", path, id);
  out.request.headers.push_back({"content-type", "application/json"});
  out.request.body = std::move(body);
  return out;
}

result<job_encoded> job_form(
    const vendor& v, std::string_view path, const file_upload& file,
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  job_encoded out = request(v, "POST", path, {});
  wire::multipart_form form(wire::boundary_for(file.bytes));
  for (const auto& [name, value] : fields)
    if (!value.empty()) form.add_field(name, value);
  form.add_file("file", file.name, file.media_type, file.bytes);
  out.request.headers.push_back({"content-type", form.content_type()});
  auto body = form.finish();
  if (!body) return body.error();
  out.request.body = std::move(*body);
  return out;
}

result<job_encoded> preparatory(result<job_encoded> made) {
  if (made) made->preparatory = true;
  return made;
}

std::string batch_file(const ark::dialect::batch_lines& batch) {
  std::string out;
  for (const auto& line : batch.lines) {
    json::writer w(out);
    w.begin_object().key("custom_id").string(line.custom_id).key("method").string("POST");
    w.key("url").string(line.request.target).key("body").raw(line.request.body).end_object();
    out += '\n';
  }
  return out;
}

std::string batch_bodies(const ark::dialect::batch_lines& batch) {
  std::string out;
  for (const auto& line : batch.lines) {
    json::writer w(out);
    w.begin_object().key("custom_id").string(line.custom_id);
    w.key("body").raw(line.request.body).end_object();
    out += '\n';
  }
  return out;
}

result<job_answer> read_job(const ark::dialect::answer& a,
                            const std::function<bool(json::element, job_answer&)>& read) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  job_answer out;
  if (root && read(*root, out)) return out;
  return not_asked_for();
}

result<job_answer> read_job_list(
    const ark::dialect::answer& a,
    const std::function<result<void>(json::element, job_answer&)>& read) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root) return not_asked_for();
  job_answer out;
  if (auto ok = read(*root, out); !ok) return ok.error();
  return out;
}

void add_result(const result<json::element>& e, std::string_view where, result_reader read,
                job_answer& out) {
  ark::dialect::batch_line_result made;
  if (!e || !e->is_object() || !read(*e, made))
    made.unreadable = std::string(where) + " is no result that can be read";
  out.results.push_back(std::move(made));
}

result<job_answer> read_result_lines(const ark::dialect::answer& a, std::string_view place,
                                     result_reader read) {
  json::reader reader;
  job_answer out;
  std::size_t number = 0;
  for (std::string_view rest = a.body; !rest.empty();) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    ++number;
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    const std::string where = "line " + std::to_string(number) + " of " + std::string(place);
    add_result(reader.parse(line), where, read, out);
  }
  const bool all_lost = std::all_of(out.results.begin(), out.results.end(), [](const auto& each) {
    return !each.unreadable.empty() && each.custom_id.empty();
  });
  if (all_lost && !out.results.empty()) return not_ours(out.results.front().unreadable);
  return out;
}

bool each_of(json::element root, std::string_view name,
             const std::function<void(json::element)>& item) {
  json::element list;
  simdjson::dom::array items;
  if (name.empty())
    list = root;
  else if (!json::find(root, name, list))
    return false;
  if (list.get(items) != simdjson::SUCCESS) return false;
  for (const json::element each : items) item(each);
  return true;
}

result<void> read_items(json::element root, std::string_view name,
                        const std::function<bool(json::element)>& item) {
  std::size_t number = 0, unread = 0;
  const bool is_list = each_of(root, name, [&](json::element e) {
    ++number;
    if (unread == 0 && !item(e)) unread = number;
  });
  if (!is_list) return not_asked_for();
  if (unread == 0) return {};
  return not_ours("item " + std::to_string(unread) + " of the vendor's list cannot be read");
}

std::int64_t time_at(json::element e, std::string_view name) {
  json::element found;
  if (!json::find(e, name, found)) return 0;
  const std::string_view text = json::as_text(found);
  if (text.empty()) return json::as_integer(found);
  const auto time = wire::parse_rfc3339(text);
  if (!time) return 0;
  return std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
}

std::int64_t first_integer(json::element e, std::initializer_list<std::string_view> names) {
  for (const auto name : names)
    if (const auto n = json::integer_at(e, name); n > 0) return n;
  return 0;
}

json::element inside(json::element e, std::string_view name) {
  json::element inner;
  return json::find(e, name, inner) && inner.is_object() ? inner : e;
}

bool is_true(json::element e, std::string_view name) {
  json::element found;
  bool value = false;
  return json::find(e, name, found) && found.get(value) == simdjson::SUCCESS && value;
}

std::string json_at(json::element e, std::string_view name) {
  json::element found;
  return json::find(e, name, found) ? simdjson::minify(found) : std::string{};
}

void next_after(json::element root, const job_request& r, job_answer& out) {
  const std::string_view last = json::text_at(root, "last_id");
  if (!is_true(root, "has_more") || last.empty() || last == r.cursor) return;
  out.next = job_request{.verb = r.verb, .id = {}, .cursor = std::string(last)};
}

error no_results_yet(const batch_info& batch) {
  return {.code = errc::invalid_request,
          .retry = retry_class::never,
          .message = "the batch has no results yet: it is " +
                     (batch.vendor_status.empty() ? std::string(to_string(batch.status))
                                                  : batch.vendor_status)};
}

}  // namespace ark::adapters
