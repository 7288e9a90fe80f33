#include "tools/provider_emulator/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace editprep::tools::provider_emulator {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// How often a wait looks whether the emulator is to end.
constexpr milliseconds kSlice{100};
/// A client that sends or takes nothing for so long is given up.
constexpr std::chrono::seconds kPatience{60};
/// A client that has closed with data in flight cannot always be told from one that waits.
constexpr std::chrono::minutes kLongestStall{10};
constexpr std::size_t kExcess = 1000;

constexpr std::string_view kContentLength = "Content-Length: ";

bool poll_for(int socket, short events, milliseconds longest) {
    pollfd entry{socket, events, 0};
    return ::poll(&entry, 1, static_cast<int>(longest.count())) > 0 && entry.revents != 0;
}

/// The position of the length's digits in an answer's head.
std::size_t find_length(std::string_view head) {
    const std::size_t at = head.find(kContentLength);
    return at == std::string_view::npos ? at : at + kContentLength.size();
}

std::size_t content_length(std::string_view head) {
    const std::size_t at = find_length(head);
    std::size_t length = 0;
    if (at != std::string_view::npos) {
        std::from_chars(head.data() + at, head.data() + head.size(), length);
    }
    return length;
}

void replace_length(std::string& head, std::size_t length) {
    const std::size_t at = find_length(head);
    if (at != std::string::npos) {
        head.replace(at, head.find("\r\n", at) - at, std::to_string(length));
    }
}

void describe(const sockaddr_storage& address, std::string& text, int& port) {
    if (address.ss_family != AF_INET) {
        return;
    }
    sockaddr_in internet{};
    std::memcpy(&internet, &address, sizeof internet);
    std::array<char, INET_ADDRSTRLEN> buffer{};
    if (::inet_ntop(AF_INET, &internet.sin_addr, buffer.data(), buffer.size()) != nullptr) {
        text = buffer.data();
        port = ntohs(internet.sin_port);
    }
}

}  // namespace

Connection::Connection(socket_t socket, const std::atomic<bool>& stopping)
    : socket_(socket), stopping_(stopping) {}

bool Connection::wait_for_request(milliseconds longest) {
    const auto deadline = Clock::now() + longest;
    while (begin_ == end_ && !poll_for(socket_, POLLIN, kSlice)) {
        if (stopping_ || Clock::now() >= deadline) {
            return false;
        }
    }
    return !stopping_;
}

void Connection::misbehave(const std::optional<Fault>& fault) {
    fault_ = fault;
    head_written_ = false;
    body_left_ = 0;
}

void Connection::wait_until_gone() {
    wait_until_gone_or(Clock::now() + kLongestStall);
    over_ = true;
}

void Connection::wait_until_gone_or(Clock::time_point deadline) const {
    while (!stopping_ && Clock::now() < deadline && !is_gone()) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
        poll_for(socket_, POLLRDHUP, std::clamp(left, milliseconds(0), kSlice));
    }
}

bool Connection::is_gone() const {
    pollfd entry{socket_, POLLRDHUP, 0};
    ::poll(&entry, 1, 0);
    return (entry.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

bool Connection::is_readable() const { return begin_ != end_ || poll_for(socket_, POLLIN, {}); }

bool Connection::is_writable() const { return !over_ && !stopping_ && !is_gone(); }

ssize_t Connection::read(char* bytes, std::size_t size) {
    if (begin_ == end_) {
        if (over_ || !wait_for_request(kPatience)) {
            return -1;
        }
        const ssize_t count = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
        if (count <= 0) {
            return count;
        }
        begin_ = 0;
        end_ = static_cast<std::size_t>(count);
    }
    const std::size_t count = std::min(size, end_ - begin_);
    std::memcpy(bytes, buffer_.data() + begin_, count);
    begin_ += count;
    return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* bytes, std::size_t size) {
    const std::string_view text(bytes, size);
    bool written = false;
    if (over_) {
        return -1;
    }
    if (!head_written_ && text.starts_with("HTTP/1.1 100 ")) {
        written = send_all(text);
    } else if (!head_written_) {
        head_written_ = true;
        written = write_head(std::string(text));
    } else {
        written = write_body(text);
    }
    if (!written) {
        over_ = true;
        return -1;
    }
    return static_cast<ssize_t>(size);
}

bool Connection::write_head(std::string head) {
    const std::size_t length = content_length(head);
    body_left_ = length / 2;
    if (has(FaultKind::drop_before_answer)) {
        return false;
    }
    if (has(FaultKind::stall_headers)) {
        wait_until_gone();
        return false;
    }
    if (has(FaultKind::short_length)) {
        replace_length(head, length / 2);
    } else if (has(FaultKind::long_length)) {
        replace_length(head, length + kExcess);
    }
    return send_all(head);
}

bool Connection::write_body(std::string_view body) {
    if (has(FaultKind::slow_drip)) {
        return drip(body, milliseconds(fault_->number_or(50)));
    }
    if (!has(FaultKind::stall_body) && !has(FaultKind::drop_mid_body)) {
        return send_all(body);
    }
    const std::size_t count = std::min(body.size(), body_left_);
    body_left_ -= count;
    if (!send_all(body.substr(0, count))) {
        return false;
    }
    if (count < body.size() && has(FaultKind::stall_body)) {
        wait_until_gone();
    }
    return count == body.size();
}

bool Connection::drip(std::string_view body, milliseconds pause) {
    for (const char& byte : body) {
        wait_until_gone_or(Clock::now() + pause);
        if (stopping_ || is_gone() || !send_all({&byte, 1})) {
            return false;
        }
    }
    return true;
}

bool Connection::send_all(std::string_view bytes) {
    auto deadline = Clock::now() + kPatience;
    while (!bytes.empty()) {
        if (poll_for(socket_, POLLOUT, kSlice)) {
            const ssize_t count =
                ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0 && errno != EAGAIN && errno != EINTR) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
            deadline = Clock::now() + kPatience;
        } else if (stopping_ || Clock::now() >= deadline) {
            return false;
        }
    }
    return true;
}

void Connection::get_remote_ip_and_port(std::string& address, int& port) const {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&storage), &size) == 0) {
        describe(storage, address, port);
    }
}

void Connection::get_local_ip_and_port(std::string& address, int& port) const {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&storage), &size) == 0) {
        describe(storage, address, port);
    }
}

}  // namespace editprep::tools::provider_emulator
