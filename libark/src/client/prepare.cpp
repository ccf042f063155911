#include "client/prepare.hpp"

#include "base/limits.hpp"
#include "client/access.hpp"
#include "client/authorize.hpp"
#include "dialect/media_dialect.hpp"
#include "wire/url.hpp"

#include <algorithm>

namespace ark {
namespace {

/// Upper bounds for what is not in the request, given by URL or file id. An image: the largest
/// documented charge for one among the vendors here is below it (OpenAI's high-detail tiles, 2026).
/// The others are as long as a context window: nothing else bounds a document, a sound or a video.
constexpr std::int64_t distant_image_tokens = 16'384;
constexpr std::int64_t distant_media_tokens = 1'048'576;
/// For comparing prices in `auto` when the call sets no limit.
constexpr std::int64_t usual_output_tokens = 500;

template <class Part>
bool has_part(const call& c) {
  for (const message& m : c.messages)
    for (const part& p : m.parts)
      if (std::holds_alternative<Part>(p)) return true;
  return false;
}

/// Most tokens of a part whose bytes are elsewhere; 0 for those that are in the request.
std::int64_t distant_tokens(const part& p) {
  const auto bound = [](const auto& media, std::int64_t most) {
    return media.bytes.empty() && !media.url.starts_with("data:") ? most : 0;
  };
  if (const auto* i = std::get_if<image_part>(&p)) return bound(*i, distant_image_tokens);
  if (const auto* a = std::get_if<audio_part>(&p)) return bound(*a, distant_media_tokens);
  if (const auto* d = std::get_if<document_part>(&p)) return bound(*d, distant_media_tokens);
  if (const auto* v = std::get_if<video_part>(&p)) return bound(*v, distant_media_tokens);
  return 0;
}

std::int64_t text_bytes(const call& c) {
  std::size_t bytes = 0;
  for (const message& m : c.messages)
    for (const part& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) bytes += t->text.size();
      if (const auto* r = std::get_if<tool_result_part>(&p)) bytes += r->text.size();
    }
  for (const tool_definition& t : c.tools) bytes += t.description.size() + t.parameters.size();
  return static_cast<std::int64_t>(bytes);
}

/// A token is at least one byte of the request, so the body's size bounds the prompt.
std::int64_t bound_input_tokens(const call& c, const wire::http_request& request) {
  auto tokens = static_cast<std::int64_t>(request.body.size());
  for (const message& m : c.messages)
    for (const part& p : m.parts) tokens += distant_tokens(p);
  return tokens;
}

/// What the ledger groups by is short; one attempt's record must not fail those beside it.
template <class C>
result<void> check_attribution(const C& c) {
  std::size_t bytes = c.tenant.size() + c.user.size() + c.task.size() + c.run.size();
  for (const auto& [name, value] : c.tags) bytes += name.size() + value.size();
  if (bytes <= limits::attribution_bytes) return {};
  return error{.code = errc::invalid_request,
               .message = "tenant, user, task, run and tags are " + std::to_string(bytes) +
                          " bytes together; the ledger takes at most " +
                          std::to_string(limits::attribution_bytes)};
}

result<void> add_route(prepared_call& out, const core& c, std::string_view name,
                       const catalog::book::resolved& found) {
  out.row = found.v;
  out.model = found.model;
  out.basis.model = found.known;
  out.family = c.dialects->find(found.v->dialect);
  if (!out.family)
    return error{.code = errc::config,
                 .message = "vendor " + found.v->name + " speaks " + found.v->dialect +
                            ", which this build does not know"};
  out.route.vendor = found.v->name;
  out.route.model = found.model;
  if (out.route.reason.empty()) out.route.reason = "named by the caller: " + std::string(name);
  auto where = c.endpoint_of(*found.v);
  if (!where) return where.error();
  out.endpoint = std::move(*where);
  return {};
}

/// A prompt has surely as many tokens. Tokenizers join what repeats (up to 128 blanks are one
/// token); of the other bytes no text of the corpus has more than 11 for a token, and none more
/// than 6 if it is written by people: a third of that.
std::int64_t least_input_tokens(const call& c) {
  constexpr std::int64_t bytes_per_token = 32;
  std::int64_t fresh = 0;
  const auto count = [&fresh](std::string_view text) {
    for (std::size_t i = 3; i < text.size(); ++i)
      fresh += text[i] != text[i - 1] && text[i] != text[i - 2] && text[i] != text[i - 3];
  };
  for (const message& m : c.messages)
    for (const part& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) count(t->text);
      if (const auto* r = std::get_if<tool_result_part>(&p)) count(r->text);
    }
  return fresh / bytes_per_token + 1;
}

void finish_encoding(prepared_call& out, dialect::encoded made) {
  out.request = std::move(made.request);
  out.notes = std::move(made.notes);
  out.request.target.insert(0, out.endpoint.path_prefix);
}

/// The reader of an answer, as an operation keeps it.
template <class Decode>
std::function<result<any_reply>(const dialect::answer&)> reader_of(Decode decode) {
  return [decode = std::move(decode)](const dialect::answer& a) -> result<any_reply> {
    auto made = decode(a);
    if (!made) return made.error();
    return any_reply(std::move(*made));
  };
}

error over_budget(std::string message) {
  return {.code = errc::budget, .message = std::move(message)};
}

/// What holds for every call: its prices are known, and its prompt alone is not too dear. A stream
/// is stopped where it reaches the ceiling.
result<void> check_floor(const prepared_call& p, const call& c) {
  const cost& quote = p.basis.quote;
  const std::string id = p.route.vendor + "/" + p.model;
  const catalog::model* known = p.basis.model;
  const bool priced =
      known != nullptr &&
      (quote.status != cost_status::unknown ||
       catalog::quote(*known, bound_input_tokens(c, p.request), 1, p.basis.context).status !=
           cost_status::unknown);
  if (!priced)
    return over_budget("max_cost is set, but the price of " + id +
                       " is unknown: leave max_cost out, or add its price to a model directory");
  const amount least = catalog::least_cost(*known, least_input_tokens(c), p.basis.context);
  if (least <= *c.max_cost) return {};
  return over_budget("the prompt alone costs at least " + least.to_string() + " " +
                     known->info.currency + ", above max_cost " + c.max_cost->to_string() +
                     ": shorten it or raise max_cost");
}

/// A whole call cannot be stopped on the way.
result<void> check_ceiling(const prepared_call& p, const call& c) {
  const cost& quote = p.basis.quote;
  if (quote.status == cost_status::unknown)
    return over_budget("max_cost is set, but nobody says how long an answer of " + p.route.vendor +
                       "/" + p.model + " may be: set max_tokens or stream the call");
  if (quote.high <= *c.max_cost) return {};
  return over_budget("the call may cost up to " + quote.high.to_string() + " " + quote.currency +
                     ", above max_cost " + c.max_cost->to_string() +
                     ": lower max_tokens or stream the call");
}

error never_sealed(std::string_view what) {
  return {.code = errc::unsupported,
          .message = std::string(what) +
                     " cannot be encrypted end to end: make it without "
                     "end_to_end_encryption"};
}

/// All but the key: the call as it would be sent, and its worst case.
result<prepared_call> quote_chat(const core& c, const call& what, bool streamed,
                                 bool batched = false) {
  if (what.messages.empty())
    return error{.code = errc::invalid_request, .message = "the call has no messages"};
  if (auto ok = check_attribution(what); !ok) return ok.error();
  prepared_call out;
  out.operation = "chat";
  out.streamed = streamed;
  std::string name = what.model;
  if (what.model == "auto") {
    auto chosen = plan_route(c, what);
    if (!chosen) return chosen.error();
    out.route = std::move(*chosen);
    name = out.route.vendor + "/" + out.route.model;
  }
  auto found = c.book->resolve(name);
  if (!found) return found.error();
  if (auto ok = add_route(out, c, name, *found); !ok) return ok.error();
  auto made = out.family->encode_chat(what, out.model, *out.row, streamed);
  if (!made) return made.error();
  const std::int64_t most = made->max_output_tokens.value_or(0);
  finish_encoding(out, std::move(*made));
  out.read = reader_of([family = out.family, row = out.row](const dialect::answer& a) {
    return family->decode_chat(a, *row);
  });

  out.basis.context.service_tier = what.service_tier;
  out.basis.context.thinking =
      what.reasoning != reasoning_effort::unset && what.reasoning != reasoning_effort::none;
  out.basis.context.batch = batched || out.row->batch_prices;
  out.basis.context.at = c.os->wall_now();
  if (const catalog::model* known = out.basis.model)
    out.basis.quote =
        catalog::quote(*known, bound_input_tokens(what, out.request), most, out.basis.context);
  return out;
}

/// A call to a model that the caller names, whose answer is no text of tokens. `encode` makes the
/// request and sets how its answer is read; `more_tokens`: read beside what is in the request.
template <class C, class Encode>
result<prepared_call> prepare_named(const core& c, const C& what, std::string operation,
                                    std::size_t more_tokens, Encode encode) {
  if (what.model.empty() || what.model == "auto")
    return error{.code = errc::invalid_request,
                 .message = "name the " + operation + " model, as in vendor/model"};
  if (auto ok = check_attribution(what); !ok) return ok.error();
  prepared_call out;
  out.operation = std::move(operation);
  auto found = c.book->resolve(what.model);
  if (!found) return found.error();
  if (auto ok = add_route(out, c, what.model, *found); !ok) return ok.error();
  result<dialect::encoded> made = encode(out);
  if (!made) return made.error();
  finish_encoding(out, std::move(*made));
  if (auto ok = add_key(out, c); !ok) return ok.error();
  out.basis.context.batch = out.row->batch_prices;
  out.basis.context.at = c.os->wall_now();
  const auto most_tokens = static_cast<std::int64_t>(out.request.body.size() + more_tokens);
  if (const catalog::model* known = out.basis.model)
    out.basis.quote = catalog::quote(*known, most_tokens, 0, out.basis.context);
  return out;
}

/// The media family of a vendor's row.
result<const dialect::media_dialect*> media_of(const core& c, const vendor& v,
                                               std::string_view what) {
  const auto* family = v.media_dialect.empty() ? nullptr : c.dialects->find_media(v.media_dialect);
  if (family != nullptr) return family;
  if (v.media_dialect.empty())
    return error{.code = errc::unsupported,
                 .message = v.name + " has no " + std::string(what) + " here"};
  return error{.code = errc::config,
               .message = "vendor " + v.name + " speaks " + v.media_dialect +
                          ", which this build does not know"};
}

/// The worst case of what is priced by the piece; where it is priced by tokens nothing changes.
void quote_units(prepared_call& p, const std::string& unit, std::int64_t count) {
  if (p.basis.model == nullptr || p.basis.quote.status != cost_status::unknown) return;
  usage most{.reported = true};
  most.units[unit] = count;
  const cost made = catalog::price_usage(*p.basis.model, most, p.basis.context).cost;
  if (made.status != cost_status::exact) return;
  p.basis.quote = made;
  p.basis.quote.status = cost_status::interval;
  p.basis.quote.value = p.basis.quote.low = {};
}

std::int64_t characters(std::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

/// `encode` and `decode` are the media family's.
template <class C, class Encode, class Decode>
result<prepared_call> prepare_media(const core& c, const C& what, std::string operation,
                                    Encode encode, Decode decode) {
  const std::string name = operation;
  return prepare_named(
      c, what, std::move(operation), 0, [&](prepared_call& p) -> result<dialect::encoded> {
        const auto family = media_of(c, *p.row, name);
        if (!family) return family.error();
        p.read = reader_of([family = *family, row = p.row, decode](const dialect::answer& a) {
          return (family->*decode)(a, *row);
        });
        return ((*family)->*encode)(what, p.model, *p.row);
      });
}

}  // namespace

catalog::requirements requirements_of(const call& c) {
  catalog::requirements needs;
  if (!c.tools.empty()) needs.capabilities.emplace_back("tools");
  if (has_part<image_part>(c)) needs.capabilities.emplace_back("vision");
  if (has_part<audio_part>(c)) needs.capabilities.emplace_back("audio_in");
  if (has_part<document_part>(c)) needs.capabilities.emplace_back("pdf_in");
  if (has_part<video_part>(c)) needs.capabilities.emplace_back("video_in");
  if (c.response_format.kind == response_format_kind::json_schema)
    needs.capabilities.emplace_back("structured_output");
  if (c.reasoning != reasoning_effort::unset && c.reasoning != reasoning_effort::none)
    needs.capabilities.emplace_back("reasoning");
  needs.input_tokens = text_bytes(c) / 4 + 1;
  needs.output_tokens = c.max_tokens.value_or(usual_output_tokens);
  return needs;
}

result<void> add_key(prepared_call& out, const core& c) {
  auto key = c.key_for(*out.row, out.endpoint);
  if (!key) return key.error();
  out.request.headers.push_back({"user-agent", "libark/" ARK_VERSION, false});
  if (is_exchanged(*out.row, *key)) return add_key_exchange(out, c, std::move(*key));
  const signing_moment now{.at = c.os->wall_now()};
  if (!signs_requests(*out.row))
    return authorize(*out.row, out.endpoint.origin, *key, now, out.request);
  // Each attempt is signed anew, as the time counts; that it can be is known before one is made.
  out.sign = [row = out.row, origin = out.endpoint.origin](
                 const secret& with, const signing_moment& moment, auto& request) {
    return authorize(*row, origin, with, moment, request);
  };
  wire::http_request trial = out.request;
  auto signed_once = out.sign(*key, now, trial);
  out.signing_key = std::move(*key);
  return signed_once;
}

result<route> plan_route(const core& c, const call& what) {
  if (what.model != "auto") {
    auto found = c.book->resolve(what.model);
    if (!found) return found.error();
    return route{.vendor = found->v->name,
                 .model = found->model,
                 .reason = "named by the caller: " + what.model,
                 .considered = {}};
  }
  return catalog::choose_cheapest(*c.book, requirements_of(what),
                                  [&c](const vendor& v) { return c.has_key(v); },
                                  {.only = c.options.auto_models,
                                   .currency = c.options.auto_currency,
                                   .rates = c.options.rates,
                                   .at = c.os->wall_now()});
}

result<route> plan_call(const core& c, const call& what) {
  if (!what.max_cost) return plan_route(c, what);
  auto p = quote_chat(c, what, true);
  if (!p) return p.error();
  if (auto ok = check_floor(*p, what); !ok) return ok.error();
  if (auto whole = check_ceiling(*p, what); !whole)
    p->route.reason += "; only as a stream, stopped at max_cost: " + whole.error().message;
  return std::move(p->route);
}

result<prepared_call> prepare_chat(const core& c, const call& what, bool streamed) {
  auto out = quote_chat(c, what, streamed);
  if (!out) return out.error();
  if (auto ok = add_key(*out, c); !ok) return ok.error();
  if (what.max_cost)
    if (auto ok = check_floor(*out, what); !ok) return ok.error();
  if (what.max_cost && !streamed)
    if (auto ok = check_ceiling(*out, what); !ok) return ok.error();
  if (what.end_to_end_encryption)
    if (auto ok = add_sealing(*out, c, what); !ok) return ok.error();
  return out;
}

result<prepared_call> prepare_batched(const core& c, const call& what) {
  if (what.end_to_end_encryption) return never_sealed("a call of a batch");
  auto out = quote_chat(c, what, false, true);
  if (!out || !what.max_cost) return out;
  if (auto ok = check_floor(*out, what); !ok) return ok.error();
  if (auto ok = check_ceiling(*out, what); !ok) return ok.error();
  return out;
}

result<prepared_call> prepare_embed(const core& c, const embed_call& what) {
  if (what.input.empty() && what.parts.empty())
    return error{.code = errc::invalid_request, .message = "the call has no input texts"};
  std::int64_t elsewhere = 0;
  for (const auto& input : what.parts)
    for (const part& p : input) elsewhere += distant_tokens(p);
  return prepare_named(
      c, what, "embed", static_cast<std::size_t>(elsewhere), [&what](prepared_call& p) {
        p.read = reader_of([family = p.family, row = p.row](const dialect::answer& a) {
          return family->decode_embed(a, *row);
        });
        return p.family->encode_embed(what, p.model, *p.row);
      });
}

result<prepared_call> prepare_rerank(const core& c, const rerank_call& what) {
  // The model reads the query with each document (recorded: it is counted so), and the marks
  // around the pair.
  constexpr std::size_t pair_marks = 8;
  const std::size_t repeated = what.documents.size() * (what.query.size() + pair_marks);
  return prepare_named(c, what, "rerank", repeated, [&what](prepared_call& p) {
    p.read = reader_of([family = p.family, row = p.row, n = what.documents.size()](
                           const dialect::answer& a) { return family->decode_rerank(a, *row, n); });
    return p.family->encode_rerank(what, p.model, *p.row);
  });
}

result<prepared_call> prepare_count(const core& c, const call& what) {
  if (what.messages.empty())
    return error{.code = errc::invalid_request, .message = "the call has no messages"};
  if (what.end_to_end_encryption) return never_sealed("a question for the number of tokens");
  auto out = prepare_named(c, what, "count", 0, [&what](prepared_call& p) {
    p.read = reader_of([family = p.family, row = p.row](const dialect::answer& a) {
      return family->decode_count(a, *row);
    });
    return p.family->encode_count(what, p.model, *p.row);
  });
  if (out) out->free_of_charge = true;
  return out;
}

result<prepared_call> prepare_image(const core& c, const image_call& what) {
  if (what.prompt.empty() && what.images.empty())
    return error{.code = errc::invalid_request, .message = "say what the image should show"};
  if (what.n < 1)
    return error{.code = errc::invalid_request, .message = "n must be at least 1 image"};
  auto out = prepare_media(c, what, "image", &dialect::media_dialect::encode_image,
                           &dialect::media_dialect::decode_image);
  if (!out) return out;
  const std::string usual = "default";
  out->basis.context.attributes = {{"size", what.size.empty() ? usual : what.size},
                                   {"quality", what.quality.empty() ? usual : what.quality}};
  quote_units(*out, "image_generation", what.n);
  return out;
}

result<prepared_call> prepare_speech(const core& c, const speech_call& what) {
  if (what.input.empty())
    return error{.code = errc::invalid_request, .message = "the call has no text to speak"};
  auto out = prepare_media(c, what, "speech", &dialect::media_dialect::encode_speech,
                           &dialect::media_dialect::decode_speech);
  if (!out) return out;
  const std::int64_t length = characters(what.input);
  quote_units(*out, "input_chars", length);
  // Vendors that sell speech by the character do not say how many there were.
  out->read = [read = std::move(out->read), length](const dialect::answer& a) {
    auto made = read(a);
    auto* spoken = made ? std::get_if<speech_reply>(&*made) : nullptr;
    if (spoken == nullptr || spoken->usage.reported) return made;
    spoken->usage.reported = true;
    spoken->usage.units["input_chars"] = length;
    spoken->notes.emplace_back("the vendor reports no usage: the characters were counted here");
    return made;
  };
  return out;
}

result<prepared_call> prepare_transcription(const core& c, const transcription_call& what) {
  if (what.audio.empty())
    return error{.code = errc::invalid_request, .message = "the call has no audio"};
  return prepare_media(c, what, "transcription", &dialect::media_dialect::encode_transcription,
                       &dialect::media_dialect::decode_transcription);
}

result<prepared_call> prepare_moderation(const core& c, const moderation_call& what) {
  if (what.input.empty() && what.images.empty())
    return error{.code = errc::invalid_request, .message = "the call has no input"};
  return prepare_media(c, what, "moderation", &dialect::media_dialect::encode_moderation,
                       &dialect::media_dialect::decode_moderation);
}

result<job_place> find_jobs(const core& c, std::string_view vendor_name) {
  job_place out{.row = c.book->find_vendor(vendor_name)};
  if (out.row == nullptr)
    return error{.code = errc::not_found,
                 .message = "no vendor is called \"" + std::string(vendor_name) +
                            "\": `ark models list` shows the vendors"};
  if (out.row->job_dialect.empty())
    return error{.code = errc::unsupported,
                 .message = out.row->name + " has no files, batches or list of models here"};
  out.family = c.dialects->find_jobs(out.row->job_dialect);
  if (out.family != nullptr) return out;
  return error{.code = errc::config,
               .message = "vendor " + out.row->name + " speaks " + out.row->job_dialect +
                          ", which this build does not know"};
}

namespace {

/// A vendor may name the next target as a URL. The key goes to the endpoint's origin only, so that
/// must be what the URL names; or the row's own, which the endpoint stands for.
result<std::string> own_target(std::string target, const vendor& row,
                               const vendor_endpoint& endpoint) {
  if (target.starts_with("/")) return target;
  const auto scheme = target.find("://");
  const auto path = scheme == target.npos ? target.npos : target.find('/', scheme + 3);
  const auto named = wire::parse_base_url(target.substr(0, path));
  const auto own = wire::parse_base_url(row.base_url);
  const bool same =
      named && (named->origin == endpoint.origin || (own && named->origin == own->origin));
  if (same && path != target.npos) return target.substr(path);
  return error{.code = errc::protocol,
               .retry = retry_class::never,
               .message = row.name + " wants the next request at another host than " +
                          endpoint.origin.to_string() + ", where its key may go: nothing was sent"};
}

result<void> finish_job(prepared_call& out, const core& c, const dialect::job_request& what,
                        const job_place& place) {
  auto made = place.family->encode(what, *place.row);
  if (!made) return made.error();
  out.request = std::move(made->request);
  out.preparatory = made->preparatory;
  if (made->from_root) {
    auto target = own_target(std::move(out.request.target), *place.row, out.endpoint);
    if (!target) return target.error();
    out.request.target = std::move(*target);
  } else {
    out.request.target.insert(0, made->before_base + out.endpoint.path_prefix);
  }
  return add_key(out, c);
}

result<any_reply> read_job(const job_place& place, const dialect::job_request& what,
                           const dialect::answer& a) {
  auto read = place.family->decode(what, a, *place.row);
  if (!read) return read.error();
  job_reply reply;
  reply.answer = std::move(*read);
  return any_reply(std::move(reply));
}

/// Tokens times hours, rounded up: what storage is priced by.
std::int64_t token_hours(std::int64_t tokens, std::int64_t seconds) {
  constexpr std::int64_t hour = 3600;
  std::int64_t product = 0;
  if (__builtin_mul_overflow(tokens, seconds, &product)) return INT64_MAX;
  return product / hour + (product % hour > 0 ? 1 : 0);
}

/// All of the prompt, and its storage from the first second to the last.
usage usage_of_cache(std::int64_t tokens, std::int64_t ttl_s) {
  usage u{.input = tokens};
  u.units["cache_storage"] = token_hours(tokens, ttl_s);
  u.reported = true;
  return u;
}

cost quote_cache(const catalog::model& known, std::int64_t tokens, std::int64_t ttl_s,
                 const catalog::price_context& context) {
  cost most = catalog::price_usage(known, usage_of_cache(tokens, ttl_s), context).cost;
  if (most.status != cost_status::exact) return {};
  most.status = cost_status::interval;
  most.low = most.value = {};
  return most;
}

result<void> check_cache_ceiling(const prepared_call& p, const amount& max_cost) {
  const cost& quote = p.basis.quote;
  if (quote.status == cost_status::unknown)
    return over_budget("max_cost is set, but what a cache of " + p.route.vendor + "/" + p.model +
                       " costs is unknown: leave max_cost out");
  if (quote.high <= max_cost) return {};
  return over_budget("the cache may cost up to " + quote.high.to_string() + " " + quote.currency +
                     ", above max_cost " + max_cost.to_string() +
                     ": shorten the prompt or its time");
}

}  // namespace

result<prepared_call> prepare_cache(const core& c, const job_place& place, const call& what,
                                    std::chrono::seconds ttl) {
  if (ttl.count() <= 0)
    return error{.code = errc::invalid_request, .message = "say for how long the cache is kept"};
  auto out = quote_chat(c, what, false);
  if (!out) return out;
  out->operation = "cache";
  const dialect::cache_prompt prompt{.model = out->model, .request = std::move(out->request)};
  const dialect::job_request asked{
      .verb = dialect::job_verb::create_cache, .prompt = &prompt, .ttl_s = ttl.count()};
  if (const catalog::model* known = out->basis.model)
    out->basis.quote = quote_cache(*known, bound_input_tokens(what, prompt.request), asked.ttl_s,
                                   out->basis.context);
  if (auto ok = finish_job(*out, c, asked, place); !ok) return ok.error();
  if (what.max_cost)
    if (auto ok = check_cache_ceiling(*out, *what.max_cost); !ok) return ok.error();
  out->read = [place, ttl_s = asked.ttl_s](const dialect::answer& a) -> result<any_reply> {
    auto made = read_job(place, {.verb = dialect::job_verb::create_cache}, a);
    if (!made) return made;
    auto& reply = std::get<job_reply>(*made);
    const usage& used = reply.answer.usage;
    if (used.reported) reply.usage = usage_of_cache(used.input_total(), ttl_s);
    if (!reply.answer.caches.empty()) reply.model = reply.answer.caches.front().model;
    return made;
  };
  return out;
}

result<prepared_call> prepare_job(const core& c, const job_place& place,
                                  const dialect::job_request& what, bool once) {
  prepared_call out;
  out.operation = "job";
  out.free_of_charge = true;
  const catalog::book::resolved found{.v = place.row};
  if (auto ok = add_route(out, c, place.row->name, found); !ok) return ok.error();
  if (auto ok = finish_job(out, c, what, place); !ok) return ok.error();
  out.once = once;
  out.read = [place, &what](const dialect::answer& a) { return read_job(place, what, a); };
  return out;
}

}  // namespace ark
