#include "loopback_floors.hpp"

#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

#include "file_floors.hpp"

namespace editprep::benchmarks {
namespace {

/// Whole groups of three bytes, as base64 takes them.
constexpr std::size_t kPieceBytes = std::size_t{192} << 10;
constexpr std::size_t kReceiveBytes = std::size_t{1} << 20;
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
    "Connection: close\r\n\r\n{}";

[[noreturn]] void fail(const char* subject) {
    throw std::system_error(errno, std::generic_category(), subject);
}

std::size_t base64_length(std::size_t size) { return (size + 2) / 3 * 4; }

Descriptor open_socket() { return {::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"}; }

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void send_all(const Descriptor& socket, std::span<const char> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0) {
            fail("send");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

/// 0 at the end.
std::size_t receive(const Descriptor& socket, std::span<char> buffer) {
    const ssize_t count = ::recv(socket.number(), buffer.data(), buffer.size(), 0);
    if (count < 0) {
        fail("recv");
    }
    return static_cast<std::size_t>(count);
}

/// The value of a request's Content-Length.
std::size_t content_length(std::string_view head) {
    constexpr std::string_view kName = "\r\ncontent-length:";
    const auto same = [](char a, char b) { return ::strncasecmp(&a, &b, 1) == 0; };
    const auto found = std::search(head.begin(), head.end(), kName.begin(), kName.end(), same);
    if (found == head.end()) {
        return 0;
    }
    const auto at = static_cast<std::size_t>(found - head.begin()) + kName.size();
    return std::stoull(std::string(head.substr(at)));
}

/// Takes a request and throws its body away.
void take_request(const Descriptor& socket, std::span<char> buffer) {
    std::string head;
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
        const std::size_t count = receive(socket, buffer);
        if (count == 0) {
            return;
        }
        head.append(buffer.data(), count);
        end = head.find(kHeadEnd);
    }
    const std::size_t wanted =
        end + kHeadEnd.size() + content_length(std::string_view(head).substr(0, end));
    for (std::size_t got = head.size(); got < wanted;) {
        const std::size_t count = receive(socket, buffer);
        if (count == 0) {
            return;
        }
        got += count;
    }
}

std::uint16_t listen_on_free_port(const Descriptor& socket) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.number(), generic, size) != 0 || ::listen(socket.number(), 8) != 0 ||
        ::getsockname(socket.number(), generic, &size) != 0) {
        fail("listen");
    }
    return ntohs(address.sin_port);
}

}  // namespace

void send_file(const std::string& path, std::uint16_t port) {
    const Descriptor file = open_to_read(path);
    const Descriptor socket = open_socket();
    const sockaddr_in address = loopback(port);
    if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
        0) {
        fail("connect");
    }
    send_all(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                         std::to_string(base64_length(size_of(file))) + std::string(kHeadEnd));
    std::vector<char> piece(kPieceBytes);
    const std::vector<char> text(base64_length(kPieceBytes), 'A');
    ssize_t count = 0;
    while ((count = ::read(file.number(), piece.data(), piece.size())) > 0) {
        send_all(socket, std::span(text).first(base64_length(static_cast<std::size_t>(count))));
    }
    const std::size_t answered = receive(socket, piece);
    if (!std::string_view(piece.data(), answered).starts_with("HTTP/1.1 200")) {
        throw std::runtime_error("the upload was refused");
    }
}

void serve_uploads() {
    const Descriptor listener = open_socket();
    std::printf("%d\n", listen_on_free_port(listener));
    std::fflush(stdout);
    std::vector<char> buffer(kReceiveBytes);
    for (;;) {
        const Descriptor socket(::accept(listener.number(), nullptr, nullptr), "accept");
        try {
            take_request(socket, buffer);
            send_all(socket, kAnswer);
        } catch (const std::system_error& error) {
            // The next client may stay until it has its answer.
            std::fprintf(stderr, "command_floors: %s\n", error.what());
        }
    }
}

}  // namespace editprep::benchmarks
