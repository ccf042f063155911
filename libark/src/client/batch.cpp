#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.hpp"
#include "client/exchange.hpp"

namespace ark {
namespace {

constexpr std::string_view id_mark = "ark";
constexpr std::size_t id_digits = 16;
constexpr std::size_t longest_custom_id = 40;
/// Vendors give a batch 24 hours; its results are fetched when somebody comes to it.
constexpr std::chrono::microseconds lease = std::chrono::hours(48);

result<void> check_custom_ids(const batch_call& batch) {
  if (batch.items.empty())
    return error{.code = errc::invalid_request, .message = "the batch has no calls"};
  std::set<std::string_view> seen;
  for (const batch_item& item : batch.items) {
    const bool fits = !item.custom_id.empty() && item.custom_id.size() <= longest_custom_id &&
                      std::all_of(item.custom_id.begin(), item.custom_id.end(), [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '_' || c == '-';
                      });
    if (!fits)
      return error{.code = errc::invalid_request,
                   .message = "the custom id \"" + item.custom_id +
                              "\" cannot be sent: 1 to 40 letters, digits, _ or -"};
    if (!seen.insert(item.custom_id).second)
      return error{.code = errc::invalid_request,
                   .message = "the custom id \"" + item.custom_id + "\" comes twice"};
  }
  return {};
}

/// Writes records and waits until they are durable. `recorded`: which of them are, if some are not.
result<void> record_all(const detail::client_state& s, std::vector<journal_record> records,
                        std::vector<bool>* recorded = nullptr) {
  const core& c = s.parts();
  if (!c.recorder->has_journal() || records.empty()) return {};
  struct progress {
    std::atomic<std::size_t> left;
    result<void> outcome;
    std::vector<bool> recorded;
  };
  const auto state = std::make_shared<progress>();
  state->left = records.size();
  state->recorded.resize(records.size());
  c.loop->post([state, recorder = c.recorder, records = std::move(records)]() mutable {
    for (std::size_t i = 0; i < records.size(); ++i)
      recorder->record(std::move(records[i]), [state, i](const result<void>& outcome) {
        state->recorded[i] = outcome.has_value();
        if (!outcome && state->outcome) state->outcome = outcome;
        --state->left;
      });
  });
  c.loop->run_until([state] { return state->left == 0; });
  if (state->left != 0) return detail::client_state::waits_for_itself();
  if (recorded != nullptr) *recorded = state->recorded;
  return state->outcome;
}

/// The calls of a batch as requests and as records.
struct planned_batch {
  dialect::batch_lines lines;
  std::vector<attempt_intent> intents;
};

attempt_intent intent_of(const core& c, const call& what, const prepared_call& p) {
  const std::uint64_t id = c.os->random_u64() | 1;
  return {.attempt_id = id,
          .call_id = "batch-" + text::hex(id),
          .begun = c.os->wall_now(),
          .vendor = p.row->name,
          .model = p.model,
          .operation = "batch",
          .quote = p.basis.quote,
          .tenant = what.tenant,
          .user = what.user,
          .task = what.task,
          .run = what.run,
          .tags = what.tags,
          .route = p.route.reason,
          .prompt_id = what.prompt_id,
          .prompt_version = what.prompt_version,
          .inputs_hash = what.inputs_hash,
          .lease = lease};
}

result<planned_batch> plan_batch(const core& c, const vendor& row, batch_call& batch) {
  std::string name = batch.model;
  if (!name.starts_with(row.name + "/")) name = row.name + "/" + name;
  planned_batch out;
  out.lines.name = batch.name;
  for (batch_item& item : batch.items) {
    item.call.model = name;
    auto p = prepare_batched(c, item.call);
    if (!p) {
      error e = p.error();
      e.message = "call \"" + item.custom_id + "\": " + e.message;
      return e;
    }
    out.lines.model = p->model;
    out.intents.push_back(intent_of(c, item.call, *p));
    out.lines.lines.push_back(
        {.custom_id = wire_custom_id(out.intents.back().attempt_id, item.custom_id),
         .request = std::move(p->request)});
  }
  return out;
}

/// None of the calls was begun.
std::vector<journal_record> voided(const core& c, const std::vector<attempt_intent>& intents,
                                   const error& e) {
  std::vector<journal_record> out;
  for (const attempt_intent& intent : intents) {
    attempt_outcome outcome{.attempt_id = intent.attempt_id};
    outcome.ended = c.os->wall_now();
    outcome.finish = to_string(e.code);
    outcome.http_status = e.http_status;
    outcome.request_id = e.request_id;
    account_not_sent(outcome);
    out.emplace_back(std::move(outcome));
  }
  return out;
}

/// "x-2025-09-29" and "x-20250929" -> "x": what was asked for, as far as the reply tells.
std::string_view undated(std::string_view model) {
  for (const std::size_t length : {11U, 9U}) {
    if (model.size() <= length) continue;
    const auto tail = model.substr(model.size() - length);
    const bool dated = tail[0] == '-' && std::all_of(tail.begin(), tail.end(), [](char c) {
                         return c == '-' || (c >= '0' && c <= '9');
                       });
    if (dated) return model.substr(0, model.size() - length);
  }
  return model;
}

/// The model that answered.
const catalog::model* billed(const core& c, const vendor& row, std::string_view replied) {
  return catalog::billed_model(*c.book, row.name, undated(replied), replied);
}

/// The family that reads what a call was answered.
result<const dialect::dialect*> chat_family(const core& c, const vendor& row) {
  if (const dialect::dialect* family = c.dialects->find(row.dialect)) return family;
  return error{.code = errc::config,
               .message = "vendor " + row.name + " speaks " + row.dialect +
                          ", which this build does not know"};
}

struct settler {
  const core& parts;
  const vendor& row;
  const dialect::dialect& family;
  std::vector<journal_record> records{};

  batch_result settle(const dialect::batch_line_result& line) {
    std::string_view custom_id = line.custom_id;
    attempt_outcome outcome{.attempt_id = split_custom_id(custom_id)};
    outcome.ended = parts.os->wall_now();
    outcome.http_status = line.status;
    batch_result out{.custom_id = std::string(custom_id), .answer = read(line)};
    if (out.answer)
      paid(outcome, *out.answer);
    else
      refused(outcome, out.answer.error());
    // An answer that cannot be read was made all the same: its attempt stays open with its quote.
    const bool is_known = out.answer || (line.unreadable.empty() && !is_good(line.status));
    if (outcome.attempt_id != 0 && is_known) records.emplace_back(std::move(outcome));
    return out;
  }

 private:
  result<reply> read(const dialect::batch_line_result& line) const {
    if (!line.unreadable.empty())
      return error{.code = errc::protocol,
                   .retry = retry_class::never,
                   .message = line.unreadable + ": what it cost is not known"};
    const wire::http_head head{.status = line.status, .headers = {}};
    const dialect::answer a{head, line.body};
    if (is_good(line.status)) return family.decode_chat(a, row);
    error e = family.decode_error(a, row);
    e.http_status = line.status;
    return e;
  }
  void paid(attempt_outcome& outcome, reply& made) const {
    price_basis basis;
    basis.model = billed(parts, row, made.model);
    basis.context.batch = true;
    basis.context.at = parts.os->wall_now();
    outcome.reply_model = made.model;
    outcome.finish = to_string(made.finish);
    const std::string why = account_whole(outcome, made.usage, basis);
    if (outcome.cost.status == cost_status::unknown && !why.empty())
      made.notes.push_back("the cost is unknown: " + why);
    made.cost = outcome.cost;
    made.route = {.vendor = row.name, .model = made.model, .reason = "a batch", .considered = {}};
  }
  static bool is_good(int status) { return status >= 200 && status <= 299; }
  /// Vendors do not bill for the calls of a batch that fail, whatever their status.
  static void refused(attempt_outcome& outcome, const error& e) {
    account_not_sent(outcome);
    outcome.finish = to_string(e.code);
  }
};

}  // namespace

std::string wire_custom_id(std::uint64_t attempt_id, std::string_view custom_id) {
  return std::string(id_mark) + text::hex(attempt_id) + "_" + std::string(custom_id);
}

std::uint64_t split_custom_id(std::string_view& wire_id) noexcept {
  constexpr std::size_t head = id_mark.size() + id_digits;
  if (!wire_id.starts_with(id_mark) || wire_id.size() <= head || wire_id[head] != '_') return 0;
  std::uint64_t attempt = 0;
  const char* first = wire_id.data() + id_mark.size();
  const auto [end, failed] = std::from_chars(first, first + id_digits, attempt, 16);
  if (failed != std::errc{} || end != first + id_digits) return 0;
  wire_id.remove_prefix(head + 1);
  return attempt;
}

namespace {
/// A batch is sent whole or not at all: what a budget refused a part of is void.
error not_recorded(const detail::client_state& s, const std::vector<attempt_intent>& intents,
                   const std::vector<bool>& recorded, error e) {
  std::vector<attempt_intent> begun;
  for (std::size_t i = 0; i < intents.size(); ++i)
    if (recorded.size() == intents.size() && recorded[i]) begun.push_back(intents[i]);
  const auto kept = record_all(s, voided(s.parts(), begun, e));
  if (e.code != errc::budget) {
    e.code = errc::ledger;
    e.message = "the ledger could not record the batch, so nothing was sent: " + e.message;
  }
  if (!kept) e.message += " (nor that it was not sent: " + kept.error().message + ")";
  return e;
}
}  // namespace

result<batch_info> submit_batch(const detail::client_state& s, std::string_view vendor,
                                batch_call batch, const request_options& options) {
  const core& c = s.parts();
  const auto place = find_jobs(c, vendor);
  if (!place) return place.error();
  if (auto ok = check_custom_ids(batch); !ok) return ok.error();
  auto plan = plan_batch(c, *place->row, batch);
  if (!plan) return plan.error();
  const dialect::job_request asked{
      .verb = dialect::job_verb::submit_batch, .id = {}, .cursor = {}, .batch = &plan->lines};
  // What the vendor cannot take is told before anything is on record.
  if (auto trial = place->family->encode(asked, *place->row); !trial) return trial.error();
  std::vector<bool> recorded;
  if (auto ok = record_all(s, {plan->intents.begin(), plan->intents.end()}, &recorded); !ok)
    return not_recorded(s, plan->intents, recorded, ok.error());
  bool nothing_begun = false;
  auto all = job_exchange(s, vendor, asked, options, true, &nothing_begun);
  if (!all) {
    error e = all.error();
    if (!nothing_begun) return e;
    if (auto kept = record_all(s, voided(c, plan->intents, e)); !kept)
      e.message += " (and the ledger has not recorded it: " + kept.error().message + ")";
    return e;
  }
  if (all->batches.size() == 1) return std::move(all->batches.front());
  return error{.code = errc::protocol,
               .retry = retry_class::never,
               .message =
                   "the vendor's answer does not describe the batch: look for it with "
                   "`ark batch list`"};
}

result<std::vector<batch_result>> batch_results(const detail::client_state& s,
                                                std::string_view vendor, std::string_view id,
                                                const request_options& options) {
  const core& c = s.parts();
  const auto place = find_jobs(c, vendor);
  if (!place) return place.error();
  const auto family = chat_family(c, *place->row);
  if (!family) return family.error();
  auto all = job_exchange(
      s, vendor, {.verb = dialect::job_verb::batch_results, .id = std::string(id), .cursor = {}},
      options);
  if (!all) return all.error();
  settler each{c, *place->row, **family};
  std::vector<batch_result> out;
  out.reserve(all->results.size());
  for (const auto& line : all->results) out.push_back(each.settle(line));
  if (auto kept = record_all(s, std::move(each.records)); !kept)
    for (batch_result& r : out)
      if (r.answer)
        r.answer->notes.push_back("the ledger has not recorded it yet: " + kept.error().message);
  return out;
}

result<reply> stored_reply(const detail::client_state& s, std::string_view vendor,
                           std::string_view id, const request_options& options) {
  const core& c = s.parts();
  const auto place = find_jobs(c, vendor);
  if (!place) return place.error();
  const auto family = chat_family(c, *place->row);
  if (!family) return family.error();
  auto kept = job_exchange(
      s, vendor, {.verb = dialect::job_verb::get_reply, .id = std::string(id), .cursor = {}},
      options);
  if (!kept) return kept.error();
  const wire::http_head head{.status = 200, .headers = {}};
  auto made = (*family)->decode_chat({head, kept->content}, *place->row);
  if (!made) return made;
  made->cost = {.status = cost_status::void_};
  made->route = {.vendor = place->row->name,
                 .model = made->model,
                 .reason = "kept by the vendor",
                 .considered = {}};
  return made;
}

}  // namespace ark
