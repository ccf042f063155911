#include "tests/support/fake_net.hpp"

namespace ark::testing {

struct fake_transport::running final : net::exchange {
  running(fake_transport& o, net::exchange_handler& h, answer s)
      : owner(o), handler(h), script(std::move(s)) {}
  ~running() override {
    *alive = false;
    if (!ended) ++owner.aborted;
  }
  void pause() override {
    ++owner.paused;
    is_paused = true;
  }
  void resume() override {
    is_paused = false;
    later([this] { next_piece(); });
  }
  void later(std::function<void()> work) {
    owner.loop_->post([flag = alive, work = std::move(work)] {
      if (*flag) work();
    });
  }
  void begin() {
    later([this] {
      if (script.failure && !script.failure->request_begun) return end();
      handler.on_sending();
      later([this] {
        handler.on_sent();
        later([this] {
          if (script.status != 0) handler.on_head({script.status, script.headers});
          next_piece();
        });
      });
    });
  }
  void next_piece() {
    if (is_paused) return;
    if (position == script.pieces.size()) {
      if (!script.hangs) later([this] { end(); });
      return;
    }
    later([this] {
      const auto still = alive;
      handler.on_body(script.pieces[position++]);
      if (*still) next_piece();
    });
  }
  void end() {
    ended = true;
    handler.on_end(std::move(script.failure));
  }
  fake_transport& owner;
  net::exchange_handler& handler;
  answer script;
  std::size_t position = 0;
  bool is_paused = false, ended = false;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

std::unique_ptr<net::exchange> fake_transport::start(net::exchange_request request,
                                                     net::exchange_handler& handler) {
  requests.push_back(std::move(request));
  answer script;
  if (!answers.empty()) {
    script = std::move(answers.front());
    answers.pop_front();
  }
  auto made = std::make_unique<running>(*this, handler, std::move(script));
  made->begin();
  return made;
}

}  // namespace ark::testing
