#pragma once

#include <cstdint>
#include <string>

/// Both ends of an upload over the loopback, without a library for HTTP. Failures of the system are
/// std::system_error, other answers than 200 std::runtime_error.
namespace editprep::benchmarks {

/// Posts as many bytes as the file's data URI has, reading the file but encoding nothing.
void send_file(const std::string& path, std::uint16_t port);

/// Prints the port that it listens on, and answers every POST with an empty JSON object, until it
/// is killed.
[[noreturn]] void serve_uploads();

}  // namespace editprep::benchmarks
