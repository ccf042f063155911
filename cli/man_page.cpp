#include "cli/help.hpp"

namespace ark::cli {
namespace {

/// Text for roff: backslashes and hyphens as themselves, no line that begins with a control
/// character.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  if (out.starts_with('.') || out.starts_with('\'')) out = "\\&" + out;
  return out;
}

void add_options(std::string& out, const std::vector<option_text>& list) {
  for (const auto& each : list) {
    out += ".TP\n";
    std::string names;
    for (const auto& name : each.names) names += (names.empty() ? "" : ", ") + roff(name);
    out += "\\fB" + names + "\\fR";
    if (!each.positional && !each.value.empty()) out += " \\fI" + roff(each.value) + "\\fR";
    out += "\n" + roff(each.meaning);
    std::string choices;
    for (const auto& word : each.choices) choices += (choices.empty() ? "" : ", ") + word;
    if (!choices.empty()) out += " (" + roff(choices) + ")";
    out += ".\n";
  }
}

void add_command(std::string& out, const command_text& what) {
  out += ".SS " + roff(what.name) + "\n" + roff(what.summary) + ".\n";
  for (const auto& each : what.examples) {
    out += ".PP\n.nf\n.RS 4\n" + roff(each.command) + "\n.RE\n.fi\n";
    if (!each.meaning.empty()) out += ".RS 8\n" + roff(each.meaning) + ".\n.RE\n";
  }
  add_options(out, what.arguments);
  add_options(out, what.options);
  for (const auto& each : what.verbs) add_command(out, each);
}

}  // namespace

std::string man_page(const command_text& ark) {
  std::string out =
      ".\\\" Made by: ark man\n.TH ARK 1 \"\" \"ark " ARK_VERSION "\" \"User commands\"\n";
  out += ".SH NAME\nark \\- " + roff("one interface to every vendor's models") + "\n";
  out += ".SH SYNOPSIS\n\\fBark\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n";
  out += ".SH OPTIONS OF EVERY COMMAND\n";
  add_options(out, ark.options);
  out += ".SH COMMANDS\n";
  for (const auto& each : ark.verbs) add_command(out, each);
  out += ".SH EXIT STATUS\n";
  const std::pair<const char*, const char*> codes[] = {
      {"0", "Done. A reader of the output that went away is no failure."},
      {"1", "The answer is no: a check failed, a budget refused, no model fits."},
      {"2", "Wrong usage: the command line, a file or the configuration. Nothing was sent."},
      {"3", "The vendor, the network or this machine failed."},
      {"130", "Interrupted; what was running is settled in the ledger."}};
  for (const auto& [code, meaning] : codes) {
    out += std::string{".TP\n\\fB"} + code + "\\fR\n" + roff(meaning) + "\n";
  }
  out +=
      ".SH FILES\n.TP\n\\fI~/.config/ark/config.yaml\\fR, \\fI./ark.yaml\\fR\n"
      "Settings of the user and of the project; \\fBark config explain\\fR shows their sum.\n"
      ".TP\n\\fI~/.config/ark/keys\\fR\nKeys, mode 0600; \\fBark keys\\fR.\n"
      ".TP\n\\fI~/.local/state/ark/ledger.sqlite\\fR\nThe usage ledger.\n";
  out +=
      ".SH ENVIRONMENT\n.TP\n\\fBARK_CONFIG\\fR, \\fBARK_LEDGER\\fR, \\fBARK_MODEL\\fR, ...\n"
      "One variable for each setting; \\fBark config explain \\-\\-all\\fR names them.\n"
      ".TP\n\\fBARK_\\fIVENDOR\\fB_BASE_URL\\fR, \\fBARK_\\fIVENDOR\\fB_KEY\\fR\n"
      "Another address for a vendor, and the key for that address.\n"
      ".TP\n\\fBHTTPS_PROXY\\fR, \\fBNO_PROXY\\fR, \\fBSSL_CERT_FILE\\fR, \\fBSSL_CERT_DIR\\fR, "
      "\\fBNO_COLOR\\fR\nAs elsewhere.\n";
  return out;
}

}  // namespace ark::cli
