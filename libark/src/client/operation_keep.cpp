#include "base/json.hpp"
#include "client/operation.hpp"

/// What was asked and answered, for who wants it kept.
namespace ark {
namespace {

std::string as_json(const ark::reply& made) {
  std::string out;
  json::writer w(out);
  w.begin_object();
  w.key("model").string(made.model);
  w.key("text").string(made.text());
  if (const auto reasoning = made.message.reasoning(); !reasoning.empty())
    w.key("reasoning").string(reasoning);
  w.key("tool_calls").begin_array();
  for (const part& p : made.message.parts)
    if (const auto* call = std::get_if<tool_call_part>(&p))
      w.begin_object()
          .key("name")
          .string(call->name)
          .key("arguments")
          .string(call->arguments)
          .end_object();
  w.end_array();
  w.end_object();
  return out;
}

}  // namespace

void operation::keep_contents() {
  const auto* made = std::get_if<ark::reply>(&made_);
  if (!core_->contents || made == nullptr || call_.free_of_charge || attempt_ == 0) return;
  // What is sealed for the vendor is not kept in clear here; what was refused was not sent.
  const bool refused =
      failure_ && (failure_->code == errc::budget || failure_->code == errc::ledger);
  if (call_.sealed || refused) return;
  const auto kept = core_->contents->keep({.call_id = call_id_,
                                           .at = core_->os->wall_now(),
                                           .prompt = call_.request.body,
                                           .reply = as_json(*made)});
  if (!kept) notes_.push_back("prompt and reply are not kept: " + kept.error().message);
}

}  // namespace ark
