#include "sign/canonical.hpp"

#include "tests/unit/sign/sign_support.hpp"

namespace ark::sign {
namespace {

TEST(canonical, times_to_the_second_below) {
  const auto at = at_unix(1440938160) + std::chrono::milliseconds(999);
  EXPECT_EQ(compact_time(at), "20150830T123600Z");
  EXPECT_EQ(compact_date(at), "20150830");
  EXPECT_EQ(dashed_date(at), "2015-08-30");
  EXPECT_EQ(rfc3339_time(at), "2015-08-30T12:36:00Z");
  EXPECT_EQ(http_date(at), "Sun, 30 Aug 2015 12:36:00 GMT");
  EXPECT_EQ(unix_seconds(at), 1440938160);
  EXPECT_EQ(http_date(at_unix(951782400)), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(compact_time(at_unix(-1)), "19691231T235959Z");
  for (const std::int64_t day : {0, 1, 2, 3, 4, 5, 6})
    EXPECT_EQ(wire::parse_http_date(http_date(at_unix(day * 86400 + 7))), at_unix(day * 86400 + 7));
}

TEST(canonical, encoding_and_back) {
  EXPECT_EQ(encode("aZ09-._~ +/=*\xC3\xA9"), "aZ09-._~%20%2B%2F%3D%2A%C3%A9");
  EXPECT_EQ(encode_path("/a b/%3A"), "/a%20b/%253A");
  EXPECT_EQ(decode("a%20b+c%2f%C3%A9").value(), "a b+c/\xC3\xA9");
  for (const std::string_view bad : {"%", "%4", "%zz", "a%4g", "%%41"})
    EXPECT_EQ(decode(bad).error().code, errc::invalid_request) << bad;
}

TEST(canonical, paths) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "/"},           {"/", "/"},         {"//", "/"},           {"/.", "/"},
      {"/..", "/"},        {"/a/..", "/"},     {"/a/b/../c", "/a/c"}, {"/a/./b", "/a/b"},
      {"/a/b/.", "/a/b/"}, {"/a/b/..", "/a/"}, {"//a//b//", "/a/b/"}, {"/../../a", "/a"},
      {"/a/...", "/a/..."}};
  for (const auto& [path, normal] : cases) EXPECT_EQ(normalise_path(path), normal) << path;
}

TEST(canonical, targets_and_queries) {
  const wire::http_request request{.target = "/a?b=c?d&e", .headers = {}, .body = ""};
  EXPECT_EQ(path_of(request), "/a");
  EXPECT_EQ(query_of(request), "b=c?d&e");
  EXPECT_EQ(path_of({.target = "", .headers = {}, .body = ""}), "/");
  EXPECT_EQ(path_of({.target = "?x", .headers = {}, .body = ""}), "/");
  EXPECT_EQ(canonical_query(parameters_of("b=c?d&e&&a-1=x&a=z&a=%79").value()),
            "a=y&a=z&a-1=x&b=c%3Fd&e=");
  EXPECT_EQ(canonical_query(parameters_of("").value()), "");
  EXPECT_FALSE(parameters_of("a%=1"));
  EXPECT_FALSE(parameters_of("a=%1"));
}

TEST(canonical, hosts) {
  prepared made;
  made.origin = {true, "h.example.com", 443};
  EXPECT_EQ(host_of(made.what()), "h.example.com");
  made.origin = {false, "2001:db8::1", 8080};
  EXPECT_EQ(host_of(made.what()), "[2001:db8::1]:8080");
  made.request.headers = {{"host", "other"}};
  EXPECT_EQ(host_of(made.what()), "other");
}

TEST(canonical, headers) {
  signed_headers headers;
  headers.add("X-B", "  two \t words\r\n folded ");
  headers.add("a", "1");
  headers.add("x-b", "again");
  EXPECT_EQ(headers.lines(), "a:1\nx-b:two words folded,again\n");
  EXPECT_EQ(headers.names(), "a;x-b");
  EXPECT_EQ(canonical_request("GET", "/", "q=1", headers, "hash"),
            "GET\n/\nq=1\na:1\nx-b:two words folded,again\n\na;x-b\nhash");
  EXPECT_EQ(canonical_request("GET", "/", "", {}, "hash"), "GET\n/\n\n\n\nhash");
  EXPECT_TRUE(is_changed_on_the_way("USER-agent"));
  EXPECT_FALSE(is_changed_on_the_way("content-type"));
}

TEST(canonical, credentials_that_can_stand_in_a_header) {
  EXPECT_TRUE(check_credentials(who("AK/1+=.*", "k")));
  for (const std::string_view id : {"", "a b", "a\"", "a,b", "a\r\nX: y", "a\x7f", "\xC3\xA9"})
    expect_refused(check_credentials(who(id, "key-secret")).error(), errc::auth, "key-secret");
  expect_refused(check_credentials(who("AK", "")).error(), errc::auth);
}

TEST(canonical, keys_of_two_parts) {
  const auto parts = split_key(secret("id1.secret.with.dots")).value();
  EXPECT_EQ(parts.id, "id1");
  EXPECT_EQ(parts.key.reveal_secret(), "secret.with.dots");
  for (const char* text : {"", "no-dot-private", ".private", "id."})
    expect_refused(split_key(secret(text)).error(), errc::auth, "private");
}

}  // namespace
}  // namespace ark::sign
