#include "dialect/dialect.hpp"

#include "dialect/access_dialect.hpp"
#include "dialect/job_dialect.hpp"
#include "dialect/media_dialect.hpp"
#include "dialect/rerank.hpp"

namespace ark::dialect {
namespace {

error none_here(std::string_view what, const vendor& v) {
  return {.code = errc::unsupported, .message = v.name + " has no " + std::string(what) + " here"};
}

template <class Item>
const Item* find_in(const std::vector<const Item*>& items, std::string_view name) noexcept {
  for (const Item* item : items)
    if (item->name() == name) return item;
  return nullptr;
}

}  // namespace

result<encoded> dialect::encode_rerank(const rerank_call&, std::string_view,
                                       const vendor& v) const {
  return no_rerank(v);
}

result<rerank_reply> dialect::decode_rerank(const answer&, const vendor& v, std::size_t) const {
  return no_rerank(v);
}

result<reply> end_whole(reply_builder& out, const answer& a, std::string request_id) {
  out.done();
  if (!out.failure()) {
    out.reply().request_id = std::move(request_id);
    return std::move(out.reply());
  }
  error e = *out.failure();
  e.http_status = a.head.status;
  e.request_id = std::move(request_id);
  return e;
}

const dialect* dialect_list::find(std::string_view name) const noexcept {
  return find_in(chat_, name);
}
const media_dialect* dialect_list::find_media(std::string_view name) const noexcept {
  return find_in(media_, name);
}
const job_dialect* dialect_list::find_jobs(std::string_view name) const noexcept {
  return find_in(jobs_, name);
}
const access_dialect* dialect_list::find_access(std::string_view name) const noexcept {
  return find_in(access_, name);
}

result<encoded> dialect::encode_count(const call&, std::string_view, const vendor& v) const {
  return none_here("token counting", v);
}
result<token_count_reply> dialect::decode_count(const answer&, const vendor& v) const {
  return none_here("token counting", v);
}

result<encoded> media_dialect::encode_image(const image_call&, std::string_view,
                                            const vendor& v) const {
  return none_here("image generation", v);
}
result<image_reply> media_dialect::decode_image(const answer&, const vendor& v) const {
  return none_here("image generation", v);
}
result<encoded> media_dialect::encode_speech(const speech_call&, std::string_view,
                                             const vendor& v) const {
  return none_here("speech", v);
}
result<speech_reply> media_dialect::decode_speech(const answer&, const vendor& v) const {
  return none_here("speech", v);
}
result<encoded> media_dialect::encode_transcription(const transcription_call&, std::string_view,
                                                    const vendor& v) const {
  return none_here("transcription", v);
}
result<transcription_reply> media_dialect::decode_transcription(const answer&,
                                                                const vendor& v) const {
  return none_here("transcription", v);
}
result<encoded> media_dialect::encode_moderation(const moderation_call&, std::string_view,
                                                 const vendor& v) const {
  return none_here("moderation", v);
}
result<moderation_reply> media_dialect::decode_moderation(const answer&, const vendor& v) const {
  return none_here("moderation", v);
}

result<encoded> media_dialect::encode_video(const video_call&, std::string_view,
                                            const vendor& v) const {
  return none_here("videos", v);
}
result<video_reply> media_dialect::decode_video(const answer&, const vendor& v) const {
  return none_here("videos", v);
}
result<std::optional<task_step>> media_dialect::next_step(const answer&, const vendor&) const {
  return std::optional<task_step>{};
}
result<task_step> media_dialect::ask_task(std::string_view, const vendor& v) const {
  return none_here("task that can be asked for later", v);
}

std::string_view to_string(job_verb value) noexcept {
  switch (value) {
    case job_verb::list_models:
      return "list of models";
    case job_verb::get_model:
      return "description of a model";
    case job_verb::upload_file:
      return "upload of files";
    case job_verb::list_files:
      return "list of files";
    case job_verb::get_file:
      return "description of a file";
    case job_verb::delete_file:
      return "deletion of files";
    case job_verb::file_content:
      return "download of files";
    case job_verb::submit_batch:
    case job_verb::add_to_batch:
      return "batches";
    case job_verb::list_batches:
      return "list of batches";
    case job_verb::get_batch:
      return "description of a batch";
    case job_verb::cancel_batch:
      return "cancellation of batches";
    case job_verb::delete_batch:
      return "deletion of batches";
    case job_verb::batch_results:
      return "results of batches";
    case job_verb::create_cache:
      return "caches of prompts";
    case job_verb::list_caches:
      return "list of caches";
    case job_verb::get_cache:
      return "description of a cache";
    case job_verb::extend_cache:
      return "extension of caches";
    case job_verb::delete_cache:
      return "deletion of caches";
    case job_verb::get_reply:
      return "stored replies";
    case job_verb::delete_reply:
      break;
  }
  return "deletion of stored replies";
}

error no_such_job(job_verb verb, const vendor& v) { return none_here(to_string(verb), v); }

}  // namespace ark::dialect
