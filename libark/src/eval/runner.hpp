#pragma once
#include <ark/client.hpp>

#include <functional>
#include <string>
#include <vector>

#include "eval/results_file.hpp"
#include "eval/row.hpp"
#include "eval/suite.hpp"

namespace ark::eval {

/// What is still to be asked: the questions without a row, and those whose row is an error.
std::vector<question> pending(std::vector<question> all, const std::vector<row>& done);

/// The row of a question that was answered, or not.
row make_row(const question& q, const result<reply>& answer);

struct run_options {
  int concurrency = 8;
  std::string run;                         ///< for the ledger
  std::function<void(const row&)> on_row;  ///< after each row is durable; may be empty
  /// Given, before anything is asked, a function that any thread may call to stop the run; it must
  /// not be called once `run_questions` has returned. May be empty.
  std::function<void(std::function<void()>)> on_begin;
};

/// Asks all questions, `concurrency` of them in flight, and appends each row as it comes. Runs on
/// the calling thread until all is done. When a row cannot be written nothing more is asked, what
/// is in flight is cancelled, and that error is returned; a call's failure is a row. A run that is
/// stopped asks nothing more and cancels what is in flight, which then has no row.
result<void> run_questions(const client& c, const std::vector<question>& questions,
                           results_file& results, const run_options& options);

}  // namespace ark::eval
