#include "ledger_pg/pg_connection.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "os/os.hpp"

namespace ark::pg {
namespace {

/// A transaction that its client forgot (a machine that sleeps, a cable) holds no lock for longer.
/// A lock is waited for less than a commit may take. Names are looked up in no other schema.
constexpr const char* settings =
    "SET search_path = pg_catalog; SET TimeZone = 'UTC'; SET lock_timeout = '5s';"
    "SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = 'warning';"
    "SET default_transaction_isolation = 'read committed'; SET bytea_output = 'hex';";
/// A writer looks rows up by their keys and nothing else: a plan made while the tables were empty
/// must not read them whole for the rest of the connection. An acknowledged commit is on the disk.
constexpr const char* writer_settings =
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
    "SELECT pg_catalog.set_config('synchronous_commit', 'on', false)"
    " WHERE pg_catalog.current_setting('synchronous_commit') = 'off';";

error cannot(const std::string& name, const std::string& why) {
  return {.code = errc::ledger,
          .message = "cannot use the ledger in PostgreSQL" +
                     (name.empty() ? std::string() : " (" + name + ")") + ": " + why};
}

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

bool is_connection_class(std::string_view sqlstate) {
  // 57P: the server is shut down, crashed or starts. 25006: it became a standby.
  return sqlstate.starts_with("08") || sqlstate.starts_with("57P") || sqlstate == "25006";
}

bool is_passing(std::string_view sqlstate) {
  return is_connection_class(sqlstate) || sqlstate == "40001" || sqlstate == "40P01" ||
         sqlstate == "55P03" || sqlstate == "53300";
}

}  // namespace

std::string_view advice(std::string_view sqlstate) noexcept {
  if (sqlstate == "53100")
    return "the server's disk is full: free some space there; outcomes are kept for the next "
           "commit";
  if (sqlstate == "42501")
    return "the user may not do this: grant it USAGE on schema ark, and SELECT and INSERT on its "
           "tables, or let the owner open the ledger once";
  if (sqlstate == "53300") return "the server has no connection left: raise max_connections";
  if (sqlstate == "25006") return "the server is a standby that only reads: name the primary";
  if (sqlstate == "55P03")
    return "somebody kept a row or table of the ledger locked for too long: try again";
  return {};
}

result<void> check(const target& to) {
  auto pq = load_library();
  if (!pq) return pq.error();
  char* why = nullptr;
  PQconninfoOption* options = (*pq)->PQconninfoParse(to.text.c_str(), &why);
  // Its own words may quote the text, and so a password.
  if (why != nullptr) (*pq)->PQfreemem(why);
  if (options == nullptr)
    return error{.code = errc::config,
                 .message =
                     "the ledger's name is neither a file nor a PostgreSQL connection: write "
                     "postgresql://USER@HOST:PORT/DATABASE"};
  bool secret_inside = false;
  for (const auto* o = options; o->keyword != nullptr; ++o)
    if (o->val != nullptr &&
        (std::strcmp(o->keyword, "password") == 0 || std::strcmp(o->keyword, "sslpassword") == 0))
      secret_inside = true;
  (*pq)->PQconninfoFree(options);
  if (!secret_inside) return {};
  return error{.code = errc::config,
               .message =
                   "the ledger's name has a password in it, which others could see: put it "
                   "into ~/.pgpass or PGPASSWORD (a program: ledger_options::password)"};
}

address address_of(const target& to) {
  address found;
  auto pq = load_library();
  PQconninfoOption* options = pq ? (*pq)->PQconninfoParse(to.text.c_str(), nullptr) : nullptr;
  if (options == nullptr) return found;
  for (const auto* o = options; o->keyword != nullptr; ++o) {
    const std::string_view key = o->keyword;
    if (o->val == nullptr) continue;
    if (key == "dbname") found.database = o->val;
    if (key == "host" || key == "hostaddr" || key == "port" || key == "service")
      found.where += std::string(key) + "=" + o->val + " ";
  }
  (*pq)->PQconninfoFree(options);
  return found;
}

std::int64_t rows::changed() const noexcept {
  const std::string_view text = pq_->PQcmdTuples(handle_.get());
  std::int64_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

bool rows::is_null(int column) noexcept {
  return pq_->PQgetisnull(handle_.get(), at_, column) != 0;
}

std::int64_t rows::integer(int column) noexcept {
  const std::string_view from = text(column);
  std::int64_t n = 0;
  std::from_chars(from.data(), from.data() + from.size(), n);
  return n;
}

std::string_view rows::text(int column) noexcept {
  return {pq_->PQgetvalue(handle_.get(), at_, column),
          static_cast<std::size_t>(pq_->PQgetlength(handle_.get(), at_, column))};
}

result<connection> connection::open(const target& to, deadline until) {
  auto pq = load_library();
  if (!pq) return pq.error();
  connection made;
  made.pq_ = *pq;
  if (auto done = made.connect(to, until); !done) return done.error();
  if (auto done = made.settle(to, until); !done) return done.error();
  return made;
}

result<void> connection::connect(const target& to, deadline until) {
  const std::string password(to.password.reveal_secret());
  // What comes before `dbname` yields to the text, what comes after it does not.
  std::vector<const char*> keys = {"target_session_attrs", "keepalives_idle",
                                   "keepalives_interval",  "keepalives_count",
                                   "tcp_user_timeout",     "dbname"};
  std::vector<const char*> values = {
      to.write ? "read-write" : "any", "10", "5", "3", "30000", to.text.c_str()};
  keys.insert(keys.end(), {"client_encoding", "fallback_application_name"});
  values.insert(values.end(), {"UTF8", "libark"});
  if (!password.empty()) {
    keys.push_back("password");
    values.push_back(password.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  handle_ = {pq_->PQconnectStartParams(keys.data(), values.data(), 1), {pq_}};
  if (!handle_) return cannot(name_, "no memory");
  pq_->PQsetNoticeReceiver(handle_.get(), [](void*, const PGresult*) {}, nullptr);
  auto polled = PGRES_POLLING_WRITING;
  while (polled != PGRES_POLLING_OK) {
    if (polled == PGRES_POLLING_FAILED || pq_->PQstatus(handle_.get()) == CONNECTION_BAD)
      return lost_error();
    if (auto ready = wait(polled == PGRES_POLLING_READING ? POLLIN : POLLOUT, until); !ready)
      return ready;
    polled = pq_->PQconnectPoll(handle_.get());
  }
  const char* host = pq_->PQhost(handle_.get());
  name_ = std::string(pq_->PQdb(handle_.get())) + " at " + (host != nullptr ? host : "?");
  pq_->PQsetnonblocking(handle_.get(), 1);
  return {};
}

result<void> connection::settle(const target& to, deadline until) {
  const char* encoding = pq_->PQparameterStatus(handle_.get(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8")
    return cannot(name_, "its database is not in UTF-8: make one with ENCODING 'UTF8'");
  return script(to.write ? std::string(settings) + writer_settings : settings, until);
}

bool connection::lost() const noexcept {
  return !handle_ || pq_->PQstatus(handle_.get()) == CONNECTION_BAD;
}

void connection::queue(const statement& what, parameters with) {
  queue_.push_back({.prepared = what.name, .sql = what.sql, .with = std::move(with)});
}

void connection::queue(std::string_view sql, parameters with, std::shared_ptr<void> owner) {
  queue_.push_back({.prepared = {},
                    .sql = std::string(sql),
                    .with = std::move(with),
                    .owner = std::move(owner)});
}

result<std::vector<rows>> connection::flush(deadline until) {
  may_repeat_ = false;
  if (lost()) {
    queue_.clear();
    return lost_error();
  }
  std::vector<queued> all = std::move(queue_);
  queue_.clear();
  std::vector<bool> is_answer;
  bool sent = pq_->PQenterPipelineMode(handle_.get()) == 1;
  for (const queued& q : all) sent = sent && send_one(q, is_answer);
  if (!sent || pq_->PQpipelineSync(handle_.get()) != 1) return lost_error();
  auto answers = receive(is_answer, until);
  if (!answers) {
    // Which of them were prepared is not known now: recover() forgets them all.
    prepared_.clear();
    return answers;
  }
  pq_->PQexitPipelineMode(handle_.get());
  return answers;
}

bool connection::send_one(const queued& q, std::vector<bool>& is_answer) {
  const auto values = q.with.values();
  const int count = static_cast<int>(values.size());
  const auto* types = reinterpret_cast<const Oid*>(q.with.types().data());
  const std::vector<int> binary(values.size(), 1);
  if (q.prepared.empty()) {
    is_answer.push_back(true);
    return pq_->PQsendQueryParams(handle_.get(), q.sql.c_str(), count, types, values.data(),
                                  q.with.lengths().data(), binary.data(), 0) == 1;
  }
  if (!prepared_.contains(q.prepared)) {
    if (pq_->PQsendPrepare(handle_.get(), q.prepared.c_str(), q.sql.c_str(), count, types) != 1)
      return false;
    prepared_.insert(q.prepared);
    is_answer.push_back(false);
  }
  is_answer.push_back(true);
  return pq_->PQsendQueryPrepared(handle_.get(), q.prepared.c_str(), count, values.data(),
                                  q.with.lengths().data(), binary.data(), 0) == 1;
}

result<std::vector<rows>> connection::receive(const std::vector<bool>& is_answer, deadline until) {
  std::vector<rows> answers;
  std::optional<error> why;
  std::size_t at = 0;
  for (;;) {
    auto next = next_result(until);
    if (!next) return next.error();
    if (*next == nullptr) continue;  // the end of one statement's results
    rows one(*pq_, *next);
    const auto status = pq_->PQresultStatus(*next);
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      if (!why && status != PGRES_PIPELINE_ABORTED) why = failed(*next);
    } else if (at < is_answer.size() && is_answer[at]) {
      answers.push_back(std::move(one));
    }
    ++at;
  }
  if (!why) return answers;
  pq_->PQexitPipelineMode(handle_.get());
  return *why;
}

result<rows> connection::ask(std::string_view sql, parameters with, deadline until) {
  queue(sql, std::move(with));
  auto answers = flush(until);
  if (!answers) return answers.error();
  return std::move(answers->back());
}

result<void> connection::script(const std::string& sql, deadline until) {
  may_repeat_ = false;
  if (lost() || pq_->PQsendQuery(handle_.get(), sql.c_str()) != 1) return lost_error();
  std::optional<error> why;
  for (;;) {
    auto next = next_result(until);
    if (!next) return next.error();
    if (*next == nullptr) break;
    const rows one(*pq_, *next);
    const auto status = pq_->PQresultStatus(*next);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !why) why = failed(*next);
  }
  if (why) return *why;
  return {};
}

result<void> connection::recover(deadline until) {
  if (auto done = script("ROLLBACK", until); !done) return done;
  prepared_.clear();
  return script("DEALLOCATE ALL", until);
}

result<PGresult*> connection::next_result(deadline until) {
  for (;;) {
    const int unsent = pq_->PQflush(handle_.get());
    if (unsent < 0) return lost_error();
    if (pq_->PQisBusy(handle_.get()) == 0) break;
    if (auto ready = wait(unsent == 1 ? POLLIN | POLLOUT : POLLIN, until); !ready)
      return ready.error();
    if (pq_->PQconsumeInput(handle_.get()) != 1) return lost_error();
  }
  PGresult* next = pq_->PQgetResult(handle_.get());
  if (next == nullptr && lost()) return lost_error();
  return next;
}

result<void> connection::wait(short events, deadline until) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - os::real().steady_now());
    if (left.count() <= 0) return late();
    pollfd socket{.fd = pq_->PQsocket(handle_.get()), .events = events, .revents = 0};
    if (socket.fd < 0) return lost_error();
    const int ready =
        ::poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left.count() + 1, 60'000)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return lost_error();
  }
}

error connection::failed(const PGresult* why) {
  const auto field = [&](int code) -> std::string {
    const char* text = pq_->PQresultErrorField(why, code);
    return text != nullptr ? text : "";
  };
  const std::string sqlstate = field(PG_DIAG_SQLSTATE);
  // Not the detail, the hint or the context: they quote values.
  const std::string words = one_line(field(PG_DIAG_MESSAGE_PRIMARY));
  may_repeat_ = sqlstate.empty() || is_passing(sqlstate);
  const std::string_view known = advice(sqlstate);
  error made = cannot(name_, (known.empty() ? words : std::string(known)) + " (SQLSTATE " +
                                 (sqlstate.empty() ? "none" : sqlstate) + ")");
  if (sqlstate.empty() || is_connection_class(sqlstate)) close();
  return made;
}

error connection::lost_error() {
  std::string words = "the connection is closed";
  if (handle_) words = one_line(pq_->PQerrorMessage(handle_.get()));
  may_repeat_ = true;
  close();
  return cannot(name_, words);
}

error connection::late() {
  may_repeat_ = true;
  close();
  return cannot(name_, "the server did not answer in time");
}

}  // namespace ark::pg
