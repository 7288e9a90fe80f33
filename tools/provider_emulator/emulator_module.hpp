#pragma once

/// The HTTP library of the emulator brings OpenSSL and the shared C++ runtime with it, which is
/// most of a start, so everything but the command line sits in a module of its own.
namespace editprep::tools::provider_emulator {

inline constexpr const char* kEmulatorModule = "editprep_emulator";
inline constexpr const char* kEmulatorSymbol = "editprep_emulate";
/// Takes main()'s arguments, and returns what main() returns.
using EmulateFunction = int (*)(int argument_count, char** arguments) noexcept;

}  // namespace editprep::tools::provider_emulator
