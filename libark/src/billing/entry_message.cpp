#include "billing/entry_message.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "base/text.hpp"
#include "billing/entry_text.hpp"
#include "ledger_entry.pb.h"

namespace ark::billing {
namespace {

using message = schema::LedgerEntry;

message::State state_of(attempt_state s) {
  switch (s) {
    case attempt_state::sending:
      return message::STATE_SENDING;
    case attempt_state::settled:
      return message::STATE_SETTLED;
    case attempt_state::void_:
      return message::STATE_VOID;
    case attempt_state::ambiguous:
      return message::STATE_AMBIGUOUS;
  }
  return message::STATE_UNSPECIFIED;
}

message::CostStatus status_of(cost_status s) {
  switch (s) {
    case cost_status::exact:
      return message::COST_STATUS_EXACT;
    case cost_status::interval:
      return message::COST_STATUS_INTERVAL;
    case cost_status::void_:
      return message::COST_STATUS_VOID;
    case cost_status::unknown:
      break;
  }
  return message::COST_STATUS_UNKNOWN;
}

void fill(message::Cost& to, const cost& c) {
  to.set_status(status_of(c.status));
  to.set_currency(c.currency);
  to.set_price_hash(c.price_hash);
  if (has_value(c)) to.set_value(c.value.to_string());
  if (c.status == cost_status::unknown) return;
  to.set_low(c.low.to_string());
  to.set_high(c.high.to_string());
}

void fill(message::Money& to, const money& m) {
  to.set_amount(m.value.to_string());
  to.set_currency(m.currency);
}

void fill(message::Usage& to, const usage& u) {
  to.set_input(u.input);
  to.set_cache_read(u.cache_read);
  to.set_cache_write(u.cache_write);
  to.set_cache_write_5m(u.cache_write_5m);
  to.set_cache_write_1h(u.cache_write_1h);
  to.set_input_audio(u.input_audio);
  to.set_input_image(u.input_image);
  to.set_input_video(u.input_video);
  to.set_tool_prompt(u.tool_prompt);
  to.set_output(u.output);
  to.set_reasoning(u.reasoning);
  to.set_output_audio(u.output_audio);
  to.set_output_image(u.output_image);
  for (const auto& [name, value] : u.units) (*to.mutable_units())[text::repair_utf8(name)] = value;
  if (u.vendor_total) to.set_vendor_total(*u.vendor_total);
  if (u.vendor_cost) fill(*to.mutable_vendor_cost(), *u.vendor_cost);
  to.set_service_tier(text::repair_utf8(u.service_tier));
}

void fill_texts(message& to, const ledger_entry& e) {
  const auto clean = [](const std::string& s) { return text::repair_utf8(s); };
  to.set_call_id(clean(e.call_id));
  to.set_vendor(clean(e.vendor));
  to.set_model(clean(e.model));
  to.set_reply_model(clean(e.reply_model));
  to.set_operation(clean(e.operation));
  to.set_finish(clean(e.finish));
  to.set_error(clean(e.error));
  to.set_request_id(clean(e.request_id));
  to.set_note(clean(e.note));
  to.set_route(clean(e.route));
  to.set_prompt_id(clean(e.prompt_id));
  to.set_prompt_version(clean(e.prompt_version));
  to.set_inputs_hash(clean(e.inputs_hash));
  to.set_tenant(clean(e.tenant));
  to.set_user(clean(e.user));
  to.set_task(clean(e.task));
  to.set_run(clean(e.run));
  for (const auto& [name, value] : e.tags) (*to.mutable_tags())[clean(name)] = clean(value);
}

std::int64_t us_of(std::chrono::system_clock::time_point at) {
  return std::chrono::floor<std::chrono::microseconds>(at.time_since_epoch()).count();
}

message message_of(const ledger_entry& e) {
  message m;
  fill_texts(m, e);
  m.set_sequence(e.sequence);
  m.set_attempt(e.attempt);
  m.set_state(state_of(e.state));
  m.set_begun_us(us_of(e.begun));
  if (e.ended) m.set_ended_us(us_of(*e.ended));
  if (e.usage.reported) fill(*m.mutable_usage(), e.usage);
  fill(*m.mutable_cost(), e.cost);
  fill(*m.mutable_quote(), e.quote);
  for (const auto& line : e.lines) {
    auto& to = *m.add_lines();
    to.set_dimension(text::repair_utf8(line.dimension));
    to.set_quantity(line.quantity);
    to.set_unit_price(line.unit_price.to_string());
    to.set_per(line.per);
    to.set_value(line.value.to_string());
  }
  if (e.computed) fill(*m.mutable_computed(), *e.computed);
  m.set_http_status(e.http_status);
  m.set_latency_us(e.latency.count());
  m.set_first_content_us(e.first_content.count());
  return m;
}

}  // namespace

void append_message(std::string& out, const ledger_entry& e) {
  const message m = message_of(e);
  google::protobuf::io::StringOutputStream to(&out);
  google::protobuf::io::CodedOutputStream coded(&to);
  coded.SetSerializationDeterministic(true);  // maps have an order then
  coded.WriteVarint32(static_cast<std::uint32_t>(m.ByteSizeLong()));
  m.SerializeWithCachedSizes(&coded);
}

}  // namespace ark::billing
