#include "replay/operation.hpp"

#include "base/json_reader.hpp"
#include "dialect/media_dialect.hpp"

#include <array>

namespace ark::replay {
namespace {

using dialect::job_verb;

/// Stands for the model, or an id, in the paths that a dialect makes.
constexpr std::string_view probe_model = "probe-model";

/// Does `path` end as this target does, whatever model stands in it? What stands before its end
/// goes to `rest`, and the model's place to `found`.
bool target_fits(std::string_view path, std::string_view target, std::string_view& rest,
                 std::string_view& found) {
  const auto at = target.find(probe_model);
  if (at == target.npos) {
    if (target.empty() || !path.ends_with(target)) return false;
    rest = path.substr(0, path.size() - target.size());
    return true;
  }
  const std::string_view before = target.substr(0, at),
                         after = target.substr(at + probe_model.size());
  if (!path.ends_with(after)) return false;
  path.remove_suffix(after.size());
  const auto begin = path.rfind(before);
  if (begin == path.npos || path.size() <= begin + before.size()) return false;
  rest = path.substr(0, begin);
  found = path.substr(begin + before.size());
  return true;
}

bool path_fits(std::string_view path, const result<dialect::encoded>& probe) {
  std::string_view rest, found;
  return probe && target_fits(path, path_of(probe->request.target), rest, found);
}

bool is_chat(const dialect::dialect& d, const vendor& v, std::string_view path) {
  call chat;
  chat.messages.push_back(user("?"));
  for (const bool stream : {false, true})
    if (path_fits(path, d.encode_chat(chat, probe_model, v, stream))) return true;
  return false;
}

bool is_embeddings(const dialect::dialect& d, const vendor& v, std::string_view path) {
  embed_call embed;
  for (const std::size_t texts : {1U, 2U}) {
    embed.input.resize(texts, "?");
    if (path_fits(path, d.encode_embed(embed, probe_model, v))) return true;
  }
  return false;
}

bool is_count(const dialect::dialect& d, const vendor& v, std::string_view path) {
  call counted;
  counted.messages.push_back(user("?"));
  return path_fits(path, d.encode_count(counted, probe_model, v));
}

bool is_image(const dialect::media_dialect& d, const vendor& v, std::string_view path) {
  image_call image{.prompt = "?"};
  if (path_fits(path, d.encode_image(image, probe_model, v))) return true;
  image.images.push_back(image_bytes("?", "image/png"));
  return path_fits(path, d.encode_image(image, probe_model, v));
}

bool is_transcription(const dialect::media_dialect& d, const vendor& v, std::string_view path) {
  transcription_call call{.audio = "?", .file_name = "a.mp3"};
  if (path_fits(path, d.encode_transcription(call, probe_model, v))) return true;
  call.translate = true;
  return path_fits(path, d.encode_transcription(call, probe_model, v));
}

operation_kind media_kind(const dialect::media_dialect& d, const vendor& v, std::string_view path) {
  if (is_image(d, v, path)) return operation_kind::image;
  const speech_call speech{.input = "?", .voice = "v"};
  if (path_fits(path, d.encode_speech(speech, probe_model, v))) return operation_kind::speech;
  if (is_transcription(d, v, path)) return operation_kind::transcription;
  const moderation_call moderation{.input = {"?"}};
  if (path_fits(path, d.encode_moderation(moderation, probe_model, v)))
    return operation_kind::moderation;
  return operation_kind::other;
}

operation_kind call_kind(const dialect::dialect& d, const vendor& v, std::string_view path) {
  if (is_chat(d, v, path)) return operation_kind::chat;
  if (is_embeddings(d, v, path)) return operation_kind::embeddings;
  const rerank_call rerank{.query = "?", .documents = {"?"}};
  if (path_fits(path, d.encode_rerank(rerank, probe_model, v))) return operation_kind::rerank;
  return is_count(d, v, path) ? operation_kind::count : operation_kind::other;
}

bool is_video(const dialect::media_dialect& d, const vendor& v, std::string_view path) {
  return path_fits(path, d.encode_video({.prompt = "?"}, probe_model, v));
}

/// The path of the row's base URL; what stands before a job's target must end with it.
std::string_view base_path(const vendor& v) {
  return v.base_url.empty() ? std::string_view{} : path_of(v.base_url);
}

/// Jobs are many, and their paths are parts of others' ("/files" of "/stores/x/files"): all of the
/// path must be the row's, and an id is one segment unless it is a model's.
bool job_fits(const recording& r, const vendor& v, const dialect::job_encoded& probe, job_verb verb,
              std::string_view& id) {
  if (probe.request.method != r.method) return false;
  std::string_view rest;
  if (!target_fits(path_of(r.url), path_of(probe.request.target), rest, id)) return false;
  const bool segments = id.find('/') != id.npos && verb != job_verb::get_model;
  const std::string base = probe.before_base + std::string(base_path(v));
  return !segments && (v.base_url.empty() || probe.from_root || rest == base);
}

/// A path that two verbs have is the first's.
constexpr std::array job_verbs{
    job_verb::list_models,   job_verb::upload_file,  job_verb::list_files,   job_verb::file_content,
    job_verb::get_file,      job_verb::delete_file,  job_verb::add_to_batch, job_verb::submit_batch,
    job_verb::list_batches,  job_verb::get_batch,    job_verb::cancel_batch, job_verb::delete_batch,
    job_verb::batch_results, job_verb::create_cache, job_verb::list_caches,  job_verb::get_cache,
    job_verb::extend_cache,  job_verb::delete_cache, job_verb::get_reply,    job_verb::delete_reply,
    job_verb::get_model};

/// Static, as the requests that are made of them point to them.
const file_upload& probe_file() {
  static const file_upload file{
      .name = "f.jsonl", .bytes = "?", .media_type = {}, .purpose = "batch"};
  return file;
}
const dialect::batch_lines& probe_batch() {
  static const dialect::batch_lines batch{
      .model = std::string(probe_model),
      .name = "n",
      .lines = {
          {.custom_id = "c", .request = {.target = "/v1/chat", .headers = {}, .body = "{}"}}}};
  return batch;
}
const dialect::cache_prompt& probe_prompt() {
  static const dialect::cache_prompt prompt{.model = std::string(probe_model),
                                            .request = {.headers = {}, .body = "{}"}};
  return prompt;
}

/// Does the recording go on with an exchange where the vendor said? No family knows that path; in
/// the recordings it is the first step's.
bool goes_on(const recording& r, const vendor& v, const result<dialect::job_encoded>& first,
             const dialect::job_encoded& next, job_verb verb, std::string_view& id) {
  if (!first || !next.from_root) return false;
  dialect::job_encoded there = *first;
  there.request.method = next.request.method;
  return job_fits(r, v, there, verb, id);
}

std::optional<dialect::job_request> job_of(const recording& r, const dialect::job_dialect& jobs,
                                           const vendor& v) {
  for (const job_verb verb : job_verbs) {
    dialect::job_request asked{.verb = verb,
                               .id = std::string(probe_model),
                               .cursor = {},
                               .file = &probe_file(),
                               .batch = &probe_batch(),
                               .prompt = &probe_prompt(),
                               .ttl_s = 1};
    const auto first = jobs.encode(asked, v);
    std::string_view id;
    bool fits = first && job_fits(r, v, *first, verb, id);
    if (!fits) {
      asked.cursor = probe_model;
      const auto next = jobs.encode(asked, v);
      fits = next && (job_fits(r, v, *next, verb, id) || goes_on(r, v, first, *next, verb, id));
    }
    if (!fits) continue;
    asked.id = id;
    // A path below an id is another interface's: the family does not take it as an id.
    if (jobs.encode(asked, v)) return asked;
  }
  return std::nullopt;
}

/// Is it a question about a task? Ids are the rest of the path, its last segment, or in the query.
bool is_task(const dialect::media_dialect& d, const recording& r, const vendor& v) {
  const std::string_view path = path_of(r.url), base = base_path(v);
  if (!path.starts_with(base) || path.size() <= base.size() + 1) return false;
  const std::string_view rest = path.substr(base.size() + 1);
  for (const std::string_view id : {rest, rest.substr(rest.rfind('/') + 1)}) {
    const auto asked = d.ask_task(id, v);
    if (asked && asked->request.method == r.method &&
        path.substr(base.size()) == path_of(asked->request.target))
      return true;
  }
  return false;
}

/// How many documents the recorded call had; no limit where its body does not say.
std::size_t documents_of(const recording& r) {
  json::reader reader;
  json::element list;
  simdjson::dom::array documents;
  const auto root = reader.parse(r.request_body);
  if (!root || !json::find(*root, "documents", list) || list.get(documents)) return SIZE_MAX;
  return documents.size();
}

/// Passes on what was decoded, its common part kept in `out`; or keeps the error.
template <class Reply>
result<Reply> take(result<Reply> decoded, replay_result& out) {
  if (!decoded) {
    out.error = decoded.error();
    return decoded;
  }
  out.reply.model = decoded->model;
  out.reply.usage = decoded->usage;
  out.notes = decoded->notes;
  return decoded;
}

std::string bytes_text(const std::string& bytes) { return std::to_string(bytes.size()) + " bytes"; }

/// What is made in the background: the answer's next question has the task's id, if it has one.
bool goes_on(const dialect::media_dialect& d, const dialect::answer& a, const vendor& v,
             replay_result& out) {
  const auto next = d.next_step(a, v);
  if (!next) out.error = next.error();
  if (!next || !*next) return !next;
  if (!(*next)->id.empty()) out.items.push_back((*next)->id);
  out.notes.emplace_back("the vendor is making it");
  return true;
}

void read_images(const dialect::media_dialect& d, const dialect::answer& a, const vendor& v,
                 replay_result& out) {
  if (goes_on(d, a, v, out)) return;
  if (auto made = take(d.decode_image(a, v), out))
    for (const generated_image& i : made->images)
      out.items.push_back(i.url.empty() ? bytes_text(i.bytes) : i.url);
}

void read_videos(const dialect::media_dialect& d, const dialect::answer& a, const vendor& v,
                 replay_result& out) {
  if (goes_on(d, a, v, out)) return;
  if (auto made = take(d.decode_video(a, v), out))
    for (const generated_video& each : made->videos)
      out.items.push_back(each.url.empty() ? bytes_text(each.bytes) : each.url);
}

/// Of a family that makes both, what it made is told by which of them can be read.
void read_task(const dialect::answer& a, const vendor& v, const recorded_operation& op,
               replay_result& out) {
  if (op.media == op.video) read_videos(*op.media, a, v, out);
  const bool is_read = !out.error || out.error->code != errc::protocol;
  if (op.media == op.video && is_read) return;
  out.error.reset();
  if (op.media->name() == v.media_dialect) return read_images(*op.media, a, v, out);
  read_videos(*op.media, a, v, out);
}

void read_media(const dialect::answer& a, const vendor& v, const recorded_operation& op,
                replay_result& out) {
  const dialect::media_dialect& d = *op.media;
  if (op.kind == operation_kind::image) {
    read_images(d, a, v, out);
  } else if (op.kind == operation_kind::speech) {
    if (auto made = take(d.decode_speech(a, v), out)) out.items.push_back(bytes_text(made->bytes));
  } else if (op.kind == operation_kind::transcription) {
    if (auto made = take(d.decode_transcription(a, v), out))
      out.reply.message = assistant(made->text);
  } else if (auto made = take(d.decode_moderation(a, v), out)) {
    for (const moderation_verdict& each : made->results)
      out.items.emplace_back(each.flagged ? "flagged" : "passed");
  }
}

void read_job(const dialect::answer& a, const vendor& v, const recorded_operation& op,
              replay_result& out) {
  auto made = op.jobs->decode(op.job, a, v);
  if (!made) {
    out.error = made.error();
    return;
  }
  for (const auto& m : made->models) out.items.push_back(m.id);
  for (const auto& f : made->files) out.items.push_back(f.id);
  for (const auto& b : made->batches) out.items.push_back(b.id);
  for (const auto& b : made->batches) out.notes.emplace_back(ark::to_string(b.status));
  for (const auto& l : made->results) out.items.push_back(l.custom_id);
  for (const auto& c : made->caches) out.items.push_back(c.id);
  out.reply.usage = made->usage;
  if (!made->content.empty()) out.items.push_back(bytes_text(made->content));
}

}  // namespace

std::string_view path_of(std::string_view url) noexcept {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    const auto slash = url.find('/', scheme + 3);
    url = slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
  }
  return url.substr(0, url.find_first_of("?#"));
}

std::string_view word_of(const recorded_operation& op) noexcept {
  static constexpr std::array<std::string_view, 11> words{
      "",       "chat",          "embeddings", "rerank", "tokens", "image",
      "speech", "transcription", "moderation", "video",  "task"};
  if (op.kind == operation_kind::job) return to_string(op.job.verb);
  return words[static_cast<std::size_t>(op.kind)];
}

recorded_operation operation_of(const recording& r, const dialect::dialect_list& dialects,
                                const dialect::dialect& d, const vendor& v) {
  recorded_operation out{.media = dialects.find_media(v.media_dialect),
                         .video = dialects.find_media(v.video_dialect),
                         .jobs = dialects.find_jobs(v.job_dialect)};
  const std::string_view path = path_of(r.url);
  const bool post = r.method == "POST" || r.method.empty();
  if (post) out.kind = call_kind(d, v, path);
  if (post && out.kind == operation_kind::other && out.media != nullptr)
    out.kind = media_kind(*out.media, v, path);
  if (post && out.kind == operation_kind::other && out.video != nullptr &&
      is_video(*out.video, v, path))
    out.kind = operation_kind::video;
  for (const auto* family : {out.media, out.video})
    if (out.kind == operation_kind::other && family != nullptr && is_task(*family, r, v)) {
      out.kind = operation_kind::task;
      out.media = family;
    }
  if (out.kind != operation_kind::other || out.jobs == nullptr) return out;
  if (auto job = job_of(r, *out.jobs, v)) {
    // A reply that was kept is read as the answer that it was, which may be a stream.
    const bool is_reply = job->verb == job_verb::get_reply;
    out.kind = is_reply ? operation_kind::chat : operation_kind::job;
    out.job = std::move(*job);
  }
  return out;
}

void read_whole(const recording& r, const dialect::dialect& d, const vendor& v,
                const recorded_operation& op, replay_result& out) {
  const dialect::answer a{r.head, r.body};
  switch (op.kind) {
    case operation_kind::embeddings:
      if (auto made = take(d.decode_embed(a, v), out)) out.vectors = std::move(made->vectors);
      return;
    case operation_kind::rerank:
      if (auto made = take(d.decode_rerank(a, v, documents_of(r)), out))
        out.ranking = std::move(made->results);
      return;
    case operation_kind::count:
      if (auto made = take(d.decode_count(a, v), out))
        out.items.push_back(std::to_string(made->input_tokens));
      return;
    case operation_kind::chat:
      if (auto made = take(d.decode_chat(a, v), out)) out.reply = std::move(*made);
      return;
    case operation_kind::job:
      return read_job(a, v, op, out);
    case operation_kind::image:
    case operation_kind::speech:
    case operation_kind::transcription:
    case operation_kind::moderation:
      return read_media(a, v, op, out);
    case operation_kind::video:
      return read_videos(*op.video, a, v, out);
    case operation_kind::task:
      return read_task(a, v, op, out);
    case operation_kind::other:
      return;
  }
}

}  // namespace ark::replay
