// Three questions at once, in coroutines on an executor of the program's own. No threads are made.
#include <ark/asio.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "example_client.hpp"

namespace asio = boost::asio;

asio::awaitable<void> ask(ark::client client, std::string question, int& right) {
  // A local variable, not a temporary in the call: g++ 12 destroys those of a co_await too early.
  ark::call call{.model = example::model(), .messages = {ark::user(question)}};
  const auto reply = co_await ark::async_complete(client, std::move(call), asio::use_awaitable);
  if (!reply) co_return void(example::failed(reply.error()));
  std::cout << question << " " << reply->text() << "\n";
  ++right;
}

int main() {
  asio::io_context loop;
  auto options = example::options();
  options.executor = ark::on(loop.get_executor());
  int right = 0;
  {
    const ark::client client = ark::standard_client(std::move(options));
    for (const char* question : {"What is 6*7?", "What is 12+30?", "What colour is grass?"})
      asio::co_spawn(loop, ask(client, question, right), asio::detached);
    loop.run();
  }
  return right == 3 ? 0 : 1;
}
