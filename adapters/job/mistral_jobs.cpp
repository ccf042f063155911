#include "job/mistral_jobs.hpp"

#include "base/json.hpp"
#include "job/openai_job_wire.hpp"
#include "job/openai_jobs.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ark::adapters {
namespace mistral_job {
namespace {

using ark::dialect::answer;
using json::element;

constexpr std::int64_t page_items = 100;
constexpr std::string_view jobs_path = "/batch/jobs";

/// Pages have numbers, from 0.
std::int64_t page_number(std::string_view cursor) {
  std::int64_t out = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), out);
  return out;
}

job_encoded page(const vendor& v, std::string_view path, const job_request& r) {
  job_encoded out = job_get(v, path);
  wire::append_query(out.request.target, "page", std::to_string(page_number(r.cursor)));
  wire::append_query(out.request.target, "page_size", std::to_string(page_items));
  return out;
}

void next_page(element root, const job_request& r, job_answer& out) {
  const std::int64_t next = page_number(r.cursor) + 1;
  if (json::integer_at(root, "total") <= next * page_items) return;
  out.next = job_request{.verb = r.verb, .id = {}, .cursor = std::to_string(next)};
}

result<job_encoded> encode_submit(const job_request& r, const vendor& v) {
  const auto& batch = *r.batch;
  if (r.cursor.empty()) {
    const file_upload file{.name = "batch.jsonl",
                           .bytes = batch_bodies(batch),
                           .media_type = "application/jsonl",
                           .purpose = "batch"};
    return preparatory(job_form(v, "/files", file, {{"purpose", file.purpose}}));
  }
  std::string body;
  json::writer w(body);
  w.begin_object().key("input_files").begin_array().string(r.cursor).end_array();
  w.key("model").string(batch.model);
  w.key("endpoint").string(batch.lines.front().request.target);
  if (!batch.name.empty())
    w.key("metadata").begin_object().key("name").string(batch.name).end_object();
  w.end_object();
  return job_post(v, jobs_path, {}, std::move(body));
}

batch_status status_of(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, batch_status>, 6> words{{
      {"QUEUED", batch_status::queued},
      {"SUCCESS", batch_status::completed},
      {"FAILED", batch_status::failed},
      {"TIMEOUT_EXCEEDED", batch_status::expired},
      {"CANCELLATION_REQUESTED", batch_status::cancelling},
      {"CANCELLED", batch_status::cancelled},
  }};
  const auto* found = std::find_if(words.begin(), words.end(),
                                   [word](const auto& each) { return each.first == word; });
  return found == words.end() ? batch_status::running : found->second;
}

bool read_batch(element e, job_answer& out) {
  batch_info b;
  b.id = json::text_at(e, "id");
  if (b.id.empty()) return false;
  b.vendor_status = json::text_at(e, "status");
  b.status = status_of(b.vendor_status);
  b.total = json::integer_at(e, "total_requests", -1);
  b.succeeded = json::integer_at(e, "succeeded_requests", -1);
  b.failed = json::integer_at(e, "failed_requests", -1);
  b.created_s = time_at(e, "created_at");
  b.ended_s = time_at(e, "completed_at");
  for (const char* file : {"output_file", "error_file"})
    if (const auto id = json::text_at(e, file); !id.empty()) b.result_files.emplace_back(id);
  each_of(e, "errors",
          [&](element each) { b.errors.emplace_back(json::text_at(each, "message")); });
  out.batches.push_back(std::move(b));
  return true;
}

result<job_answer> read_submit(const job_request& r, const answer& a, const vendor& v) {
  if (!r.cursor.empty()) return read_job(a, read_batch);
  return openai_jobs().decode(r, a, v);
}

result<job_answer> read_files(const job_request& r, const answer& a, const vendor& v) {
  auto out = openai_jobs().decode(r, a, v);
  json::reader reader;
  if (const auto root = reader.parse(a.body); out && root) next_page(*root, r, *out);
  return out;
}

class family final : public ark::dialect::job_dialect {
 public:
  std::string_view name() const override { return "mistral_jobs"; }

  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    switch (r.verb) {
      case job_verb::list_files:
        return page(v, "/files", r);
      case job_verb::submit_batch:
        return encode_submit(r, v);
      case job_verb::list_batches:
        return page(v, jobs_path, r);
      case job_verb::get_batch:
        return job_get(v, "/batch/jobs/{id}", r.id);
      case job_verb::cancel_batch:
        return job_post(v, "/batch/jobs/{id}/cancel", r.id, "{}");
      case job_verb::delete_batch:
        return job_delete(v, "/batch/jobs/{id}", r.id);
      case job_verb::batch_results:
        if (r.cursor.empty()) return job_get(v, "/batch/jobs/{id}", r.id);
        return openai_job::get_result_file(r, v);
      case job_verb::list_models:
      case job_verb::get_model:
      case job_verb::upload_file:
      case job_verb::get_file:
      case job_verb::delete_file:
      case job_verb::file_content:
      case job_verb::add_to_batch:
      case job_verb::create_cache:
      case job_verb::list_caches:
      case job_verb::get_cache:
      case job_verb::extend_cache:
      case job_verb::delete_cache:
      case job_verb::get_reply:
      case job_verb::delete_reply:
        break;
    }
    return openai_jobs().encode(r, v);
  }

  result<job_answer> decode(const job_request& r, const answer& a, const vendor& v) const override {
    switch (r.verb) {
      case job_verb::list_files:
        return read_files(r, a, v);
      case job_verb::submit_batch:
        return read_submit(r, a, v);
      case job_verb::list_batches:
        return read_job_list(a, [&](element root, job_answer& out) {
          next_page(root, r, out);
          return read_items(root, "data", [&](element e) { return read_batch(e, out); });
        });
      case job_verb::get_batch:
      case job_verb::cancel_batch:
        return read_job(a, read_batch);
      case job_verb::delete_batch:
        return read_job(a, [&](element root, job_answer& out) {
          out.batches.push_back({.id = r.id});
          return root.is_object();
        });
      case job_verb::batch_results:
        if (!r.cursor.empty()) return openai_job::read_result_file(r, a);
        return openai_job::files_of_results(r, read_job(a, read_batch));
      case job_verb::list_models:
      case job_verb::get_model:
      case job_verb::upload_file:
      case job_verb::get_file:
      case job_verb::delete_file:
      case job_verb::file_content:
      case job_verb::add_to_batch:
      case job_verb::create_cache:
      case job_verb::list_caches:
      case job_verb::get_cache:
      case job_verb::extend_cache:
      case job_verb::delete_cache:
      case job_verb::get_reply:
      case job_verb::delete_reply:
        break;
    }
    return openai_jobs().decode(r, a, v);
  }
};

}  // namespace
}  // namespace mistral_job

const ark::dialect::job_dialect& mistral_jobs() {
  static const mistral_job::family instance;
  return instance;
}

}  // namespace ark::adapters
