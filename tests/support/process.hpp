#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Running a command as its users do: arguments, environment, folder and streams in, exit code and
/// texts out.
namespace editprep::testing {

/// Where a process's standard output goes.
enum class Output {
    captured,
    /// Not open at all.
    closed,
    /// A pipe that nobody reads any more.
    broken_pipe,
    /// /dev/full, on which every write fails for want of space.
    full_device,
};

struct ProcessOptions {
    std::vector<std::string> arguments{};
    /// Set on top of this process's environment, from which the variables that commands look at
    /// (OPENCLAW_*, MEDIA_GENERATION_*, FAL_*, EDITPREP_*) are removed.
    std::map<std::string, std::string> environment{};
    /// The working folder; empty for this process's own.
    std::filesystem::path folder{};
    /// What standard input reads; /dev/null when unset.
    std::optional<std::filesystem::path> input{};
    Output output = Output::captured;
    /// RLIMIT_FSIZE and RLIMIT_AS.
    std::optional<std::uint64_t> largest_file_bytes{};
    std::optional<std::uint64_t> memory_bytes{};
    /// Obey file permissions even when this process runs as root.
    bool obey_permissions = false;
    std::chrono::seconds time_limit{120};
};

struct ProcessResult {
    /// -1 when a signal ended the process.
    int exit_code = -1;
    /// 0 when it ended by itself.
    int signal = 0;
    bool timed_out = false;
    std::string out;
    std::string err;
};

/// Throws std::system_error when the program cannot be started.
[[nodiscard]] ProcessResult run_process(const std::filesystem::path& program,
                                        const ProcessOptions& options);

}  // namespace editprep::testing
