#include "job/gemini_jobs.hpp"

#include "base/json.hpp"
#include "job/gemini_job_wire.hpp"
#include "job/job_wire.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters {
namespace gemini_job {
namespace {

using ark::dialect::cache_prompt;
using json::element;

/// The vendor's limit of a batch with its calls in it (document).
constexpr std::size_t most_inline_bytes = 20'000'000;

result<job_encoded> of_one(job_encoded made, std::string_view id) {
  if (!id.empty() && id != "." && id != ".." && id.find('/') == id.npos) return made;
  return error{.code = errc::invalid_request,
               .message = "\"" + std::string(id) + "\" is no id of this vendor's"};
}

job_encoded page(const vendor& v, std::string_view path, const char* size, const job_request& r) {
  job_encoded out = job_get(v, path);
  wire::append_query(out.request.target, "pageSize", size);
  if (!r.cursor.empty()) wire::append_query(out.request.target, "pageToken", r.cursor);
  return out;
}

/// A file is announced first; then its bytes go where the answer says.
job_encoded announce(const vendor& v, const file_upload& file) {
  std::string body;
  json::writer w(body);
  w.begin_object().key("file").begin_object().key("displayName").string(file.name);
  w.end_object().end_object();
  job_encoded out = job_post(v, "/files", {}, std::move(body));
  out.before_base = "/upload";
  auto& headers = out.request.headers;
  headers.push_back({"x-goog-upload-protocol", "resumable"});
  headers.push_back({"x-goog-upload-command", "start"});
  headers.push_back({"x-goog-upload-header-content-length", std::to_string(file.bytes.size())});
  headers.push_back({"x-goog-upload-header-content-type",
                     file.media_type.empty() ? "application/octet-stream" : file.media_type});
  return out;
}

job_encoded send_bytes(const vendor& v, const std::string& place, std::string bytes) {
  job_encoded out = job_get(v, "/");
  out.from_root = true;
  out.request.method = "PUT";  // POST is taken as well (both recorded)
  out.request.target = place;
  out.request.headers.push_back({"x-goog-upload-offset", "0"});
  out.request.headers.push_back({"x-goog-upload-command", "upload, finalize"});
  out.request.body = std::move(bytes);
  return out;
}

job_encoded encode_upload(const job_request& r, const vendor& v) {
  return r.cursor.empty() ? announce(v, *r.file) : send_bytes(v, r.cursor, r.file->bytes);
}

/// The calls of a batch, one a line.
file_upload calls_file(const ark::dialect::batch_lines& batch) {
  file_upload file{.name = "batch.jsonl", .bytes = {}, .media_type = "application/jsonl"};
  for (const auto& line : batch.lines) {
    json::writer w(file.bytes);
    w.begin_object().key("key").string(line.custom_id);
    w.key("request").raw(line.request.body).end_object();
    file.bytes += '\n';
  }
  return file;
}

/// The batch with its calls in it, or with the name of the file that has them.
std::string new_batch(const ark::dialect::batch_lines& batch, std::string_view file) {
  std::string body;
  json::writer w(body);
  w.begin_object().key("batch").begin_object();
  if (!batch.name.empty()) w.key("displayName").string(batch.name);
  w.key("inputConfig").begin_object();
  if (!file.empty()) {
    w.key("fileName").string(file);
  } else {
    w.key("requests").begin_object().key("requests").begin_array();
    for (const auto& line : batch.lines) {
      w.begin_object().key("request").raw(line.request.body);
      w.key("metadata").begin_object().key("key").string(line.custom_id).end_object();
      w.end_object();
    }
    w.end_array().end_object();
  }
  w.end_object().end_object().end_object();
  return body;
}

/// At once, or as a file if it is too long for that: the cursor is first where the bytes go, then
/// the file's name.
result<job_encoded> encode_submit(const job_request& r, const vendor& v) {
  const auto& batch = *r.batch;
  if (!r.cursor.empty() && !is_file_name(r.cursor))
    return preparatory(send_bytes(v, r.cursor, calls_file(batch).bytes));
  std::string body = new_batch(batch, r.cursor);
  if (body.size() > most_inline_bytes) return preparatory(announce(v, calls_file(batch)));
  return of_one(job_post(v, "/models/{id}:batchGenerateContent", batch.model, std::move(body)),
                batch.model);
}

bool is_of_cache(std::string_view name) {
  constexpr std::array<std::string_view, 4> kept = {"contents", "systemInstruction", "tools",
                                                    "toolConfig"};
  return std::find(kept.begin(), kept.end(), name) != kept.end();
}

bool is_empty_list(element e) {
  simdjson::dom::array items;
  return !e.get(items) && items.size() == 0;
}

/// Seconds as protobuf writes a duration.
std::string duration(std::int64_t seconds) { return std::to_string(seconds) + "s"; }

result<job_encoded> encode_new_cache(const job_request& r, const vendor& v) {
  const cache_prompt& prompt = *r.prompt;
  json::reader reader;
  const auto root = reader.parse(prompt.request.body);
  simdjson::dom::object members;
  if (!root || root->get(members)) return ark::dialect::no_such_job(r.verb, v);
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string("models/" + prompt.model);
  for (const auto& [name, value] : members) {
    if (!is_of_cache(name))
      return error{.code = errc::unsupported,
                   .message = "a cache holds messages and tools only: leave " + std::string(name) +
                              " to the calls that use it"};
    if (!is_empty_list(value)) w.key(name).raw(simdjson::minify(value));
  }
  w.key("ttl").string(duration(r.ttl_s)).end_object();
  return job_post(v, "/cachedContents", {}, std::move(body));
}

job_encoded encode_extension(const job_request& r, const vendor& v, std::string_view id) {
  std::string body;
  json::writer w(body);
  w.begin_object().key("ttl").string(duration(r.ttl_s)).end_object();
  job_encoded out = job_post(v, "/cachedContents/{id}", id, std::move(body));
  out.request.method = "PATCH";
  wire::append_query(out.request.target, "updateMask", "ttl");
  return out;
}

class family final : public ark::dialect::job_dialect {
 public:
  std::string_view name() const override { return "gemini_jobs"; }

  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    switch (r.verb) {
      case job_verb::list_models:
        return page(v, "/models", "1000", r);
      case job_verb::get_model: {
        const auto id = short_id(r.id, "models/");
        return of_one(job_get(v, "/models/{id}", id), id);
      }
      case job_verb::upload_file:
        return encode_upload(r, v);
      case job_verb::list_files:
        return page(v, "/files", "100", r);
      case job_verb::get_file:
      case job_verb::delete_file:
      case job_verb::file_content:
        return encode_file(r.verb, r.id, v);
      case job_verb::submit_batch:
        return encode_submit(r, v);
      case job_verb::list_batches:
        return page(v, "/batches", "100", r);
      case job_verb::batch_results:
        if (!r.cursor.empty()) return encode_file(job_verb::file_content, r.cursor, v);
        return encode_batch(r, v);
      case job_verb::get_batch:
      case job_verb::cancel_batch:
      case job_verb::delete_batch:
        return encode_batch(r, v);
      case job_verb::create_cache:
        return encode_new_cache(r, v);
      case job_verb::list_caches:
        return page(v, "/cachedContents", "100", r);
      case job_verb::get_cache:
      case job_verb::extend_cache:
      case job_verb::delete_cache:
        return encode_cache(r, v);
      case job_verb::add_to_batch:
      case job_verb::get_reply:
      case job_verb::delete_reply:
        break;
    }
    return ark::dialect::no_such_job(r.verb, v);
  }

  result<job_answer> decode(const job_request& r, const ark::dialect::answer& a,
                            const vendor& v) const override {
    return gemini_job::decode(r, a, v);
  }

 private:
  static result<job_encoded> encode_file(job_verb verb, std::string_view name, const vendor& v) {
    const auto id = short_id(name, "files/");
    if (verb == job_verb::get_file) return of_one(job_get(v, "/files/{id}", id), id);
    if (verb == job_verb::delete_file) return of_one(job_delete(v, "/files/{id}", id), id);
    job_encoded out = job_get(v, "/files/{id}:download", id);
    wire::append_query(out.request.target, "alt", "media");
    return of_one(std::move(out), id);
  }
  static result<job_encoded> encode_batch(const job_request& r, const vendor& v) {
    const auto id = short_id(r.id, "batches/");
    if (r.verb == job_verb::cancel_batch)
      return of_one(job_post(v, "/batches/{id}:cancel", id, "{}"), id);
    if (r.verb == job_verb::delete_batch) return of_one(job_delete(v, "/batches/{id}", id), id);
    return of_one(job_get(v, "/batches/{id}", id), id);
  }
  static result<job_encoded> encode_cache(const job_request& r, const vendor& v) {
    const auto id = short_id(r.id, "cachedContents/");
    if (r.verb == job_verb::extend_cache) return of_one(encode_extension(r, v, id), id);
    if (r.verb == job_verb::delete_cache)
      return of_one(job_delete(v, "/cachedContents/{id}", id), id);
    return of_one(job_get(v, "/cachedContents/{id}", id), id);
  }
};

}  // namespace
}  // namespace gemini_job

const ark::dialect::job_dialect& gemini_jobs() {
  static const gemini_job::family instance;
  return instance;
}

}  // namespace ark::adapters
