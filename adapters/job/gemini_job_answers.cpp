#include "job/gemini_job_wire.hpp"
#include "job/job_wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ark::adapters::gemini_job {
namespace {

using ark::dialect::answer;
using ark::dialect::batch_line_result;
using json::element;

/// Counts of 64 bits are texts in protobuf's JSON.
std::int64_t count_at(element e, std::string_view name) {
  const std::string_view text = json::text_at(e, name);
  if (text.empty()) return json::integer_at(e, name, -1);
  std::int64_t value = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? value : -1;
}

std::string model_at(element e, std::string_view name) {
  return std::string(short_id(json::text_at(e, name), "models/"));
}

bool read_model(element e, job_answer& out) {
  listed_model m;
  m.id = model_at(e, "name");
  if (m.id.empty()) return false;
  m.title = json::text_at(e, "displayName");
  m.context_tokens = std::max<std::int64_t>(count_at(e, "inputTokenLimit"), 0);
  m.max_output_tokens = std::max<std::int64_t>(count_at(e, "outputTokenLimit"), 0);
  out.models.push_back(std::move(m));
  return true;
}

/// An upload's answer has the file in a member.
bool read_file(element root, job_answer& out) {
  element e = root;
  (void)json::find(root, "file", e);
  file_info f;
  f.id = json::text_at(e, "name");
  if (f.id.empty()) return false;
  f.name = json::text_at(e, "displayName");
  f.media_type = json::text_at(e, "mimeType");
  f.status = json::text_at(e, "state");
  f.uri = json::text_at(e, "uri");
  f.bytes = count_at(e, "sizeBytes");
  f.created_s = time_at(e, "createTime");
  f.expires_s = time_at(e, "expirationTime");
  out.files.push_back(std::move(f));
  return true;
}

bool read_cache(element e, job_answer& out) {
  cache_info c;
  c.id = json::text_at(e, "name");
  if (c.id.empty()) return false;
  c.model = model_at(e, "model");
  c.created_s = time_at(e, "createTime");
  c.expires_s = time_at(e, "expireTime");
  if (element used; json::find(e, "usageMetadata", used)) {
    c.tokens = count_at(used, "totalTokenCount");
    out.usage.reported = c.tokens != -1;
    out.usage.input = out.usage.reported ? c.tokens : 0;
  }
  out.caches.push_back(std::move(c));
  return true;
}

batch_status status_of(std::string_view word) {
  // "BATCH_STATE_SUCCEEDED" here, "JOB_STATE_SUCCEEDED" on the sister platform and in the SDK.
  if (const auto at = word.find("STATE_"); at != word.npos) word.remove_prefix(at + 6);
  static constexpr std::array<std::pair<std::string_view, batch_status>, 9> words{{
      {"UNSPECIFIED", batch_status::queued},
      {"QUEUED", batch_status::queued},
      {"PENDING", batch_status::queued},
      {"SUCCEEDED", batch_status::completed},
      {"PARTIALLY_SUCCEEDED", batch_status::completed},
      {"FAILED", batch_status::failed},
      {"CANCELLING", batch_status::cancelling},
      {"CANCELLED", batch_status::cancelled},
      {"EXPIRED", batch_status::expired},
  }};
  const auto* found =
      std::find_if(words.begin(), words.end(), [&](const auto& w) { return w.first == word; });
  return found == words.end() ? batch_status::running : found->second;
}

/// What the batch gave: of the operation's answer, or where the batch itself has it.
bool find_output(element operation, element& out) {
  for (const char* path : {"response", "metadata.output", "output"})
    if (element e; json::find_path(operation, path, e) && e.is_object()) {
      out = e;
      return true;
    }
  return false;
}

/// A batch comes as an operation: the batch itself is its metadata.
bool read_batch(element root, job_answer& out) {
  element e = root, failure, counts, output;
  (void)json::find(root, "metadata", e);
  batch_info b;
  b.id = json::text_at(root, "name");
  if (b.id.empty()) return false;
  b.vendor_status = json::text_at(e, "state");
  b.status = status_of(b.vendor_status);
  if (json::find(root, "error", failure) && failure.is_object()) {
    b.errors.emplace_back(json::text_at(failure, "message"));
    if (b.vendor_status.empty()) b.status = batch_status::failed;
  }
  if (json::find(e, "batchStats", counts)) {
    b.total = count_at(counts, "requestCount");
    b.succeeded = count_at(counts, "successfulRequestCount");
    b.failed = count_at(counts, "failedRequestCount");
  }
  b.created_s = time_at(e, "createTime");
  b.ended_s = time_at(e, "endTime");
  if (find_output(root, output))
    if (const auto file = json::text_at(output, "responsesFile"); !file.empty())
      b.result_files.emplace_back(file);
  out.batches.push_back(std::move(b));
  return true;
}

/// An error of one call has google.rpc.Code's number; the answers of calls have HTTP's.
int http_status_of(std::int64_t code) {
  static constexpr std::array<std::pair<int, int>, 9> pairs{{{4, 504},
                                                             {5, 404},
                                                             {7, 403},
                                                             {8, 429},
                                                             {12, 501},
                                                             {13, 500},
                                                             {14, 503},
                                                             {16, 401},
                                                             {2, 500}}};
  if (code >= 400 && code <= 599) return static_cast<int>(code);
  for (const auto& [rpc, http] : pairs)
    if (rpc == code) return http;
  return 400;
}

/// One call's answer: {"metadata":{"key"}} or {"key"} with "response" or "error"; a line of a file
/// may be the answer itself, or the status (document).
bool read_result(element e, batch_line_result& line) {
  element found;
  line.custom_id = json::text_at(e, "key");
  if (json::find_path(e, "metadata.key", found)) line.custom_id = json::as_text(found);
  if (json::find(e, "response", found) && found.is_object()) {
    line.body = simdjson::minify(found);
  } else if ((json::find(e, "error", found) || json::find(e, "status", found)) &&
             found.is_object()) {
    line.status = http_status_of(json::integer_at(found, "code"));
    line.body = R"({"error":)" + simdjson::minify(found) + "}";
  } else if (json::find(e, "candidates", found)) {
    line.body = simdjson::minify(e);
  } else {
    return false;
  }
  return true;
}

void read_next_page(element root, const job_request& r, job_answer& out) {
  const std::string_view token = json::text_at(root, "nextPageToken");
  if (token.empty() || token == r.cursor) return;
  out.next = job_request{.verb = r.verb, .id = {}, .cursor = std::string(token)};
}

/// An empty list is left out (protobuf's JSON).
result<job_answer> read_list(const job_request& r, const answer& a, std::string_view name,
                             bool (*read)(element, job_answer&)) {
  return read_job_list(a, [&](element root, job_answer& out) -> result<void> {
    element e;
    read_next_page(root, r, out);
    const bool is_empty =
        root.is_object() && !json::find(root, name, e) && !json::find(root, "error", e);
    if (is_empty) return {};
    return read_items(root, name, [&](element item) { return read(item, out); });
  });
}

/// An announced file's answer says by a header where the bytes go.
std::string_view place_of_bytes(const job_request& r, const answer& a) {
  return r.cursor.empty() ? wire::find_header(a.head.headers, "x-goog-upload-url")
                          : std::string_view{};
}

result<job_answer> read_upload(const job_request& r, const answer& a) {
  const std::string_view place = place_of_bytes(r, a);
  if (place.empty()) return read_job(a, read_file);
  job_answer out;
  out.next = job_request{.verb = r.verb, .id = {}, .cursor = std::string(place), .file = r.file};
  return out;
}

result<job_answer> read_submit(const job_request& r, const answer& a) {
  const bool told_place = !r.cursor.empty() && !is_file_name(r.cursor);
  std::string next(place_of_bytes(r, a));
  if (next.empty() && !told_place) return read_job(a, read_batch);
  job_answer out;
  if (told_place) {
    auto file = read_job(a, read_file);
    if (!file) return file;
    next = std::move(file->files.front().id);
    if (!is_file_name(next)) next.insert(0, "files/");
  }
  out.next = job_request{.verb = r.verb, .id = {}, .cursor = std::move(next), .batch = r.batch};
  return out;
}

result<job_answer> read_results(const job_request& r, const answer& a) {
  if (!r.cursor.empty()) return read_result_lines(a, r.cursor, read_result);
  std::optional<batch_info> unfinished;
  auto out = read_job(a, [&](element root, job_answer& made) {
    element output;
    if (!read_batch(root, made)) return false;
    const batch_info batch = std::move(made.batches.front());
    made.batches.clear();
    const auto read = [&made](element item) {
      const auto number = std::to_string(made.results.size() + 1);
      add_result(item, "item " + number + " of the batch's responses", read_result, made);
    };
    if (find_output(root, output) && json::find(output, "inlinedResponses", output))
      return each_of(output, "inlinedResponses", read);
    if (!batch.result_files.empty())
      made.next = job_request{.verb = r.verb, .id = r.id, .cursor = batch.result_files.front()};
    else if (!is_final(batch.status))
      unfinished = batch;
    return true;
  });
  if (out && unfinished) return no_results_yet(*unfinished);
  return out;
}

/// "{}" is the answer to what leaves nothing to describe.
result<job_answer> read_nothing(const answer& a) {
  return read_job(a, [](element root, job_answer&) {
    element failure;
    return !json::find(root, "error", failure);
  });
}

/// The batch itself must be asked for.
result<job_answer> read_cancel(const job_request& r, const answer& a) {
  auto out = read_nothing(a);
  if (out) out->next = job_request{.verb = job_verb::get_batch, .id = r.id, .cursor = {}};
  return out;
}

result<job_answer> read_deletion(const job_request& r, const answer& a) {
  auto out = read_nothing(a);
  if (!out) return out;
  if (r.verb == job_verb::delete_file) out->files.push_back({.id = r.id});
  if (r.verb == job_verb::delete_batch) out->batches.push_back({.id = r.id});
  if (r.verb == job_verb::delete_cache) out->caches.push_back({.id = r.id});
  return out;
}

}  // namespace

result<job_answer> decode(const job_request& r, const answer& a, const vendor& v) {
  switch (r.verb) {
    case job_verb::list_models:
      return read_list(r, a, "models", read_model);
    case job_verb::get_model:
      return read_job(a, read_model);
    case job_verb::upload_file:
      return read_upload(r, a);
    case job_verb::list_files:
      return read_list(r, a, "files", read_file);
    case job_verb::get_file:
      return read_job(a, read_file);
    case job_verb::file_content: {
      job_answer out;
      out.content = a.body;
      return out;
    }
    case job_verb::list_batches:
      return read_list(r, a, "operations", read_batch);
    case job_verb::submit_batch:
      return read_submit(r, a);
    case job_verb::get_batch:
      return read_job(a, read_batch);
    case job_verb::cancel_batch:
      return read_cancel(r, a);
    case job_verb::batch_results:
      return read_results(r, a);
    case job_verb::list_caches:
      return read_list(r, a, "cachedContents", read_cache);
    case job_verb::create_cache:
    case job_verb::get_cache:
    case job_verb::extend_cache:
      return read_job(a, read_cache);
    case job_verb::delete_file:
    case job_verb::delete_batch:
    case job_verb::delete_cache:
      return read_deletion(r, a);
    case job_verb::add_to_batch:
    case job_verb::get_reply:
    case job_verb::delete_reply:
      break;
  }
  return ark::dialect::no_such_job(r.verb, v);
}

}  // namespace ark::adapters::gemini_job
