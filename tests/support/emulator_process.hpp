#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace editprep::testing {

struct EmulatorReply {
    /// 0 when the connection broke before the answer was whole.
    int status = 0;
    /// Names in lower case.
    std::map<std::string, std::string> headers{};
    std::string body{};
};

/// The command provider_emulator as a process of its own, on a free port.
class EmulatorProcess {
public:
    /// @param arguments on top of `--port 0`; waits until the emulator says that it listens
    /// @param environment on top of this process's own
    explicit EmulatorProcess(const std::filesystem::path& program,
                             const std::vector<std::string>& arguments = {},
                             const std::map<std::string, std::string>& environment = {});
    /// Ends it.
    ~EmulatorProcess();
    EmulatorProcess(const EmulatorProcess&) = delete;
    EmulatorProcess& operator=(const EmulatorProcess&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// `http://127.0.0.1:<port>`
    [[nodiscard]] std::string url() const;
    /// EDITPREP_FAL_*_URL, and a FAL_KEY that the emulator accepts.
    [[nodiscard]] std::map<std::string, std::string> fal_environment() const;

    /// One request on a connection of its own, for what no command sends. Redirects are not
    /// followed.
    [[nodiscard]] EmulatorReply send(const std::string& method, const std::string& target,
                                     const std::map<std::string, std::string>& headers = {},
                                     const std::string& body = {}) const;

    /// The text of a GET, for the emulator's own pages; throws std::runtime_error on any failure.
    [[nodiscard]] std::string get(const std::string& path) const;
    /// Switches a fault on while it runs; throws std::runtime_error when it is refused.
    void add_fault(const std::string& specification) const;
    void clear_faults() const;

    /// Asks it to end as a service manager would, and waits; the exit code, -1 after a signal.
    int stop();

private:
    int pid_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace editprep::testing
