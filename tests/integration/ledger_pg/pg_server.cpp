#include "tests/integration/ledger_pg/pg_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "ledger_pg/pg_rollup.hpp"

namespace ark::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::string find_programs() {
  std::error_code ignored;
  std::string found;
  for (const auto& each : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored))
    if (std::filesystem::exists(each.path() / "bin/initdb")) found = each.path() / "bin";
  return found;
}

/// The server refuses to run as root.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user != nullptr ? user : ::getpwnam("nobody");
}

pg::deadline soon() { return steady_clock::now() + std::chrono::seconds(20); }

}  // namespace

std::unique_ptr<pg_server> pg_server::start() {
  const std::string programs = find_programs();
  if (programs.empty()) return nullptr;
  std::unique_ptr<pg_server> made(new pg_server(programs));
  if (const passwd* user = other_user())
    if (::chown(made->folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("chown");
  const std::string data = made->folder_.file("data");
  const pid_t init = made->spawn({programs + "/initdb", "-D", data, "-U", "ark", "-A", "trust",
                                  "-E", "UTF8", "--locale=C", "--no-sync"});
  int status = 0;
  if (::waitpid(init, &status, 0) != init || status != 0)
    throw std::runtime_error("initdb failed: see " + made->folder_.file("log"));
  std::ofstream(data + "/pg_hba.conf") << "local all locked scram-sha-256\nlocal all all trust\n";
  std::ofstream(data + "/postgresql.conf", std::ios::app)
      << "listen_addresses = ''\nunix_socket_directories = '" << made->folder_.path()
      << "'\nmax_connections = 100\nshared_buffers = 64MB\n";
  ::setenv("XDG_STATE_HOME", made->folder_.file("state").c_str(), 1);
  made->begin();
  return made;
}

pg_server::~pg_server() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGINT);  // fast shutdown
  ::waitpid(pid_, nullptr, 0);
}

pid_t pg_server::spawn(const std::vector<std::string>& arguments) const {
  const passwd* user = other_user();
  const std::string log = folder_.file("log");
  std::vector<char*> all;
  for (const auto& a : arguments) all.push_back(const_cast<char*>(a.c_str()));
  all.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  if (user != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
                          ::setuid(user->pw_uid) != 0 || ::chdir("/") != 0))
    ::_exit(98);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  ::umask(077);
  ::execv(all[0], all.data());
  ::_exit(99);
}

void pg_server::begin() {
  const auto until = steady_clock::now() + std::chrono::seconds(60);
  while (steady_clock::now() < until) {
    pid_ = spawn({programs_ + "/postgres", "-D", folder_.file("data")});
    // After a kill the memory of its children must be gone first: it ends, and is started again.
    for (;;) {
      if (::waitpid(pid_, nullptr, WNOHANG) == pid_) break;
      if (answers()) return;
      std::this_thread::sleep_for(milliseconds(20));
    }
    std::this_thread::sleep_for(milliseconds(50));
  }
  pid_ = 0;
  throw std::runtime_error("PostgreSQL does not start: see " + folder_.file("log"));
}

void pg_server::kill() {
  // Its children by name, while it can start no more: alone, they may answer once more.
  ::kill(pid_, SIGSTOP);
  ::waitpid(pid_, nullptr, WUNTRACED);
  const std::string id = std::to_string(pid_);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  for (pid_t child = 0; children >> child;) ::kill(child, SIGKILL);
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

std::string pg_server::name(const std::string& user) const {
  return "host=" + folder_.path() + " dbname=postgres user=" + user;
}

pg::connection pg_server::connect() const {
  auto made = pg::connection::open({.text = name(), .write = false}, soon());
  return std::move(made).value();
}

bool pg_server::answers() const {
  return pg::connection::open({.text = name()}, soon()).has_value();
}

std::string pg_server::ask(const std::string& sql) const {
  auto db = connect();
  auto found = db.ask(sql, {}, soon());
  auto& rows = found.value();
  return rows.next() ? std::string(rows.text(0)) : std::string();
}

void pg_server::set_sums_right() const {
  pg::connection db = connect();
  detail::rebuild_rollups(db, soon()).value();
}

void pg_server::wipe() const {
  run("DROP SCHEMA IF EXISTS ark CASCADE");
  std::filesystem::remove_all(folder_.file("state"));
}

void pg_server::run(const std::string& sql) const { connect().script(sql, soon()).value(); }

pg_server* the_server() {
  static const std::unique_ptr<pg_server> one = pg_server::start();
  return one.get();
}

}  // namespace ark::testing
