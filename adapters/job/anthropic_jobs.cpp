#include "job/anthropic_jobs.hpp"

#include "base/json.hpp"
#include "job/job_wire.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters {
namespace anthropic_job {
namespace {

using ark::dialect::answer;
using ark::dialect::batch_line_result;
using json::element;

constexpr std::string_view version_header = "anthropic-version";
constexpr std::string_view beta_header = "anthropic-beta";
constexpr std::string_view first_version = "2023-06-01";
constexpr std::string_view files_flag = "files-api-2025-04-14";
/// The cursor of results after the batch itself was read.
constexpr std::string_view ended = "ended";

job_encoded with_version(job_encoded out, std::string_view version = first_version) {
  if (!wire::has_header(out.request.headers, version_header))
    out.request.headers.push_back({std::string(version_header), std::string(version)});
  return out;
}

/// Later versions have files without the flag.
job_encoded with_files(job_encoded made) {
  job_encoded out = with_version(std::move(made));
  if (wire::find_header(out.request.headers, version_header) == first_version)
    out.request.headers.push_back({std::string(beta_header), std::string(files_flag)});
  return out;
}

job_encoded page(const vendor& v, std::string_view path, const job_request& r) {
  job_encoded out = with_version(job_get(v, path));
  wire::append_query(out.request.target, "limit", "1000");
  if (!r.cursor.empty()) wire::append_query(out.request.target, "after_id", r.cursor);
  return out;
}

/// The beta flags of all calls, each once: the batch is sent with them.
std::string flags_of(const ark::dialect::batch_lines& batch) {
  std::vector<std::string_view> flags;
  for (const auto& line : batch.lines) {
    std::string_view rest = wire::find_header(line.request.headers, beta_header);
    while (!rest.empty()) {
      const auto flag = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), flag.size() + 1));
      if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
    }
  }
  std::string out;
  for (const auto flag : flags) out += (out.empty() ? "" : ",") + std::string(flag);
  return out;
}

result<job_encoded> encode_submit(const job_request& r, const vendor& v) {
  const auto& lines = r.batch->lines;
  std::string_view version = first_version;
  std::string body;
  json::writer w(body);
  w.begin_object().key("requests").begin_array();
  for (const auto& line : lines) {
    if (const auto own = wire::find_header(line.request.headers, version_header); !own.empty()) {
      if (&line != &lines.front() && own != version)
        return error{.code = errc::invalid_request,
                     .message = "a batch has one anthropic_version: call \"" + line.custom_id +
                                "\" has another than the first"};
      version = own;
    }
    w.begin_object().key("custom_id").string(line.custom_id);
    w.key("params").raw(line.request.body).end_object();
  }
  w.end_array().end_object();
  job_encoded out = with_version(job_post(v, "/messages/batches", {}, std::move(body)), version);
  if (std::string flags = flags_of(*r.batch); !flags.empty())
    out.request.headers.push_back({std::string(beta_header), std::move(flags)});
  return out;
}

bool read_model(element e, job_answer& out) {
  listed_model m;
  m.id = json::text_at(e, "id");
  if (m.id.empty()) return false;
  m.title = json::text_at(e, "display_name");
  m.created_s = time_at(e, "created_at");
  // Since version 2026-10-21 (the vendor's SDK, not recorded).
  m.context_tokens = json::integer_at(e, "max_input_tokens");
  m.max_output_tokens = json::integer_at(e, "max_tokens");
  out.models.push_back(std::move(m));
  return true;
}

bool read_file(element e, job_answer& out) {
  file_info f;
  f.id = json::text_at(e, "id");
  if (f.id.empty()) return false;
  f.name = json::text_at(e, "filename");
  f.media_type = json::text_at(e, "mime_type");
  f.bytes = json::integer_at(e, "size_bytes", -1);
  f.created_s = time_at(e, "created_at");
  f.expires_s = time_at(e, "expires_at");
  out.files.push_back(std::move(f));
  return true;
}

batch_status status_of(std::string_view word, bool was_cancelled, std::int64_t expired) {
  if (word == "canceling") return batch_status::cancelling;
  // A word of a later version: whoever waits goes on waiting.
  if (word != "ended") return batch_status::running;
  if (was_cancelled) return batch_status::cancelled;
  return expired > 0 ? batch_status::expired : batch_status::completed;
}

bool read_batch(element e, job_answer& out) {
  batch_info b;
  b.id = json::text_at(e, "id");
  if (b.id.empty()) return false;
  b.vendor_status = json::text_at(e, "processing_status");
  std::int64_t expired = 0;
  if (element counts; json::find(e, "request_counts", counts) && counts.is_object()) {
    expired = json::integer_at(counts, "expired");
    b.succeeded = json::integer_at(counts, "succeeded");
    b.failed = json::integer_at(counts, "errored") + json::integer_at(counts, "canceled") + expired;
    b.total = b.succeeded + b.failed + json::integer_at(counts, "processing");
  }
  b.status = status_of(b.vendor_status, time_at(e, "cancel_initiated_at") > 0, expired);
  b.created_s = time_at(e, "created_at");
  b.ended_s = time_at(e, "ended_at");
  out.batches.push_back(std::move(b));
  return true;
}

/// The HTTP status that an error of this type has outside of a batch (the vendor's SDK).
int status_of(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, int>, 9> known{{
      {"authentication_error", 401},
      {"billing_error", 402},
      {"permission_error", 403},
      {"not_found_error", 404},
      {"request_too_large", 413},
      {"rate_limit_error", 429},
      {"api_error", 500},
      {"timeout_error", 504},
      {"overloaded_error", 529},
  }};
  const auto* found = std::find_if(known.begin(), known.end(),
                                   [type](const auto& each) { return each.first == type; });
  return found == known.end() ? 400 : found->second;
}

/// A call that the vendor never made has no body: this one says so in its shape. 408 is no fault of
/// the call's.
void not_made(std::string_view type, batch_line_result& line) {
  line.status = 408;
  json::writer w(line.body);
  w.begin_object().key("type").string("error").key("error").begin_object();
  w.key("type").string(type).key("message").string("the batch ended before this call was made");
  w.end_object().end_object();
}

bool read_result(element e, batch_line_result& line) {
  element made, failure;
  line.custom_id = json::text_at(e, "custom_id");
  if (line.custom_id.empty() || !json::find(e, "result", made)) return false;
  const std::string_view type = json::text_at(made, "type");
  if (type == "succeeded") {
    line.body = json_at(made, "message");
  } else if (type == "errored" && json::find(made, "error", failure)) {
    line.body = simdjson::minify(failure);
    line.status = status_of(json::text_at(inside(failure, "error"), "type"));
  } else if (type == "canceled" || type == "expired") {
    not_made(type, line);
  }
  return !line.body.empty();
}

result<job_answer> read_list(const job_request& r, const answer& a,
                             bool (*read)(element, job_answer&)) {
  return read_job_list(a, [&](element root, job_answer& out) {
    next_after(root, r, out);
    return read_items(root, "data", [&](element e) { return read(e, out); });
  });
}

/// First the batch, which tells whether there are results; then its lines.
result<job_answer> read_results(const job_request& r, const answer& a) {
  if (!r.cursor.empty()) return read_result_lines(a, "the results", read_result);
  auto out = read_job(a, read_batch);
  if (!out) return out;
  const batch_info batch = std::move(out->batches.front());
  out->batches.clear();
  if (!is_final(batch.status)) return no_results_yet(batch);
  out->next = job_request{.verb = r.verb, .id = r.id, .cursor = std::string(ended)};
  return out;
}

result<job_answer> read_deletion(const job_request& r, const answer& a) {
  return read_job(a, [&](element root, job_answer& out) {
    if (r.verb == job_verb::delete_file)
      out.files.push_back({.id = r.id});
    else
      out.batches.push_back({.id = r.id});
    return json::text_at(root, "type").ends_with("_deleted");
  });
}

class family final : public ark::dialect::job_dialect {
 public:
  std::string_view name() const override { return "anthropic_jobs"; }

  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    switch (r.verb) {
      case job_verb::list_models:
        return page(v, "/models", r);
      case job_verb::get_model:
        return with_version(job_get(v, "/models/{id}", r.id));
      case job_verb::upload_file: {
        auto form = job_form(v, "/files", *r.file, {});
        if (!form) return form;
        return with_files(std::move(*form));
      }
      case job_verb::list_files:
        return with_files(page(v, "/files", r));
      case job_verb::get_file:
        return with_files(job_get(v, "/files/{id}", r.id));
      case job_verb::delete_file:
        return with_files(job_delete(v, "/files/{id}", r.id));
      case job_verb::file_content:
        return with_files(job_get(v, "/files/{id}/content", r.id));
      case job_verb::submit_batch:
        return encode_submit(r, v);
      case job_verb::list_batches:
        return page(v, "/messages/batches", r);
      case job_verb::get_batch:
        return with_version(job_get(v, "/messages/batches/{id}", r.id));
      case job_verb::cancel_batch:
        return with_version(job_post(v, "/messages/batches/{id}/cancel", r.id, "{}"));
      case job_verb::delete_batch:
        return with_version(job_delete(v, "/messages/batches/{id}", r.id));
      case job_verb::batch_results:
        return with_version(job_get(
            v, r.cursor.empty() ? "/messages/batches/{id}" : "/messages/batches/{id}/results",
            r.id));
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
    return ark::dialect::no_such_job(r.verb, v);
  }

  result<job_answer> decode(const job_request& r, const answer& a, const vendor& v) const override {
    switch (r.verb) {
      case job_verb::list_models:
        return read_list(r, a, read_model);
      case job_verb::get_model:
        return read_job(a, read_model);
      case job_verb::list_files:
        return read_list(r, a, read_file);
      case job_verb::upload_file:
      case job_verb::get_file:
        return read_job(a, read_file);
      case job_verb::file_content: {
        job_answer out;
        out.content = a.body;
        return out;
      }
      case job_verb::list_batches:
        return read_list(r, a, read_batch);
      case job_verb::submit_batch:
      case job_verb::get_batch:
      case job_verb::cancel_batch:
        return read_job(a, read_batch);
      case job_verb::delete_file:
      case job_verb::delete_batch:
        return read_deletion(r, a);
      case job_verb::batch_results:
        return read_results(r, a);
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
    return ark::dialect::no_such_job(r.verb, v);
  }
};

}  // namespace
}  // namespace anthropic_job

const ark::dialect::job_dialect& anthropic_jobs() {
  static const anthropic_job::family instance;
  return instance;
}

}  // namespace ark::adapters
