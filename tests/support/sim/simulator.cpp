#include "sim/server.hpp"

#include <unistd.h>
#include <ark/testing.hpp>
#include <cstdlib>

namespace ark::testing {

struct simulator::impl {
  std::unique_ptr<engine> brain;
  std::unique_ptr<server> sockets;
  std::string ca_file;
  bool tls = false;

  ~impl() {
    sockets.reset();
    if (!ca_file.empty()) ::unlink(ca_file.c_str());
  }
};

namespace {

result<std::string> write_temporary(const std::string& text) {
  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string(folder && *folder ? folder : "/tmp") + "/ark-sim-ca-XXXXXX.pem";
  const int file = ::mkstemps(path.data(), 4);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (file >= 0) ::close(file);
  if (!written)
    return error{.code = errc::config,
                 .message = "the simulator cannot write its authority's certificate to " + path};
  return path;
}

}  // namespace

simulator::simulator(std::shared_ptr<impl> state) noexcept : impl_(std::move(state)) {}
simulator::simulator(simulator&&) noexcept = default;
simulator& simulator::operator=(simulator&& other) noexcept {
  if (this == &other) return *this;
  stop();
  impl_ = std::move(other.impl_);
  return *this;
}
simulator::~simulator() { stop(); }

result<simulator> simulator::start(simulator_options options) {
  auto state = std::make_shared<impl>();
  auto brain = engine::make(options);
  if (!brain) return brain.error();
  state->brain = std::move(*brain);
  state->tls = options.tls;
  std::optional<certificate> tls;
  if (options.tls) {
    auto made = make_certificate();
    if (!made) return made.error();
    tls = std::move(*made);
    auto file = write_temporary(tls->ca_pem);
    if (!file) return file.error();
    state->ca_file = *file;
  }
  auto sockets = server::start(options.port, options.max_body_bytes, tls, *state->brain);
  if (!sockets) return sockets.error();
  state->sockets = std::move(*sockets);
  return simulator(std::move(state));
}

std::string simulator::origin() const {
  return std::string(impl_->tls ? "https" : "http") + "://127.0.0.1:" + std::to_string(port());
}

std::string simulator::base_url(std::string_view dialect) const {
  return origin() + (dialect == "volcengine" ? "/api/v3" : "/v1");
}

int simulator::port() const noexcept { return impl_->sockets->port(); }
std::string simulator::ca_file() const { return impl_->ca_file; }
std::vector<journal_entry> simulator::journal() const { return impl_->brain->journal(); }
void simulator::clear_journal() { impl_->brain->clear_journal(); }
result<void> simulator::add_fault(std::string_view rule) { return impl_->brain->add_fault(rule); }
void simulator::clear_faults() { impl_->brain->clear_faults(); }
void simulator::add_answer(scripted_answer one) { impl_->brain->add_answer(std::move(one)); }
void simulator::stop() {
  if (impl_) impl_->sockets->stop();
}

}  // namespace ark::testing
