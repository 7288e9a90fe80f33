#pragma once

#include <string_view>

/// Standard output and error as plain descriptors: a result that could not be written must not look
/// like success, which buffered streams make easy to miss.
namespace editprep::tools {

/// Puts a placeholder where one of the descriptors 0, 1, 2 is closed, so that no file that is
/// opened later takes its number and is mistaken for it. Writing to a placeholder fails.
void reserve_standard_descriptors() noexcept;

/// Writes everything; throws Failure with the reason.
void write_to_stdout(std::string_view text);

/// Writes what can be written. There is nobody left to tell when it cannot.
void write_to_stderr(std::string_view text) noexcept;

}  // namespace editprep::tools
