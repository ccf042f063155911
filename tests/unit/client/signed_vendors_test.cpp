// Vendors whose requests are signed with MD5, from the call to the bytes: the built-in rows, and
// the service that libark/doc/formats.md shows, as it stands there.
#include "row_client.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/sign/sign_support.hpp"

#include <gtest/gtest.h>
#include <fstream>

namespace ark::testing {
namespace {

using ark::sign::member;
using ark::sign::text;

const std::string vector_file = "vectors/simple-mobvoi-skywork-langboat.json";
constexpr std::chrono::system_clock::time_point vectors_time{std::chrono::seconds(1717243200)};
const std::string skywork_stream =
    "data: {\"type\":1,\"arguments\":[{\"messages\":[{\"text\":\"hi\"}]}]}\n\n"
    "data: {\"type\":2}\n\n";

/// A machine whose random numbers are known.
struct known_chance final : looped_system {
  using looped_system::looped_system;
  std::uint64_t random_u64() override { return number += step; }
  std::uint64_t number = 0, step = 1;
};

struct signed_client : row_client {
  signed_client() {
    chance.wall = vectors_time;
    parts->os = &chance;
    net->respond = [this](const net::exchange_request&) {
      fake_transport::answer next = answers.front();
      if (answers.size() > 1) answers.pop_front();
      return next;
    };
  }
  void give_key(const std::string& vendor, const std::string& id, const std::string& key) {
    parts->options.keys = keys_from_map({{vendor, secret(id + ":" + key)}});
  }
  const wire::http_request& sent(std::size_t at = 0) const { return requests().at(at).request; }

  known_chance chance{loop};
  std::deque<fake_transport::answer> answers;
};

/// The vector of one vendor, if the shared corpus is there.
template <class Check>
void with_vector(const std::filesystem::path& path, std::string_view vendor, Check check) {
  std::size_t found = 0;
  sign::for_each_vector(path, [&](json::element vector) {
    if (text(vector, "vendor") != vendor) return;
    ++found;
    check(member(vector, "inputs"), member(vector, "expected"));
  });
  EXPECT_EQ(found, 1u);
}

TEST(signed_vendors, skywork_signs_in_headers_and_streams_whole_replies) {
  ARK_SHARED_OR_SKIP(path, vector_file);
  with_vector(path, "skywork-tiangong", [](json::element in, json::element expected) {
    signed_client t;
    t.give_key("skywork", text(in, "app_key"), text(in, "app_secret"));
    t.answers = {{.pieces = {skywork_stream}}};
    const auto r = t.make().complete({.model = "skywork/default", .messages = {user("hi")}});
    ASSERT_TRUE(r) << to_string(r.error());
    EXPECT_EQ(r->text(), "hi");
    EXPECT_EQ(r->cost.status, cost_status::unknown);
    for (const auto& field : member(expected, "headers").get_object())
      EXPECT_EQ(wire::find_header(t.sent().headers, field.key), json::as_text(field.value));
    EXPECT_EQ(wire::find_header(t.sent().headers, "authorization"), "");
  });
}

TEST(signed_vendors, skyworks_image) {
  signed_client t;
  t.give_key("skywork", "app", "secret");
  t.answers = {
      toy_client::whole(R"({"code":200,"resp_data":{"image_url":"https://i.example/1.png"}})")};
  const auto r = t.make().image({.model = "skywork/default", .prompt = "a cat"});
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->images.at(0).url, "https://i.example/1.png");
  EXPECT_EQ(wire::find_header(t.sent().headers, "app_key"), "app");
}

TEST(signed_vendors, mobvoi_signs_in_the_body) {
  ARK_SHARED_OR_SKIP(path, vector_file);
  with_vector(path, "mobvoi", [](json::element in, json::element expected) {
    signed_client t;
    t.give_key("mobvoi", text(in, "appkey"), text(in, "secret"));
    t.answers = {toy_client::whole(chat_json("hi"))};
    const auto r = t.make().complete(
        {.model = "mobvoi/uclai-large", .messages = {user("hi")}, .max_tokens = 5});
    ASSERT_TRUE(r) << to_string(r.error());
    json::reader reader;
    const auto body = reader.parse(t.sent().body);
    ASSERT_TRUE(body);
    EXPECT_EQ(t.sent().target, "/api/chat/v2/chat");
    EXPECT_EQ(text(*body, "appkey"), text(in, "appkey"));
    EXPECT_EQ(text(*body, "timestamp"), text(in, "timestamp"));
    EXPECT_EQ(text(*body, "signature"), text(expected, "signature"));
    EXPECT_EQ(text(*body, "model"), "uclai-large");
    EXPECT_EQ(json::integer_at(*body, "max_tokens"), 5);
    EXPECT_EQ(wire::find_header(t.sent().headers, "authorization"), "");
  });
}

TEST(signed_vendors, each_attempt_has_its_own_time) {
  signed_client t;
  t.give_key("mobvoi", "app", "secret");
  t.answers = {toy_client::whole("slow down", 429), toy_client::whole(chat_json("hi"))};
  std::optional<result<reply>> got;
  const client c = t.make();
  c.complete_async({.model = "mobvoi/m", .messages = {user("hi")}},
                   [&](result<reply> r) { got = std::move(r); });
  t.loop->drain();
  t.chance.wall += std::chrono::seconds(2);
  t.loop->advance(std::chrono::seconds(2));
  t.loop->drain();
  ASSERT_TRUE(got && *got);
  ASSERT_EQ(t.requests().size(), 2u);
  EXPECT_NE(t.sent(0).body.find(R"("timestamp":"1717243200")"), std::string::npos);
  EXPECT_NE(t.sent(1).body.find(R"("timestamp":"1717243202")"), std::string::npos);
  EXPECT_EQ(t.sent(1).body.find("appkey"), t.sent(1).body.rfind("appkey")) << "signed once";
}

TEST(signed_vendors, a_signature_that_the_vendor_repeats_is_not_shown) {
  signed_client t;
  t.give_key("mobvoi", "app", "key-secret");
  t.net->respond = [](const net::exchange_request& r) {
    const auto at = r.request.body.find("\"signature\":\"");
    const std::string sent = r.request.body.substr(at + 13, 32);
    return toy_client::whole(R"({"error":{"message":"bad signature )" + sent + R"("}})", 401);
  };
  const auto r = t.make().complete({.model = "mobvoi/m", .messages = {user("hi")}});
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
  EXPECT_EQ(r.error().vendor_message, "bad signature ***");
}

/// The block of formats.md that has this line.
std::string documented(std::string_view line) {
  const std::string all = test::read_file(std::string(ARK_SOURCE_ROOT) + "/libark/doc/formats.md");
  const auto at = all.find(std::string(line) + "\n");
  const auto begin = all.rfind("```\n", at), end = all.find("```\n", at);
  if (at == all.npos || begin == all.npos || end == all.npos) {
    ADD_FAILURE() << "formats.md has no block with \"" << line << '"';
    return {};
  }
  return all.substr(begin + 4, end - begin - 4);
}

/// A client that knows the documented service.
struct service_client : signed_client {
  explicit service_client(const std::string& yaml) {
    std::ofstream(folder.file("service.yaml")) << yaml;
    auto book = catalog::load_book({adapters::vendor_rows(), adapters::model_rows()},
                                   {folder.file("")}, {});
    if (!book) {
      ADD_FAILURE() << book.error().message;
      return;
    }
    parts->book = *book;
  }
  temporary_directory folder;
};

TEST(signed_vendors, the_documented_task_is_signed_as_its_vendor_does) {
  ARK_SHARED_OR_SKIP(path, vector_file);
  with_vector(path, "langboat-mengzi", [](json::element in, json::element expected) {
    // What differs: the vector's body has escapes, so its value comes as JSON text.
    std::string yaml = documented("name: langboat");
    const std::string_view from = "\"{{prompt}}\"", to = "{{sample}}";
    ASSERT_NE(yaml.find(from), std::string::npos);
    yaml.replace(yaml.find(from), from.size(), to);
    service_client t(yaml);
    t.give_key("langboat", text(in, "access_key"), text(in, "access_secret"));
    t.chance.number = std::stoull(text(in, "nonce"));
    t.chance.step = 0;
    t.answers = {toy_client::whole(R"({"labels":["x"]})")};
    const auto r = t.make().complete({.model = "langboat/zeroShotTask",
                                      .messages = {user("")},
                                      .extra = {{"sample", R"("\u6d4b\u8bd5")"}}});
    ASSERT_TRUE(r) << to_string(r.error());
    EXPECT_EQ(r->text(), R"({"labels":["x"]})");
    EXPECT_EQ(t.sent().body, text(in, "body"));
    EXPECT_EQ(t.sent().target, "/?action=zeroShotTask&task_id=39");
    EXPECT_EQ(wire::find_header(t.sent().headers, "x-langboat-signature-nonce"), text(in, "nonce"));
    EXPECT_EQ(wire::find_header(t.sent().headers, "date"), text(in, "date"));
    EXPECT_EQ(wire::find_header(t.sent().headers, "authorization"),
              text(expected, "authorization"));
  });
}

TEST(signed_vendors, the_documented_task_as_it_stands_there) {
  service_client t(documented("name: langboat"));
  t.give_key("langboat", "id", "key-secret");
  t.answers = {toy_client::whole("slow down", 429), toy_client::whole(R"({"labels":["x"]})")};
  const auto r =
      t.make().complete({.model = "langboat/zeroShotTask", .messages = {user("测试 \"x\"")}});
  ASSERT_TRUE(r) << to_string(r.error());
  ASSERT_EQ(t.requests().size(), 2u);
  EXPECT_EQ(t.requests()[0].origin.to_string(), "https://open.langboat.com");
  EXPECT_EQ(t.sent(0).body, R"({"sample": "测试 \"x\""})");
  const auto header = [&](std::size_t at, std::string_view name) {
    return std::string(wire::find_header(t.sent(at).headers, name));
  };
  EXPECT_EQ(header(0, "content-md5"), header(1, "content-md5"));
  EXPECT_NE(header(0, "x-langboat-signature-nonce"), header(1, "x-langboat-signature-nonce"));
  EXPECT_NE(header(0, "authorization"), header(1, "authorization"));
}

TEST(signed_vendors, inflections_two_interfaces) {
  signed_client t;
  t.parts->options.keys = keys_from_map(
      {{"inflection", secret("key-12345")}, {"inflection-openai", secret("key-12345")}});
  t.answers = {toy_client::whole(R"({"created":1.5,"text":"hi"})"),
               toy_client::whole(chat_json("hi"))};
  const auto own =
      t.make().complete({.model = "inflection/inflection_3_pi", .messages = {user("hi")}});
  ASSERT_TRUE(own) << to_string(own.error());
  EXPECT_EQ(own->text(), "hi");
  EXPECT_EQ(own->cost.status, cost_status::unknown) << "no usage";
  EXPECT_EQ(wire::find_header(t.sent().headers, "authorization"), "Bearer key-12345");
  const auto other =
      t.make().complete({.model = "inflection-openai/inflection_3_pi", .messages = {user("hi")}});
  ASSERT_TRUE(other) << to_string(other.error());
  EXPECT_EQ(other->usage.input, 5);
  EXPECT_EQ(t.requests()[1].origin.to_string() + t.sent(1).target,
            "https://api.inflection.ai/v1/chat/completions");
}

}  // namespace
}  // namespace ark::testing
