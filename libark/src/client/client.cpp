#include <ark/client.hpp>

#include "client/client_state.hpp"
#include "client/observe.hpp"
#include "client/prepare.hpp"
#include "client/reuse.hpp"
#include "client/stream_state.hpp"

#include <algorithm>

namespace ark {
namespace detail {

client_state::~client_state() {
  end_calls();
  if (parts_->exporter) close_telemetry();
}

void client_state::close_telemetry() {
  // An executor of the application's may not run any more: what waits is its work, not ours.
  if (parts_->options.executor.impl) return parts_->exporter->close([] {});
  const auto closed = std::make_shared<std::atomic<bool>>(false);
  parts_->exporter->close([closed] { closed->store(true); });
  parts_->loop->run_until([&] { return closed->load(); });
}

void client_state::end_calls() {
  // Calls begun with *_async and never run would stay unsettled: they are cancelled, on record.
  if (parts_->options.executor.impl) return;
  if (!cancel_waiting()) return;
  parts_->loop->run_until([n = waiting_] { return n->load() == 0; });
}

bool client_state::cancel_waiting() {
  if (waiting_->load() == 0) return false;
  std::vector<std::shared_ptr<running_call>> running;
  {
    const std::lock_guard lock(parts_->active_mutex);
    for (const auto& [id, op] : parts_->active) running.push_back(op);
  }
  for (const auto& op : running) op->cancel();
  return true;
}

bool client_state::run_to_end(const std::shared_ptr<running_call>& op) const {
  op->start({});
  parts_->loop->run_until([&op] { return op->is_finished(); });
  if (op->is_finished()) return true;
  op->cancel();
  return false;
}

error client_state::waits_for_itself() {
  return {.code = errc::invalid_request,
          .message = "a waiting call was made on the client's own executor: use the async form"};
}

}  // namespace detail

namespace {

/// Begins `op` for an asynchronous caller; `tell` is called on the loop when it has finished.
std::uint64_t begin(const detail::client_state& s, const std::shared_ptr<running_call>& op,
                    std::function<void(running_call&)> tell) {
  ++*s.waiting();
  const std::uint64_t id = op->id();
  op->start([raw = op.get(), waiting = s.waiting(), tell = std::move(tell)] {
    // Before: the handler may drop the last client, which waits for what still runs.
    --*waiting;
    tell(*raw);
  });
  return id;
}

/// Tells `handler` on the loop, never from inside the call that begins.
void tell_later(const detail::client_state& s, std::function<void()> handler) {
  ++*s.waiting();
  s.parts().loop->post([waiting = s.waiting(), handler = std::move(handler)] {
    --*waiting;
    handler();
  });
}

template <class Reply>
std::uint64_t tell_of(const detail::client_state& s, const std::shared_ptr<running_call>& op,
                      std::function<void(result<Reply>)> handler) {
  return begin(s, op, [handler = std::move(handler)](running_call& done) {
    if (done.failure()) return handler(*done.failure());
    handler(std::move(done.made<Reply>()));
  });
}

/// Makes the call and tells `handler` on the loop what it gives. The id of the call, 0 if it cannot
/// be made.
template <class Reply>
std::uint64_t tell_of(const detail::client_state& s, result<prepared_call> prepared,
                      operation_options o, std::function<void(result<Reply>)> handler) {
  if (!prepared) {
    tell_later(s, [handler = std::move(handler), e = prepared.error()] { handler(e); });
    return 0;
  }
  return tell_of<Reply>(s, s.make_operation(std::move(*prepared), std::move(o)),
                        std::move(handler));
}

}  // namespace

client make_client(std::shared_ptr<core> parts) {
  return client(std::make_shared<detail::client_state>(std::move(parts)));
}

client::client(std::shared_ptr<detail::client_state> state) noexcept : state_(std::move(state)) {}

result<reply> client::complete(call c) const {
  auto made = make_chat(state_->shared(), std::move(c), false);
  if (!made) return made.error();
  return state_->wait_for<reply>(*made);
}

result<embed_reply> client::embed(embed_call c) const {
  auto prepared = prepare_embed(state_->parts(), c);
  return state_->wait_for<embed_reply>(std::move(prepared), options_of(state_->parts(), c));
}

result<rerank_reply> client::rerank(rerank_call c) const {
  auto prepared = prepare_rerank(state_->parts(), c);
  return state_->wait_for<rerank_reply>(std::move(prepared), options_of(state_->parts(), c));
}

result<token_count_reply> client::count_tokens(call c) const {
  auto prepared = prepare_count(state_->parts(), c);
  return state_->wait_for<token_count_reply>(std::move(prepared), options_of(state_->parts(), c));
}

result<image_reply> client::image(image_call c) const {
  auto prepared = prepare_image(state_->parts(), c);
  return state_->wait_for<image_reply>(std::move(prepared), options_of(state_->parts(), c));
}

result<video_reply> client::video(video_call c) const {
  auto prepared = prepare_video(state_->parts(), c);
  return state_->wait_for<video_reply>(std::move(prepared), options_of(state_->parts(), c));
}

result<speech_reply> client::speech(speech_call c) const {
  auto prepared = prepare_speech(state_->parts(), c);
  return state_->wait_for<speech_reply>(std::move(prepared), options_of(state_->parts(), c));
}

result<transcription_reply> client::transcribe(transcription_call c) const {
  auto prepared = prepare_transcription(state_->parts(), c);
  return state_->wait_for<transcription_reply>(std::move(prepared), options_of(state_->parts(), c));
}

result<moderation_reply> client::moderate(moderation_call c) const {
  auto prepared = prepare_moderation(state_->parts(), c);
  return state_->wait_for<moderation_reply>(std::move(prepared), options_of(state_->parts(), c));
}

result<stream> client::stream(call c) const {
  const auto made = make_chat(state_->shared(), std::move(c), true);
  if (!made) return made.error();
  (*made)->start({});
  return ark::stream(std::make_shared<detail::stream_state>(state_->shared(), *made));
}

std::uint64_t client::complete_async(call c, std::function<void(result<reply>)> handler) const {
  auto made = make_chat(state_->shared(), std::move(c), false);
  if (made) return tell_of<reply>(*state_, *made, std::move(handler));
  tell_later(*state_, [handler = std::move(handler), e = made.error()] { handler(e); });
  return 0;
}

std::uint64_t client::embed_async(embed_call c,
                                  std::function<void(result<embed_reply>)> handler) const {
  auto prepared = prepare_embed(state_->parts(), c);
  return tell_of<embed_reply>(*state_, std::move(prepared), options_of(state_->parts(), c),
                              std::move(handler));
}

std::uint64_t client::rerank_async(rerank_call c,
                                   std::function<void(result<rerank_reply>)> handler) const {
  auto prepared = prepare_rerank(state_->parts(), c);
  return tell_of<rerank_reply>(*state_, std::move(prepared), options_of(state_->parts(), c),
                               std::move(handler));
}

std::uint64_t client::count_tokens_async(
    call c, std::function<void(result<token_count_reply>)> handler) const {
  auto prepared = prepare_count(state_->parts(), c);
  return tell_of<token_count_reply>(*state_, std::move(prepared), options_of(state_->parts(), c),
                                    std::move(handler));
}

std::uint64_t client::image_async(image_call c,
                                  std::function<void(result<image_reply>)> handler) const {
  auto prepared = prepare_image(state_->parts(), c);
  return tell_of<image_reply>(*state_, std::move(prepared), options_of(state_->parts(), c),
                              std::move(handler));
}

std::uint64_t client::video_async(video_call c,
                                  std::function<void(result<video_reply>)> handler) const {
  auto prepared = prepare_video(state_->parts(), c);
  return tell_of<video_reply>(*state_, std::move(prepared), options_of(state_->parts(), c),
                              std::move(handler));
}

std::uint64_t client::speech_async(speech_call c,
                                   std::function<void(result<speech_reply>)> handler) const {
  auto prepared = prepare_speech(state_->parts(), c);
  return tell_of<speech_reply>(*state_, std::move(prepared), options_of(state_->parts(), c),
                               std::move(handler));
}

std::uint64_t client::transcribe_async(
    transcription_call c, std::function<void(result<transcription_reply>)> handler) const {
  auto prepared = prepare_transcription(state_->parts(), c);
  return tell_of<transcription_reply>(*state_, std::move(prepared), options_of(state_->parts(), c),
                                      std::move(handler));
}

std::uint64_t client::moderate_async(moderation_call c,
                                     std::function<void(result<moderation_reply>)> handler) const {
  auto prepared = prepare_moderation(state_->parts(), c);
  return tell_of<moderation_reply>(*state_, std::move(prepared), options_of(state_->parts(), c),
                                   std::move(handler));
}

std::uint64_t client::stream_async(call c, std::function<void(result<ark::stream>)> handler) const {
  auto made = std::make_shared<result<ark::stream>>(stream(std::move(c)));
  tell_later(*state_, [made, handler = std::move(handler)] { handler(std::move(*made)); });
  return 0;
}

void client::cancel(std::uint64_t id) const {
  std::shared_ptr<running_call> op;
  {
    const std::lock_guard lock(state_->parts().active_mutex);
    const auto it = state_->parts().active.find(id);
    if (it == state_->parts().active.end()) return;
    op = it->second;
  }
  op->cancel();
}

void client::run() const {
  state_->parts().loop->run_until([n = state_->waiting()] { return n->load() == 0; });
}

telemetry_counts client::telemetry() const {
  const auto& exporter = state_->parts().exporter;
  return exporter ? exporter->counts() : telemetry_counts{};
}

void client::flush_telemetry(std::chrono::milliseconds limit) const {
  const auto& exporter = state_->parts().exporter;
  if (!exporter) return;
  const auto flushed = std::make_shared<std::atomic<bool>>(false);
  exporter->flush(limit, [flushed] { flushed->store(true); });
  state_->parts().loop->run_until([&] { return flushed->load(); });
}

void client::flush_telemetry_async(std::chrono::milliseconds limit,
                                   std::function<void()> handler) const {
  const auto& exporter = state_->parts().exporter;
  if (!exporter) return tell_later(*state_, std::move(handler));
  ++*state_->waiting();
  exporter->flush(limit, [waiting = state_->waiting(), handler = std::move(handler)] {
    --*waiting;
    handler();
  });
}

std::vector<model_info> client::models(std::string_view filter) const {
  const catalog::book& book = *state_->parts().book;
  // "openai/gpt" is part of ids of a vendor only whose name ends so: the others are not decoded.
  const auto slash = filter.find('/');
  const std::string_view end_of_name = filter.substr(0, slash == filter.npos ? 0 : slash);
  std::vector<model_info> out;
  for (const vendor* v : book.vendors()) {
    if (!v->name.ends_with(end_of_name)) continue;
    for (const catalog::model* m : book.models_of(v->name))
      if (m->info.id.find(filter) != std::string::npos) out.push_back(catalog::describe(*m));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

std::vector<vendor_info> client::vendors() const {
  std::vector<vendor_info> out;
  for (const vendor* v : state_->parts().book->vendors())
    out.push_back({.name = v->name,
                   .title = v->title,
                   .dialect = v->dialect,
                   .base_url = v->base_url,
                   .key_variable = v->key_variable,
                   .doc_url = v->doc_url,
                   .verified = v->verified});
  return out;
}

result<route> client::plan(const call& c) const { return plan_call(state_->parts(), c); }

}  // namespace ark
