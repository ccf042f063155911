#include "job/openai_jobs.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "job/job_wire.hpp"
#include "job/openai_job_wire.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters {
namespace openai_job {
namespace {

using ark::dialect::answer;
using json::element;

std::int64_t first_time(element e, std::initializer_list<std::string_view> names) {
  for (const auto name : names)
    if (const auto t = time_at(e, name); t > 0) return t;
  return 0;
}

bool read_model(element e, job_answer& out) {
  listed_model m;
  m.id = json::text_at(e, "id");
  if (m.id.empty()) return false;
  m.title = json::text_at(e, "name");
  m.created_s = time_at(e, "created");
  // Recorded of Groq, OpenRouter, Mistral, Together, Venice: not of OpenAI, who says nothing.
  m.context_tokens =
      first_integer(e, {"context_window", "context_length", "max_context_length", "max_model_len"});
  m.max_output_tokens = first_integer(e, {"max_completion_tokens", "max_output_length"});
  out.models.push_back(std::move(m));
  return true;
}

result<void> read_models(element root, job_answer& out) {
  // Together's list stands alone (documents, not recorded).
  return read_items(root, root.is_array() ? "" : "data",
                    [&](element e) { return read_model(e, out); });
}

bool read_file(element e, job_answer& out) {
  file_info f;
  f.id = json::text_at(e, "id");
  if (f.id.empty()) return false;
  f.name = json::text_at(e, "filename");
  f.purpose = json::text_at(e, "purpose");
  f.status = json::text_at(e, "status");
  f.bytes = json::integer_at(e, "bytes", -1);
  // Second names are other vendors' (recorded of Mistral; documents of SiliconFlow, Volcengine).
  for (const char* type : {"mimetype", "mime_type"})
    if (f.media_type.empty()) f.media_type = json::text_at(e, type);
  f.created_s = first_time(e, {"created_at", "createdAt"});
  f.expires_s = first_time(e, {"expires_at", "expire_at"});
  out.files.push_back(std::move(f));
  return true;
}

/// SiliconFlow puts the file into a member "data" (documents, not recorded).
bool read_one_file(element root, job_answer& out) { return read_file(inside(root, "data"), out); }

batch_status status_of(std::string_view word) {
  // Upper case and "in_queue" are other vendors' (documents, not recorded).
  static constexpr std::array<std::pair<std::string_view, batch_status>, 10> words{{
      {"validating", batch_status::queued},
      {"in_queue", batch_status::queued},
      {"queued", batch_status::queued},
      {"in_progress", batch_status::running},
      {"finalizing", batch_status::running},
      {"completed", batch_status::completed},
      {"failed", batch_status::failed},
      {"expired", batch_status::expired},
      {"cancelling", batch_status::cancelling},
      {"cancelled", batch_status::cancelled},
  }};
  const std::string lower = text::lower(word);
  const auto* found = std::find_if(words.begin(), words.end(),
                                   [&](const auto& each) { return each.first == lower; });
  // A word of a later version: whoever waits goes on waiting.
  return found == words.end() ? batch_status::running : found->second;
}

void read_errors(element e, batch_info& b) {
  element errors;
  if (!json::find(e, "errors", errors)) return;
  each_of(errors, "data", [&](element each) {
    std::string text(json::text_at(each, "message"));
    if (const auto line = json::integer_at(each, "line"); line > 0)
      text = "line " + std::to_string(line) + ": " + text;
    b.errors.push_back(std::move(text));
  });
}

bool read_batch(element e, job_answer& out) {
  batch_info b;
  b.id = json::text_at(e, "id");
  if (b.id.empty()) return false;
  b.vendor_status = json::text_at(e, "status");
  b.status = status_of(b.vendor_status);
  element counts;
  if (json::find(e, "request_counts", counts)) {
    b.total = json::integer_at(counts, "total", -1);
    b.succeeded = json::integer_at(counts, "completed", -1);
    b.failed = json::integer_at(counts, "failed", -1);
  }
  b.created_s = time_at(e, "created_at");
  for (const char* when : {"completed_at", "failed_at", "expired_at", "cancelled_at"})
    b.ended_s = std::max(b.ended_s, time_at(e, when));
  for (const char* file : {"output_file_id", "error_file_id"})
    if (const auto id = json::text_at(e, file); !id.empty()) b.result_files.emplace_back(id);
  read_errors(e, b);
  out.batches.push_back(std::move(b));
  return true;
}

/// Some vendors put the batch into a member (Together: "job").
bool read_new_batch(element root, job_answer& out) { return read_batch(inside(root, "job"), out); }

result<job_answer> read_list(const job_request& r, const answer& a) {
  return read_job_list(a, [&](element root, job_answer& out) {
    const auto read = r.verb == job_verb::list_files ? read_file : read_batch;
    next_after(root, r, out);
    return read_items(inside(root, "data"), root.is_array() ? "" : "data",
                      [&](element e) { return read(e, out); });
  });
}

/// A batch's results are the lines of its files: first the batch, then file after file. The cursor
/// is the ids of the files that are left.
result<job_answer> read_results(const job_request& r, const answer& a) {
  if (!r.cursor.empty()) return read_result_file(r, a);
  return files_of_results(r, read_job(a, read_new_batch));
}

result<job_answer> read_deletion(const answer& a, std::string_view id) {
  return read_job(a, [&](element root, job_answer& out) {
    out.files.push_back({.id = std::string(id)});
    element deleted;
    return root.is_object() && (!json::find(root, "deleted", deleted) || is_true(root, "deleted"));
  });
}

result<job_encoded> encode_submit(const job_request& r, const vendor& v) {
  const auto& batch = *r.batch;
  if (r.cursor.empty()) {
    const file_upload file{.name = "batch.jsonl",
                           .bytes = batch_file(batch),
                           .media_type = "application/jsonl",
                           .purpose = "batch"};
    return preparatory(job_form(v, "/files", file, {{"purpose", "batch"}}));
  }
  std::string body;
  json::writer w(body);
  w.begin_object().key("input_file_id").string(r.cursor);
  w.key("endpoint").string(batch.lines.front().request.target);
  w.key("completion_window").string("24h");
  if (!batch.name.empty())
    w.key("metadata").begin_object().key("name").string(batch.name).end_object();
  w.end_object();
  return job_post(v, "/batches", {}, std::move(body));
}

result<job_answer> read_submit(const job_request& r, const answer& a) {
  if (!r.cursor.empty()) return read_job(a, read_new_batch);
  auto out = read_job(a, read_one_file);
  if (!out) return out;
  out->next = job_request{
      .verb = r.verb, .id = {}, .cursor = std::move(out->files.front().id), .batch = r.batch};
  out->files.clear();
  return out;
}

/// Only the newer interface has replies that are kept unless a call says otherwise.
result<job_encoded> encode_stored(const job_request& r, const vendor& v) {
  if (v.dialect != "openai_responses") return ark::dialect::no_such_job(r.verb, v);
  const std::string path = (v.chat_path.empty() ? "/responses" : v.chat_path) + "/{id}";
  return r.verb == job_verb::get_reply ? job_get(v, path, r.id) : job_delete(v, path, r.id);
}

job_answer content_of(const answer& a) {
  job_answer out;
  out.content = a.body;
  return out;
}

job_encoded encode_page(const vendor& v, std::string_view path, const job_request& r) {
  job_encoded out = job_get(v, path);
  if (!r.cursor.empty()) wire::append_query(out.request.target, "after", r.cursor);
  return out;
}

class family final : public ark::dialect::job_dialect {
 public:
  std::string_view name() const override { return "openai_jobs"; }

  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    switch (r.verb) {
      case job_verb::list_models:
        return job_get(v, "/models");
      case job_verb::get_model:
        return job_get(v, "/models/{id}", r.id);
      case job_verb::upload_file:
        return job_form(v, "/files", *r.file, {{"purpose", r.file->purpose}});
      case job_verb::list_files:
        return encode_page(v, "/files", r);
      case job_verb::get_file:
        return job_get(v, "/files/{id}", r.id);
      case job_verb::delete_file:
        return job_delete(v, "/files/{id}", r.id);
      case job_verb::file_content:
        return job_get(v, "/files/{id}/content", r.id);
      case job_verb::submit_batch:
        return encode_submit(r, v);
      case job_verb::list_batches:
        return encode_page(v, "/batches", r);
      case job_verb::get_batch:
        return job_get(v, "/batches/{id}", r.id);
      case job_verb::cancel_batch:
        return job_post(v, "/batches/{id}/cancel", r.id, "{}");
      case job_verb::batch_results:
        if (r.cursor.empty()) return job_get(v, "/batches/{id}", r.id);
        return get_result_file(r, v);
      case job_verb::add_to_batch:
      case job_verb::delete_batch:
      case job_verb::create_cache:
      case job_verb::list_caches:
      case job_verb::get_cache:
      case job_verb::extend_cache:
      case job_verb::delete_cache:
        break;
      case job_verb::get_reply:
      case job_verb::delete_reply:
        return encode_stored(r, v);
    }
    return ark::dialect::no_such_job(r.verb, v);
  }

  result<job_answer> decode(const job_request& r, const answer& a, const vendor& v) const override {
    switch (r.verb) {
      case job_verb::list_models:
        return read_job_list(a, read_models);
      case job_verb::get_model:
        return read_job(a, read_model);
      case job_verb::upload_file:
      case job_verb::get_file:
        return read_job(a, read_one_file);
      case job_verb::list_files:
      case job_verb::list_batches:
        return read_list(r, a);
      case job_verb::delete_file:
        return read_deletion(a, r.id);
      case job_verb::file_content:
        return content_of(a);
      case job_verb::submit_batch:
        return read_submit(r, a);
      case job_verb::get_batch:
      case job_verb::cancel_batch:
        return read_job(a, read_new_batch);
      case job_verb::batch_results:
        return read_results(r, a);
      case job_verb::add_to_batch:
      case job_verb::delete_batch:
      case job_verb::create_cache:
      case job_verb::list_caches:
      case job_verb::get_cache:
      case job_verb::extend_cache:
      case job_verb::delete_cache:
        break;
      case job_verb::get_reply:
        return content_of(a);
      case job_verb::delete_reply:
        return read_deletion(a, r.id);
    }
    return ark::dialect::no_such_job(r.verb, v);
  }
};

}  // namespace

bool read_result(element e, ark::dialect::batch_line_result& line) {
  line.custom_id = json::text_at(e, "custom_id");
  element response, failure;
  if (json::find(e, "response", response) && response.is_object()) {
    line.status = static_cast<int>(json::integer_at(response, "status_code", 200));
    line.body = json_at(response, "body");
  }
  if (json::find(e, "error", failure) && failure.is_object()) {
    // No answer at all: the call expired, or the batch was cancelled.
    line.status = 400;
    line.body = R"({"error":)" + simdjson::minify(failure) + "}";
  }
  return !line.custom_id.empty() && !line.body.empty();
}

job_encoded get_result_file(const job_request& r, const vendor& v) {
  return job_get(v, "/files/{id}/content", r.cursor.substr(0, r.cursor.find(' ')));
}

result<job_answer> files_of_results(const job_request& r, result<job_answer> read) {
  if (!read) return read;
  const batch_info batch = std::move(read->batches.front());
  read->batches.clear();
  if (batch.result_files.empty() && !is_final(batch.status)) return no_results_yet(batch);
  std::string files;
  for (const auto& id : batch.result_files) files += (files.empty() ? "" : " ") + id;
  if (!files.empty()) read->next = job_request{.verb = r.verb, .id = r.id, .cursor = files};
  return read;
}

result<job_answer> read_result_file(const job_request& r, const answer& a) {
  const auto rest = r.cursor.find(' ');
  auto out = read_result_lines(a, "file " + r.cursor.substr(0, rest), read_result);
  if (out && rest != r.cursor.npos)
    out->next = job_request{.verb = r.verb, .id = r.id, .cursor = r.cursor.substr(rest + 1)};
  return out;
}

}  // namespace openai_job

const ark::dialect::job_dialect& openai_jobs() {
  static const openai_job::family instance;
  return instance;
}

}  // namespace ark::adapters
