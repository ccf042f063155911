#include "ledger/record_wire.hpp"

#include "ledger.pb.h"
#include "ledger/record.hpp"

namespace ark::detail {
namespace {

// Every field is set each time, and what may be absent is cleared: Clear() would free the messages
// inside, half of the cost of encoding.

void put(schema::ExactAmount& to, amount value) {
  to.set_high(static_cast<std::int64_t>(value.raw() >> 64));
  to.set_low(static_cast<std::uint64_t>(value.raw()));
}

amount get(const schema::ExactAmount& from) {
  const auto high = static_cast<unsigned __int128>(from.high()) << 64;
  return amount::from_raw(static_cast<amount::rep>(high | from.low()));
}

void put(schema::AttemptCost& to, const cost& c) {
  to.set_status(static_cast<int>(c.status));
  to.set_currency(c.currency);
  put(*to.mutable_value(), c.value);
  put(*to.mutable_low(), c.low);
  put(*to.mutable_high(), c.high);
  to.set_price_hash(c.price_hash);
}

cost get(const schema::AttemptCost& from) {
  return {.status = static_cast<cost_status>(from.status()),
          .currency = from.currency(),
          .value = get(from.value()),
          .low = get(from.low()),
          .high = get(from.high()),
          .price_hash = from.price_hash()};
}

void put(schema::AttemptUsage& to, const usage& u) {
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
  to.clear_units();
  for (const auto& [name, count] : u.units) {
    auto* unit = to.add_units();
    unit->set_name(name);
    unit->set_value(count);
  }
  to.clear_vendor_total();
  if (u.vendor_total) to.set_vendor_total(*u.vendor_total);
  to.clear_vendor_cost();
  if (u.vendor_cost) {
    put(*to.mutable_vendor_cost(), u.vendor_cost->value);
    to.set_vendor_currency(u.vendor_cost->currency);
  }
  to.set_service_tier(u.service_tier);
  to.set_reported(u.reported);
}

usage get(const schema::AttemptUsage& from) {
  usage u{.input = from.input(),
          .cache_read = from.cache_read(),
          .cache_write = from.cache_write(),
          .cache_write_5m = from.cache_write_5m(),
          .cache_write_1h = from.cache_write_1h(),
          .input_audio = from.input_audio(),
          .input_image = from.input_image(),
          .input_video = from.input_video(),
          .tool_prompt = from.tool_prompt(),
          .output = from.output(),
          .reasoning = from.reasoning(),
          .output_audio = from.output_audio(),
          .output_image = from.output_image(),
          .service_tier = from.service_tier(),
          .reported = from.reported()};
  for (const auto& unit : from.units()) u.units.emplace(unit.name(), unit.value());
  if (from.has_vendor_total()) u.vendor_total = from.vendor_total();
  if (from.has_vendor_cost())
    u.vendor_cost = money{get(from.vendor_cost()), from.vendor_currency()};
  return u;
}

void put(schema::AttemptIntent& to, const attempt_intent& i) {
  to.set_attempt_id(i.attempt_id);
  to.set_call_id(i.call_id);
  to.set_attempt(i.attempt);
  to.set_begun_us(to_us(i.begun));
  to.set_vendor(i.vendor);
  to.set_model(i.model);
  to.set_operation(i.operation);
  put(*to.mutable_quote(), i.quote);
  to.set_tenant(i.tenant);
  to.set_user(i.user);
  to.set_task(i.task);
  to.set_run(i.run);
  to.clear_tags();
  for (const auto& [name, value] : i.tags) {
    auto* tag = to.add_tags();
    tag->set_name(name);
    tag->set_value(value);
  }
}

attempt_intent get(const schema::AttemptIntent& from) {
  attempt_intent i{.attempt_id = from.attempt_id(),
                   .call_id = from.call_id(),
                   .attempt = from.attempt(),
                   .begun = from_us(from.begun_us()),
                   .vendor = from.vendor(),
                   .model = from.model(),
                   .operation = from.operation(),
                   .quote = get(from.quote()),
                   .tenant = from.tenant(),
                   .user = from.user(),
                   .task = from.task(),
                   .run = from.run(),
                   .tags = {}};
  for (const auto& tag : from.tags()) i.tags.emplace(tag.name(), tag.value());
  return i;
}

void put(schema::AttemptOutcome& to, const attempt_outcome& o) {
  to.set_attempt_id(o.attempt_id);
  to.set_state(static_cast<int>(o.state));
  to.set_ended_us(to_us(o.ended));
  put(*to.mutable_usage(), o.usage);
  put(*to.mutable_cost(), o.cost);
  to.set_reply_model(o.reply_model);
  to.set_finish(o.finish);
  to.set_request_id(o.request_id);
  to.set_http_status(o.http_status);
  to.set_latency_us(o.latency.count());
}

attempt_outcome get(const schema::AttemptOutcome& from) {
  return {.attempt_id = from.attempt_id(),
          .state = static_cast<attempt_state>(from.state()),
          .ended = from_us(from.ended_us()),
          .usage = get(from.usage()),
          .cost = get(from.cost()),
          .reply_model = from.reply_model(),
          .finish = from.finish(),
          .request_id = from.request_id(),
          .http_status = from.http_status(),
          .latency = std::chrono::microseconds(from.latency_us())};
}

bool is_known(int status) { return status >= 0 && status <= static_cast<int>(cost_status::void_); }

/// Numbers of enumerations are what a newer library may have more of.
bool is_known(const schema::JournalRecord& record) {
  if (record.has_intent()) return is_known(record.intent().quote().status());
  const auto& outcome = record.outcome();
  return record.has_outcome() && is_known(outcome.cost().status()) && outcome.state() >= 0 &&
         outcome.state() <= static_cast<int>(attempt_state::ambiguous);
}

}  // namespace

record_wire::record_wire()
    : intent_(std::make_unique<schema::JournalRecord>()),
      outcome_(std::make_unique<schema::JournalRecord>()) {}
record_wire::~record_wire() = default;

void record_wire::append(std::string& out, const journal_record& record) {
  // A message for each kind: changing the kind of one frees what it has grown.
  if (const auto* intent = std::get_if<attempt_intent>(&record)) {
    put(*intent_->mutable_intent(), *intent);
    intent_->AppendToString(&out);
  } else {
    put(*outcome_->mutable_outcome(), std::get<attempt_outcome>(record));
    outcome_->AppendToString(&out);
  }
}

result<journal_record> record_wire::read(std::string_view bytes) {
  schema::JournalRecord message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !is_known(message))
    return error{.code = errc::ledger,
                 .message = "a record of a spool cannot be read: it was written by a newer "
                            "version of this library, or it is damaged"};
  if (message.has_intent()) return journal_record(get(message.intent()));
  return journal_record(get(message.outcome()));
}

}  // namespace ark::detail
