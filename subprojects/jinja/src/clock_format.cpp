#include "clock_format.hpp"

#include <ctime>

namespace jinja {

std::string clock_text(std::string_view format, std::int64_t seconds) {
  const std::time_t when = seconds;
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  parts.tm_zone = "";
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    std::string one = "%";
    ++i;
    if (format[i] == '-' || format[i] == '_' || format[i] == '^' || format[i] == '#' ||
        format[i] == '0')
      one += format[i++];
    if (i == format.size()) break;
    one += format[i];
    if (format[i] == 'f') {
      out += "000000";
      continue;
    }
    if (format[i] == 'z' || format[i] == 'Z') continue;  // a time without a zone has none to tell
    char buffer[256];
    out.append(buffer, std::strftime(buffer, sizeof buffer, one.c_str(), &parts));
  }
  return out;
}

}  // namespace jinja
