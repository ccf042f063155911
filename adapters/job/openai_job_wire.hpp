#pragma once
#include "job/job_wire.hpp"

/// The parts of openai_jobs that other families have too. Pure.
namespace ark::adapters::openai_job {

/// A line of results: {custom_id, response{status_code, body}, error}. False: it is none.
bool read_result(json::element e, ark::dialect::batch_line_result& line);
/// A batch's results are the lines of its files, read one after the other: the cursor is the ids of
/// those that are left. First the answer that describes the batch; errc::invalid_request while it
/// has no results.
result<job_answer> files_of_results(const job_request& r, result<job_answer> read);
/// Then each of the files.
job_encoded get_result_file(const job_request& r, const vendor& v);
result<job_answer> read_result_file(const job_request& r, const ark::dialect::answer& a);

}  // namespace ark::adapters::openai_job
