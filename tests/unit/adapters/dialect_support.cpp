#include "dialect_support.hpp"
#include "dialect/frame_driver.hpp"
#include "tests/support/stream_laws.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace ark::test {

boost::json::value body_of(const result<dialect::encoded>& e) {
  if (!e) {
    ADD_FAILURE() << e.error().message;
    return nullptr;
  }
  boost::json::error_code failure;
  auto tree = boost::json::parse(e->request.body, failure);
  EXPECT_FALSE(failure) << e->request.body;
  return tree;
}

void expect_json(const boost::json::value& got, const char* expected) {
  EXPECT_EQ(got, boost::json::parse(expected)) << boost::json::serialize(got);
}

bool has_note(const std::vector<std::string>& notes, std::string_view part) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const std::string& note) { return note.find(part) != note.npos; });
}

streamed stream_bytes(const dialect::dialect& d, const vendor& v, std::string_view bytes) {
  dialect::frame_driver driver(d, v, {});
  result<void> fed = driver.feed(bytes);
  if (fed) fed = driver.finish();
  streamed out{std::move(driver.events()), std::move(driver.builder().reply()), {}};
  if (!fed) out.failure = fed.error();
  return out;
}

void expect_same_wherever_cut(const dialect::dialect& d, const vendor& v, std::string_view bytes) {
  const streamed whole = stream_bytes(d, v, bytes);
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    dialect::frame_driver driver(d, v, {});
    result<void> fed = driver.feed(bytes.substr(0, at));
    if (fed) fed = driver.feed(bytes.substr(at));
    if (fed) fed = driver.finish();
    const reply& got = driver.builder().reply();
    EXPECT_EQ(driver.events().size(), whole.events.size()) << "cut at " << at;
    EXPECT_EQ(got.text(), whole.reply.text()) << "cut at " << at;
    EXPECT_EQ(got.notes, whole.reply.notes) << "cut at " << at;
    EXPECT_EQ(got.finish, whole.reply.finish) << "cut at " << at;
    EXPECT_EQ(fed ? "" : fed.error().message, whole.failure ? whole.failure->message : "");
  }
}

streamed stream_frames(const dialect::dialect& d, const vendor& v,
                       const std::vector<std::string>& frames) {
  std::string bytes;
  for (std::string frame : frames) {
    std::replace(frame.begin(), frame.end(), '\n', ' ');
    bytes += "data: " + frame + "\n\n";
  }
  return stream_bytes(d, v, bytes);
}

void expect_lawful(const streamed& s) {
  EXPECT_EQ(stream_laws::broken(s.events, s.failure.has_value(), &s.reply),
            std::vector<std::string>{});
}

}  // namespace ark::test
