#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tools/provider_emulator/faults.hpp"

namespace editprep::tools::provider_emulator {

/// An accepted connection as the HTTP library's stream, which can be told to misbehave while one
/// request is answered.
class Connection final : public httplib::Stream {
public:
    /// @param socket   not owned
    /// @param stopping ends every wait when it is raised
    Connection(socket_t socket, const std::atomic<bool>& stopping);

    /// Waits for the first byte of a request; false when none comes.
    [[nodiscard]] bool wait_for_request(std::chrono::milliseconds longest);

    /// How the answer that follows goes wrong. Faults of other stages than `wire` change nothing.
    void misbehave(const std::optional<Fault>& fault);
    /// Waits until the other side has closed.
    void wait_until_gone();
    /// True once nothing more can or must be sent.
    [[nodiscard]] bool over() const noexcept { return over_; }

    [[nodiscard]] bool is_readable() const override;
    [[nodiscard]] bool is_writable() const override;
    ssize_t read(char* bytes, std::size_t size) override;
    ssize_t write(const char* bytes, std::size_t size) override;
    void get_remote_ip_and_port(std::string& address, int& port) const override;
    void get_local_ip_and_port(std::string& address, int& port) const override;
    [[nodiscard]] socket_t socket() const override { return socket_; }

private:
    void wait_until_gone_or(std::chrono::steady_clock::time_point deadline) const;
    [[nodiscard]] bool write_head(std::string head);
    [[nodiscard]] bool write_body(std::string_view body);
    [[nodiscard]] bool drip(std::string_view body, std::chrono::milliseconds pause);
    [[nodiscard]] bool send_all(std::string_view bytes);
    [[nodiscard]] bool is_gone() const;
    [[nodiscard]] bool has(FaultKind kind) const { return fault_ && fault_->kind == kind; }

    socket_t socket_;
    const std::atomic<bool>& stopping_;
    std::array<char, 16384> buffer_{};
    std::size_t begin_ = 0;
    std::size_t end_ = 0;

    std::optional<Fault> fault_;
    bool head_written_ = false;
    /// Bytes of the body that may still go out before the fault strikes.
    std::size_t body_left_ = 0;
    bool over_ = false;
};

}  // namespace editprep::tools::provider_emulator
