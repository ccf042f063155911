#pragma once
#include <libpq-fe.h>

#include <ark/result.hpp>

namespace ark::pg {

/// The functions of libpq 14 or newer. It is loaded when a shared ledger is first opened: linked,
/// its two dozen libraries would make every start of every program slower (measured: 1.5 -> 29 ms).
struct library {
#define ARK_PQ_FUNCTIONS(each)                                                                     \
  each(PQlibVersion) each(PQconninfoParse) each(PQconninfoFree) each(PQfreemem)                    \
      each(PQconnectStartParams) each(PQconnectPoll) each(PQstatus) each(PQfinish) each(PQsocket)  \
          each(PQsetnonblocking) each(PQsetNoticeReceiver) each(PQerrorMessage)                    \
              each(PQparameterStatus) each(PQserverVersion) each(PQtransactionStatus) each(PQhost) \
                  each(PQdb) each(PQenterPipelineMode) each(PQexitPipelineMode)                    \
                      each(PQpipelineSync) each(PQsendPrepare) each(PQsendQueryPrepared)           \
                          each(PQsendQueryParams) each(PQsendQuery) each(PQflush)                  \
                              each(PQconsumeInput) each(PQisBusy) each(PQgetResult) each(PQclear)  \
                                  each(PQresultStatus) each(PQresultErrorField) each(PQntuples)    \
                                      each(PQgetvalue) each(PQgetlength) each(PQgetisnull)         \
                                          each(PQcmdTuples)
#define ARK_PQ_MEMBER(name) decltype(&::name) name = nullptr;
  ARK_PQ_FUNCTIONS(ARK_PQ_MEMBER)
#undef ARK_PQ_MEMBER
};

/// errc::unsupported where it is not installed or too old. Thread safe; never unloaded.
result<const library*> load_library();

}  // namespace ark::pg
