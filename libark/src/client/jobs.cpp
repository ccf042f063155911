#include <ark/jobs.hpp>

#include "base/limits.hpp"
#include "client/exchange.hpp"

#include <iterator>

namespace ark {
namespace {

template <class Item>
void append(std::vector<Item>& to, std::vector<Item>&& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// The only item of an answer about one.
template <class Item>
result<Item> only(std::vector<Item> items) {
  if (items.size() == 1) return std::move(items.front());
  return error{.code = errc::protocol,
               .retry = retry_class::never,
               .message = "the vendor's answer does not describe what was asked for"};
}

result<void> check_id(std::string_view id) {
  // As a path's segment "." and ".." would name something else.
  if (!id.empty() && id != "." && id != "..") return {};
  return error{.code = errc::invalid_request,
               .message = "say which one: \"" + std::string(id) + "\" is no id"};
}

/// One request of an exchange.
result<dialect::job_answer> job_step(const detail::client_state& s, const job_place& place,
                                     const dialect::job_request& asked,
                                     const request_options& options, bool once,
                                     bool* nothing_begun) {
  if (nothing_begun != nullptr) *nothing_begun = true;
  auto prepared = prepare_job(s.parts(), place, asked, once);
  if (!prepared) return prepared.error();
  const bool preparatory = prepared->preparatory;
  const auto op = s.make_operation(std::move(*prepared),
                                   {.timeouts = options.timeouts, .retry = options.retry});
  const bool ended = s.run_to_end(op);
  if (nothing_begun != nullptr)
    *nothing_begun = preparatory || (ended && op->failure() && !op->may_be_billed());
  if (!ended) return detail::client_state::waits_for_itself();
  if (op->failure()) return *op->failure();
  return std::move(op->made<job_reply>().answer);
}

dialect::job_request about(dialect::job_verb verb, std::string_view id = {}) {
  return {.verb = verb, .id = std::string(id), .cursor = {}};
}

operation_options options_of_cache(call& c, const request_options& options) {
  return {.timeouts = options.timeouts,
          .retry = options.retry,
          .max_cost = c.max_cost,
          .attribution = {std::move(c.tenant), std::move(c.user), std::move(c.task),
                          std::move(c.run), std::move(c.tags), std::move(c.prompt_id),
                          std::move(c.prompt_version), std::move(c.inputs_hash)}};
}

}  // namespace

result<cache_info> create_cache(const detail::client_state& s, std::string_view vendor, call prompt,
                                std::chrono::seconds ttl, const request_options& options) {
  const auto place = find_jobs(s.parts(), vendor);
  if (!place) return place.error();
  if (prompt.model.empty() || prompt.model == "auto")
    return error{.code = errc::invalid_request, .message = "name the model of the cache"};
  if (!prompt.model.starts_with(place->row->name + "/"))
    prompt.model.insert(0, place->row->name + "/");
  auto prepared = prepare_cache(s.parts(), *place, prompt, ttl);
  auto reply = s.wait_for<job_reply>(std::move(prepared), options_of_cache(prompt, options));
  if (!reply) return reply.error();
  auto made = only(std::move(reply->answer.caches));
  if (!made) return made;
  made->cost = std::move(reply->cost);
  made->notes = std::move(reply->notes);
  return made;
}

result<dialect::job_answer> job_exchange(const detail::client_state& s, std::string_view vendor,
                                         dialect::job_request asked, const request_options& options,
                                         bool once, bool* nothing_begun) {
  const auto place = find_jobs(s.parts(), vendor);
  if (!place) return place.error();
  dialect::job_answer all;
  for (int sent = 0; sent < limits::job_requests; ++sent) {
    auto reply = job_step(s, *place, asked, options, once, nothing_begun);
    if (!reply) return reply.error();
    dialect::job_answer& page = *reply;
    append(all.models, std::move(page.models));
    append(all.files, std::move(page.files));
    append(all.batches, std::move(page.batches));
    append(all.results, std::move(page.results));
    append(all.caches, std::move(page.caches));
    all.content += page.content;
    if (!page.next) return all;
    asked = std::move(*page.next);
  }
  return error{.code = errc::protocol,
               .retry = retry_class::never,
               .message = std::string(vendor) + " did not come to an end after " +
                          std::to_string(limits::job_requests) + " answers"};
}

jobs::jobs(client c, std::string vendor, request_options options)
    : client_(std::move(c)), vendor_(std::move(vendor)), options_(options) {}

result<std::vector<listed_model>> jobs::models() const {
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::list_models), options_);
  if (!all) return all.error();
  return std::move(all->models);
}

result<file_info> jobs::upload(file_upload file) const {
  if (file.name.empty())
    return error{.code = errc::invalid_request, .message = "the file has no name"};
  const file_upload sent = std::move(file);
  auto asked = about(dialect::job_verb::upload_file);
  asked.file = &sent;
  auto all = job_exchange(*client_.state(), vendor_, std::move(asked), options_, true);
  if (!all) return all.error();
  return only(std::move(all->files));
}

result<std::vector<file_info>> jobs::files() const {
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::list_files), options_);
  if (!all) return all.error();
  return std::move(all->files);
}

result<file_info> jobs::file(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::get_file, id), options_);
  if (!all) return all.error();
  return only(std::move(all->files));
}

result<void> jobs::remove_file(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::delete_file, id), options_);
  if (!all) return all.error();
  return {};
}

result<std::string> jobs::content(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::file_content, id), options_);
  if (!all) return all.error();
  return std::move(all->content);
}

result<batch_info> jobs::submit(batch_call batch) const {
  return submit_batch(*client_.state(), vendor_, std::move(batch), options_);
}

result<batch_info> jobs::batch(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::get_batch, id), options_);
  if (!all) return all.error();
  return only(std::move(all->batches));
}

result<std::vector<batch_info>> jobs::batches() const {
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::list_batches), options_);
  if (!all) return all.error();
  return std::move(all->batches);
}

result<batch_info> jobs::cancel(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::cancel_batch, id), options_);
  if (!all) return all.error();
  return only(std::move(all->batches));
}

result<std::vector<batch_result>> jobs::results(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  return batch_results(*client_.state(), vendor_, id, options_);
}

result<ark::reply> jobs::reply(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  return stored_reply(*client_.state(), vendor_, id, options_);
}

result<void> jobs::remove_reply(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::delete_reply, id), options_);
  if (!all) return all.error();
  return {};
}

result<cache_info> jobs::create_cache(call prompt, std::chrono::seconds ttl) const {
  return ark::create_cache(*client_.state(), vendor_, std::move(prompt), ttl, options_);
}

result<std::vector<cache_info>> jobs::caches() const {
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::list_caches), options_);
  if (!all) return all.error();
  return std::move(all->caches);
}

result<cache_info> jobs::cache(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::get_cache, id), options_);
  if (!all) return all.error();
  return only(std::move(all->caches));
}

result<cache_info> jobs::extend_cache(std::string_view id, std::chrono::seconds ttl) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  if (ttl.count() <= 0)
    return error{.code = errc::invalid_request, .message = "say for how long the cache is kept"};
  auto asked = about(dialect::job_verb::extend_cache, id);
  asked.ttl_s = ttl.count();
  auto all = job_exchange(*client_.state(), vendor_, std::move(asked), options_);
  if (!all) return all.error();
  return only(std::move(all->caches));
}

result<void> jobs::remove_cache(std::string_view id) const {
  if (auto ok = check_id(id); !ok) return ok.error();
  auto all =
      job_exchange(*client_.state(), vendor_, about(dialect::job_verb::delete_cache, id), options_);
  if (!all) return all.error();
  return {};
}

std::string_view to_string(batch_status value) noexcept {
  switch (value) {
    case batch_status::queued:
      return "queued";
    case batch_status::running:
      return "running";
    case batch_status::completed:
      return "completed";
    case batch_status::failed:
      return "failed";
    case batch_status::cancelling:
      return "cancelling";
    case batch_status::cancelled:
      return "cancelled";
    case batch_status::expired:
      break;
  }
  return "expired";
}

bool is_final(batch_status value) noexcept {
  return value != batch_status::queued && value != batch_status::running &&
         value != batch_status::cancelling;
}

}  // namespace ark
