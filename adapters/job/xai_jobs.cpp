#include "job/xai_jobs.hpp"

#include "base/json.hpp"
#include "job/job_wire.hpp"
#include "job/openai_jobs.hpp"
#include "wire/url.hpp"

namespace ark::adapters {
namespace xai_job {
namespace {

using ark::dialect::answer;
using ark::dialect::batch_line_result;
using json::element;

/// What a chat request is called in a batch, and its reply in the results.
constexpr std::string_view chat_kind = "chat_get_completion";
/// The cursor of the first page of results, after the batch itself was read.
constexpr std::string_view first_page = "-";

job_encoded page(const vendor& v, std::string_view path, const job_request& r) {
  job_encoded out = job_get(v, path, r.id);
  wire::append_query(out.request.target, "limit", "100");
  if (!r.cursor.empty() && r.cursor != first_page)
    wire::append_query(out.request.target, "pagination_token", r.cursor);
  return out;
}

void next_page(element root, const job_request& r, job_answer& out) {
  const std::string_view token = json::text_at(root, "pagination_token");
  if (token.empty() || token == r.cursor) return;
  out.next = job_request{.verb = r.verb, .id = r.id, .cursor = std::string(token)};
}

job_encoded encode_submit(const job_request& r, const vendor& v) {
  std::string body;
  const std::string_view name = r.batch->name;
  json::writer(body).begin_object().key("name").string(name.empty() ? "batch" : name).end_object();
  job_encoded out = job_post(v, "/batches", {}, std::move(body));
  out.preparatory = true;  // it has no calls yet
  return out;
}

job_encoded encode_calls(const job_request& r, const vendor& v) {
  std::string body;
  json::writer w(body);
  w.begin_object().key("batch_requests").begin_array();
  for (const auto& line : r.batch->lines) {
    w.begin_object().key("batch_request_id").string(line.custom_id);
    w.key("batch_request").begin_object().key(chat_kind).raw(line.request.body);
    w.end_object().end_object();
  }
  w.end_array().end_object();
  return job_post(v, "/batches/{id}/requests", r.id, std::move(body));
}

batch_status status_of(const batch_info& b, std::int64_t pending, bool was_cancelled) {
  if (pending > 0) return was_cancelled ? batch_status::cancelling : batch_status::running;
  if (was_cancelled) return batch_status::cancelled;
  return b.total > 0 ? batch_status::completed : batch_status::queued;
}

bool read_batch(element e, job_answer& out) {
  batch_info b;
  b.id = json::text_at(e, "batch_id");
  element state;
  if (b.id.empty() || !json::find(e, "state", state)) return false;
  b.total = json::integer_at(state, "num_requests");
  b.succeeded = json::integer_at(state, "num_success");
  b.failed = json::integer_at(state, "num_error") + json::integer_at(state, "num_cancelled");
  b.status = status_of(b, json::integer_at(state, "num_pending"),
                       !json::text_at(e, "cancel_time").empty());
  b.created_s = time_at(e, "create_time");
  if (const auto why = json::text_at(e, "cancel_by_xai_message"); !why.empty())
    b.errors.emplace_back(why);
  out.batches.push_back(std::move(b));
  return true;
}

/// The batch as it is once the calls are in it, and the request that adds them.
result<job_answer> read_submit(const job_request& r, const answer& a) {
  auto out = read_job(a, read_batch);
  if (!out) return out;
  batch_info& made = out->batches.front();
  made.total = static_cast<std::int64_t>(r.batch->lines.size());
  out->next =
      job_request{.verb = job_verb::add_to_batch, .id = made.id, .cursor = {}, .batch = r.batch};
  return out;
}

bool read_result(element e, batch_line_result& line) {
  element made, response, failure;
  line.custom_id = json::text_at(e, "batch_request_id");
  if (line.custom_id.empty() || !json::find(e, "batch_result", made)) return false;
  // A request of the other kind is answered as this one too (recorded).
  if (json::find(made, "response", response)) line.body = json_at(response, chat_kind);
  if (json::find(made, "error", failure) && !failure.is_null()) {
    line.status = 400;
    line.body = R"({"error":)" + simdjson::minify(failure) + "}";
  }
  return !line.body.empty();
}

/// First the batch, which tells whether all is done; then the pages of its results.
result<job_answer> read_results(const job_request& r, const answer& a) {
  if (!r.cursor.empty())
    return read_job(a, [&](element root, job_answer& out) {
      const std::string page = r.cursor == first_page ? "the first page" : "page " + r.cursor;
      next_page(root, r, out);
      return each_of(root, "results", [&](element e) {
        const auto number = std::to_string(out.results.size() + 1);
        add_result(e, "item " + number + " of " + page + " of the results", read_result, out);
      });
    });
  auto out = read_job(a, read_batch);
  if (!out) return out;
  const batch_info batch = std::move(out->batches.front());
  out->batches.clear();
  if (!is_final(batch.status)) return no_results_yet(batch);
  out->next = job_request{.verb = r.verb, .id = r.id, .cursor = std::string(first_page)};
  return out;
}

class family final : public ark::dialect::job_dialect {
 public:
  std::string_view name() const override { return "xai_jobs"; }

  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    switch (r.verb) {
      case job_verb::submit_batch:
        return encode_submit(r, v);
      case job_verb::add_to_batch:
        return encode_calls(r, v);
      case job_verb::list_batches:
        return page(v, "/batches", r);
      case job_verb::get_batch:
        return job_get(v, "/batches/{id}", r.id);
      case job_verb::cancel_batch:
        return job_post(v, "/batches/{id}:cancel", r.id, "{}");
      case job_verb::batch_results:
        if (r.cursor.empty()) return job_get(v, "/batches/{id}", r.id);
        return page(v, "/batches/{id}/results", r);
      case job_verb::list_models:
      case job_verb::get_model:
      case job_verb::upload_file:
      case job_verb::get_file:
      case job_verb::delete_file:
      case job_verb::file_content:
      case job_verb::list_files:
      case job_verb::delete_batch:
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
      case job_verb::submit_batch:
        return read_submit(r, a);
      case job_verb::add_to_batch:  // "null" (recorded)
        return read_job(a, [](element, job_answer&) { return true; });
      case job_verb::list_batches:
        return read_job_list(a, [&](element root, job_answer& out) {
          next_page(root, r, out);
          return read_items(root, "batches", [&](element e) { return read_batch(e, out); });
        });
      case job_verb::get_batch:
      case job_verb::cancel_batch:
        return read_job(a, read_batch);
      case job_verb::batch_results:
        return read_results(r, a);
      case job_verb::list_models:
      case job_verb::get_model:
      case job_verb::upload_file:
      case job_verb::get_file:
      case job_verb::delete_file:
      case job_verb::file_content:
      case job_verb::list_files:
      case job_verb::delete_batch:
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
}  // namespace xai_job

const ark::dialect::job_dialect& xai_jobs() {
  static const xai_job::family instance;
  return instance;
}

}  // namespace ark::adapters
