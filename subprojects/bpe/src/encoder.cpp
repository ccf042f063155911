#include "bpe/encoder.hpp"

#include "encoder_state.hpp"

namespace bpe {
namespace {

/// Appends ids.
struct id_sink {
  std::vector<token_id>& out;

  bool id(token_id id, std::size_t) {
    out.push_back(id);
    return true;
  }
  bool ids(std::span<const token_id> all, std::size_t) {
    for (const token_id one : all) out.push_back(one);  // mostly one to four
    return true;
  }
};

/// Counts up to a limit.
struct limit_sink {
  std::size_t limit;
  std::size_t count = 0;

  bool id(token_id, std::size_t) { return ++count <= limit; }
  bool ids(std::span<const token_id> all, std::size_t) { return (count += all.size()) <= limit; }
};

error check_size(std::string_view text) {
  if (text.size() <= max_text_bytes) return {};
  return {errc::too_large, "a text of 4 GiB or more: encode it in parts"};
}

}  // namespace

error encoder::state::refusal() const {
  if (walk.refusal().empty()) return {};
  return {errc::special_token,
          "the text holds the special token '" + std::string(walk.refusal()) + "'"};
}

encoder::encoder(vocabulary vocab) : state_(std::make_unique<state>(std::move(vocab))) {}
encoder::encoder(encoder&&) noexcept = default;
encoder& encoder::operator=(encoder&&) noexcept = default;
encoder::~encoder() = default;

const vocabulary& encoder::vocab() const noexcept { return state_->vocab; }

result<std::size_t> encoder::encode(std::string_view text, std::vector<token_id>& out,
                                    special specials) {
  if (error wrong = check_size(text); !wrong.message.empty()) return wrong;
  const std::size_t before = out.size();
  id_sink sink{out};
  if (!state_->walk.walk(text, specials, sink)) {
    out.resize(before);
    return state_->refusal();
  }
  return out.size() - before;
}

result<std::size_t> encoder::count(std::string_view text, special specials) {
  if (error wrong = check_size(text); !wrong.message.empty()) return wrong;
  count_sink sink;
  if (!state_->walk.walk(text, specials, sink)) return state_->refusal();
  return sink.count;
}

result<limited_count> encoder::count_until(std::string_view text, std::size_t limit,
                                           special specials) {
  if (error wrong = check_size(text); !wrong.message.empty()) return wrong;
  limit_sink sink{limit};
  if (state_->walk.walk(text, specials, sink)) return limited_count{sink.count, false};
  if (error refused = state_->refusal(); !refused.message.empty()) return refused;
  return limited_count{sink.count, true};
}

}  // namespace bpe
