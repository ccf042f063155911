#pragma once
/// Everything a program needs. Standard library and boost::system::result only.
#include <ark/call.hpp>
#include <ark/catalog.hpp>
#include <ark/client.hpp>
#include <ark/error.hpp>
#include <ark/event.hpp>
#include <ark/keys.hpp>
#include <ark/ledger.hpp>
#include <ark/message.hpp>
#include <ark/money.hpp>
#include <ark/reply.hpp>
#include <ark/result.hpp>
#include <ark/secret.hpp>
#include <ark/stream.hpp>
#include <ark/usage.hpp>
#include <ark/version.hpp>
