#include "tests/unit/sign/sign_support.hpp"

#include <set>
#include <sstream>

namespace ark::sign {
namespace {

namespace fs = std::filesystem;

/// A request of the suite as it is written there: names, values and folded lines untouched.
struct suite_request {
  wire::http_request request;
  std::vector<std::pair<std::string, std::string>> headers() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& h : request.headers) out.emplace_back(h.name, h.value);
    return out;
  }
};

suite_request read_suite_request(const fs::path& path) {
  suite_request out;
  std::istringstream in(test::read_file(path));
  std::string line;
  std::getline(in, line);
  const auto first = line.find(' '), last = line.rfind(' ');
  out.request.method = line.substr(0, first);
  out.request.target = line.substr(first + 1, last - first - 1);
  while (std::getline(in, line) && !line.empty()) {
    if (line[0] == ' ') {
      out.request.headers.back().value += "\n" + line;
      continue;
    }
    const auto colon = line.find(':');
    out.request.headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
  }
  std::ostringstream body;
  if (in.peek() != std::istringstream::traits_type::eof()) body << in.rdbuf();
  out.request.body = body.str();
  return out;
}

struct suite_case {
  prepared made;
  credentials sender;
  scope where;
  sigv4_options options;
};

suite_case read_suite_case(const fs::path& folder) {
  json::reader reader;
  const std::string bytes = test::read_file(folder / "context.json");
  const auto context = reader.parse(bytes).value();
  const auto sender = member(context, "credentials");
  suite_case out;
  out.made.request = read_suite_request(folder / "request.txt").request;
  out.made.at = wire::parse_rfc3339(text(context, "timestamp")).value();
  out.sender =
      who(text(sender, "access_key_id"), text(sender, "secret_access_key"), text(sender, "token"));
  out.where = {text(context, "region"), text(context, "service")};
  out.options.normalise_path = member(context, "normalize").get_bool();
  out.options.send_body_hash = member(context, "sign_body").get_bool();
  out.options.expires =
      std::chrono::seconds(json::as_integer(member(context, "expiration_in_seconds")));
  json::element omit;
  if (json::find(context, "omit_session_token", omit))
    out.options.sign_session_token = !bool(omit.get_bool());
  return out;
}

TEST(sigv4, the_whole_test_suite_in_headers_and_in_the_query) {
  ARK_SHARED_OR_SKIP(root, "vectors/aws_sigv4/aws-signing-test-suite/v4");
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(root)) {
    SCOPED_TRACE(entry.path().filename().string());
    const suite_case c = read_suite_case(entry.path());
    ++count;

    const auto added = sigv4_headers(c.made.what(), c.sender, c.where, c.options);
    ASSERT_TRUE(added) << added.error().message;
    suite_request sent{c.made.request};
    sent.request.headers.insert(sent.request.headers.end(), added->begin(), added->end());
    const auto expected = read_suite_request(entry.path() / "header-signed-request.txt");
    EXPECT_EQ(sent.headers(), expected.headers());
    EXPECT_EQ(sent.request.target, expected.request.target);
    EXPECT_EQ(sent.request.body, expected.request.body);

    const auto target = sigv4_target(c.made.what(), c.sender, c.where, c.options);
    ASSERT_TRUE(target) << target.error().message;
    const auto in_query = read_suite_request(entry.path() / "query-signed-request.txt");
    EXPECT_EQ(*target, in_query.request.target);
    EXPECT_EQ(suite_request{c.made.request}.headers(), in_query.headers());
  }
  EXPECT_EQ(count, 38u);
}

const scope iam{"us-east-1", "iam"};
const char* const example_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

prepared list_users() {
  return {{.method = "GET",
           .target = "/?Action=ListUsers&Version=2010-05-08",
           .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
           .body = ""},
          {true, "iam.amazonaws.com", 443},
          at_compact("20150830T123600Z")};
}

// The example of the vendor's own guide.
TEST(sigv4, published_example) {
  const auto added = sigv4_headers(list_users().what(), who("AKIDEXAMPLE", example_key), iam);
  EXPECT_EQ(header_of(added, "Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
  EXPECT_EQ(header_of(added, "X-Amz-Date"), "20150830T123600Z");
  ASSERT_EQ(added->size(), 2u);
  EXPECT_TRUE(added->back().is_secret);
}

TEST(sigv4, leaves_out_what_changes_on_the_way_and_what_it_is_told) {
  prepared made = list_users();
  const auto sender = who("AKIDEXAMPLE", example_key);
  const auto plain = header_of(sigv4_headers(made.what(), sender, iam), "Authorization");
  made.request.headers.push_back({"User-Agent", "one"});
  made.request.headers.push_back({"x-amzn-trace-id", "two"});
  made.request.headers.push_back({"Connection", "close"});
  made.request.headers.push_back({"X-Mine", "three"});
  sigv4_options options;
  options.unsigned_headers = {"x-mine"};
  EXPECT_EQ(header_of(sigv4_headers(made.what(), sender, iam, options), "Authorization"), plain);
  EXPECT_NE(header_of(sigv4_headers(made.what(), sender, iam), "Authorization"), plain);
}

// Model names hold colons, which dialects send as "%3A": this is signed as "%253A".
TEST(sigv4, an_encoded_path_is_encoded_again) {
  prepared made = list_users();
  made.request = {.method = "POST", .target = "/model/a%3A0/converse", .headers = {}, .body = "{}"};
  const auto sender = who("AKIDEXAMPLE", example_key);
  const auto again = header_of(sigv4_headers(made.what(), sender, iam), "Authorization");
  EXPECT_NE(
      again.find("Signature=1bc7ab1da967a07cdd0994d9485e0dcdb5c974aebd3b578c205f8979c4a018bf"),
      std::string::npos)
      << again;
  sigv4_options once;
  once.encode_path_again = false;
  const auto as_sent = header_of(sigv4_headers(made.what(), sender, iam, once), "Authorization");
  EXPECT_NE(
      as_sent.find("Signature=8bea2aab722f8b99ad2b65a2cb1914aed6e816bb8e861e7158d75a0370c7d19e"),
      std::string::npos)
      << as_sent;
}

TEST(sigv4, a_changed_body_changes_the_signature) {
  prepared made = list_users();
  const auto sender = who("AKIDEXAMPLE", example_key);
  const auto before = header_of(sigv4_headers(made.what(), sender, iam), "Authorization");
  EXPECT_EQ(header_of(sigv4_headers(made.what(), sender, iam), "Authorization"), before);
  made.request.body = "x";
  EXPECT_NE(header_of(sigv4_headers(made.what(), sender, iam), "Authorization"), before);
}

TEST(sigv4, session_tokens_are_secret_headers) {
  const auto added =
      sigv4_headers(list_users().what(), who("AKIDEXAMPLE", example_key, "token-1"), iam);
  ASSERT_TRUE(added);
  ASSERT_EQ(added->front().name, "X-Amz-Security-Token");
  EXPECT_TRUE(added->front().is_secret);
  EXPECT_NE(header_of(added, "Authorization").find("x-amz-security-token"), std::string::npos);
}

TEST(sigv4, refuses) {
  prepared made = list_users();
  const auto sender = who("AKIDEXAMPLE", example_key);
  expect_refused(sigv4_headers(made.what(), who("AKIDEXAMPLE", ""), iam).error(), errc::auth);
  expect_refused(sigv4_headers(made.what(), who("", example_key), iam).error(), errc::auth,
                 example_key);
  expect_refused(sigv4_target(made.what(), who("a\nb", example_key), iam).error(), errc::auth,
                 example_key);
  sigv4_options options;
  options.expires = std::chrono::hours(169);
  expect_refused(sigv4_target(made.what(), sender, iam, options).error(), errc::invalid_request);
  options.expires = std::chrono::seconds(0);
  expect_refused(sigv4_target(made.what(), sender, iam, options).error(), errc::invalid_request);
  made.request.target = "/?X-Amz-Date=1";
  expect_refused(sigv4_target(made.what(), sender, iam).error(), errc::invalid_request);
  made.request.target = "/?a=%4";
  expect_refused(sigv4_headers(made.what(), sender, iam).error(), errc::invalid_request);
  made = list_users();
  made.request.headers.push_back({"authorization", "Bearer x"});
  expect_refused(sigv4_headers(made.what(), sender, iam).error(), errc::invalid_request,
                 "Bearer x");
}

}  // namespace
}  // namespace ark::sign
