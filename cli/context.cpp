#include "cli/context.hpp"

#include "base/json.hpp"
#include "cli/settings.hpp"

namespace ark::cli {
namespace {

std::string error_json(const error& failure) {
  std::string out;
  json::writer w{out};
  w.begin_object().key("error").begin_object();
  w.key("code").string(to_string(failure.code));
  w.key("retry_class").string(to_string(failure.retry));
  w.key("http_status").number(static_cast<std::int64_t>(failure.http_status));
  w.key("message").string(failure.message);
  w.key("vendor_message").string(failure.vendor_message);
  w.key("vendor_code").string(failure.vendor_code);
  w.key("request_id").string(failure.request_id);
  w.key("retry_after_ms");
  failure.retry_after ? w.number(static_cast<std::int64_t>(failure.retry_after->count()))
                      : w.null();
  w.key("attempt").number(static_cast<std::int64_t>(failure.attempt));
  w.end_object().end_object();
  return out;
}

}  // namespace

context::context(os::system& machine_, input& standard_in, output& standard_out,
                 output& standard_error)
    : machine(machine_), in(standard_in), out(standard_out), err(standard_error) {}

context::~context() = default;

bool context::colour() const {
  if (!err.is_terminal() || machine.environment("TERM") == "dumb") return false;
  const auto no = machine.environment("NO_COLOR");
  return !no || no->empty();
}

result<const settings*> context::configuration() {
  if (!settings_) {
    auto loaded = load_settings(machine, flags);
    if (!loaded) return loaded.error();
    settings_ = std::make_unique<settings>(std::move(*loaded));
  }
  return settings_.get();
}

exit_code context::fail(const error& failure) {
  const auto code = exit_code_of(failure);
  if (json()) out.line(error_json(failure));
  begin_message();
  const std::string start = colour() ? "\x1b[1;31merror:\x1b[0m " : "error: ";
  const auto shown = [this](const std::string& text) {
    return err.is_terminal() ? printable(text) : text;
  };
  err.write(start).line(
      shown(failure.message.empty() ? std::string{to_string(failure.code)} : failure.message));
  if (!failure.vendor_message.empty()) {
    err.line("  the vendor says: " + shown(failure.vendor_message));
  }
  if (!failure.request_id.empty()) err.line("  request id: " + shown(failure.request_id));
  err.flush();
  return code;
}

exit_code context::wrong_usage(const std::string& message) {
  error e;
  e.code = errc::invalid_request;
  e.message = message;
  return fail(e);
}

void context::begin_message() {
  if (out.is_terminal() && err.is_terminal()) out.end_line();
  // What was printed so far comes first where both streams are one terminal.
  out.flush();
  err.end_line();
}

void context::note(std::string_view message) {
  if (!flags.quiet) warn(message);
}

void context::warn(std::string_view message) {
  begin_message();
  err.line(err.is_terminal() ? printable(message) : std::string{message}).flush();
}

}  // namespace ark::cli
