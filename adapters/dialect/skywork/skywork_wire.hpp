#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <string>
#include <string_view>

/// The pieces of the skywork_chat family, and what its images share. All pure.
namespace ark::adapters::skywork {

using ark::dialect::answer;
using ark::dialect::quirk_view;
using ark::dialect::reply_builder;
using json::element;

/// The request of a chat. errc::unsupported for what the family has no words for.
result<ark::dialect::encoded> encode(const call& c, std::string_view model, const vendor& v);

/// Does `root` name a code that is an error? 200 is none, 0 is taken for none.
bool is_error(element root);
/// What such an object says, in an answer of `status`. The row's words go first.
error read_error(int status, element root, const quirk_view& quirks);
/// An answer that is not 2xx, or an error in one that is.
error decode_failure(const answer& a, const vendor& v);

/// Joins the pieces of a text of which nobody says whether each repeats what came before: told by
/// the first that is another than the first of all. One reply each.
class text_joiner {
 public:
  /// What of `now` is new. Notes say where the guess changed or something was taken for repeated.
  std::string fresh(std::string_view now, reply_builder& out);
  /// The reply ends.
  void end(reply_builder& out) const;

 private:
  enum class pieces : std::uint8_t { unknown, cumulative, deltas };
  pieces are_ = pieces::unknown;
  std::string seen_;         ///< the text so far
  std::size_t repeats_ = 0;  ///< of the first piece, while nothing is known
};

}  // namespace ark::adapters::skywork
