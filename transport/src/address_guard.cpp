#include "address_guard.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <utility>

#include "ascii.hpp"
#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

/// How often the flag is looked at.
constexpr std::chrono::milliseconds kGlance{50};

/// An address in network order, IPv4 in the first 4 bytes.
struct Address {
    std::array<std::uint8_t, 16> bytes{};
    std::size_t size = 0;
};

std::optional<Address> address_from(std::string_view text) {
    const std::string terminated(text);
    Address address;
    if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) {
        address.size = 4;
    } else if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) {
        address.size = 16;
    } else {
        return std::nullopt;
    }
    return address;
}

struct Network {
    const char* base;
    std::size_t prefix_bits;
};

bool shares_prefix(const Address& a, const Address& b, std::size_t prefix_bits) {
    if (a.size != b.size || prefix_bits > a.size * 8) {
        return false;
    }
    for (std::size_t bit = 0; bit < prefix_bits; ++bit) {
        const unsigned difference = static_cast<unsigned>(a.bytes[bit / 8] ^ b.bytes[bit / 8]);
        if ((difference >> (7 - bit % 8) & 1U) != 0) {
            return false;
        }
    }
    return true;
}

bool is_in(const Address& address, const Network& network) {
    const std::optional<Address> base = address_from(network.base);
    return base && shares_prefix(address, *base, network.prefix_bits);
}

/// The IANA registry of special-purpose IPv4 addresses, with multicast and the reserved class E.
constexpr auto kSpecialIpv4 = std::to_array<Network>({
    {"0.0.0.0", 8},
    {"10.0.0.0", 8},
    {"100.64.0.0", 10},
    {"127.0.0.0", 8},
    {"169.254.0.0", 16},
    {"172.16.0.0", 12},
    {"192.0.0.0", 24},
    {"192.0.2.0", 24},
    {"192.88.99.0", 24},
    {"192.168.0.0", 16},
    {"198.18.0.0", 15},
    {"198.51.100.0", 24},
    {"203.0.113.0", 24},
    {"224.0.0.0", 4},
    {"240.0.0.0", 4},
});

/// What is special inside 2000::/3, the only block that is given out: protocol assignments (Teredo
/// among them), documentation, 6to4.
constexpr auto kSpecialIpv6 = std::to_array<Network>({
    {"2001::", 23},
    {"2001:db8::", 32},
    {"2002::", 16},
    {"3fff::", 20},
});

/// Mapped (RFC 4291, section 2.5.5.2) and NAT64 (RFC 6052).
constexpr auto kCarriersOfIpv4 = std::to_array<Network>({{"::ffff:0:0", 96}, {"64:ff9b::", 96}});

bool is_in_any(const Address& address, std::span<const Network> networks) {
    return std::ranges::any_of(networks,
                               [&](const Network& network) { return is_in(address, network); });
}

bool is_public(const Address& address) {
    if (address.size == 4) {
        return !is_in_any(address, kSpecialIpv4);
    }
    if (is_in_any(address, kCarriersOfIpv4)) {
        Address carried{.size = 4};
        std::ranges::copy(std::span(address.bytes).last(4), carried.bytes.begin());
        return is_public(carried);
    }
    return is_in(address, {"2000::", 3}) && !is_in_any(address, kSpecialIpv6);
}

/// What the thread that asks the resolver leaves behind.
struct Answer {
    std::mutex mutex;
    std::condition_variable arrived;
    bool complete = false;
    int failure = 0;
    std::vector<std::string> addresses;
};

std::string numeric_text(const addrinfo& entry) {
    std::array<char, NI_MAXHOST> text{};
    const int failure = ::getnameinfo(entry.ai_addr, entry.ai_addrlen, text.data(), text.size(),
                                      nullptr, 0, NI_NUMERICHOST);
    return failure == 0 ? text.data() : "";
}

void ask_resolver(const std::string& host, const std::shared_ptr<Answer>& answer) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* entries = nullptr;
    const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &entries);
    const std::lock_guard lock(answer->mutex);
    answer->failure = failure;
    for (const addrinfo* entry = entries; entry != nullptr; entry = entry->ai_next) {
        answer->addresses.push_back(numeric_text(*entry));
    }
    if (entries != nullptr) {
        ::freeaddrinfo(entries);
    }
    answer->complete = true;
    answer->arrived.notify_all();
}

[[noreturn]] void throw_not_found(const Url& url, const std::string& why) {
    throw Error(Errc::connection_failed, "cannot connect to " + url.origin() + ": " + why,
                url.shown(), "check the host name and the network's name server");
}

bool is_raised(const std::atomic<bool>* flag) {
    return flag != nullptr && flag->load(std::memory_order_relaxed);
}

void check_bounds(const Url& url, const LookUpBounds& bounds) {
    if (is_raised(bounds.cancel)) {
        throw Error(Errc::cancelled, "cancelled: " + url.origin(), url.shown());
    }
    if (bounds.deadline && std::chrono::steady_clock::now() >= *bounds.deadline) {
        throw_not_found(url, "the name server does not answer");
    }
}

/// `host`, `.host`, an address or a network, without the port.
bool names_host(std::string_view entry, const std::string& host) {
    if (const std::size_t slash = entry.find('/'); slash != std::string_view::npos) {
        const auto address = address_from(host);
        const auto base = address_from(entry.substr(0, slash));
        std::size_t bits = 0;
        const std::string_view digits = entry.substr(slash + 1);
        const auto [end, failure] =
            std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        return address && base && failure == std::errc{} && end == digits.data() + digits.size() &&
               shares_prefix(*address, *base, bits);
    }
    if (entry.starts_with('[') && entry.ends_with(']')) {
        entry = entry.substr(1, entry.size() - 2);
    }
    if (entry.starts_with('.')) {
        entry.remove_prefix(1);
    }
    if (entry.empty() || host.size() < entry.size()) {
        return false;
    }
    const std::size_t front = host.size() - entry.size();
    const bool whole_labels = front == 0 || (host[front - 1] == '.' && !address_from(host));
    return whole_labels && equal_ignoring_case(std::string_view(host).substr(front), entry);
}

bool names_url(std::string_view entry, const Url& url) {
    if (entry == "*" || names_host(entry, url.host)) {
        return true;
    }
    const std::size_t colon = entry.rfind(':');
    return colon != std::string_view::npos && entry.substr(colon + 1) == std::to_string(url.port) &&
           names_host(entry.substr(0, colon), url.host);
}

}  // namespace

bool is_public_address(std::string_view address) {
    const std::optional<Address> parsed = address_from(address);
    return parsed && is_public(*parsed);
}

bool is_local_name(std::string_view host) {
    constexpr auto kNames =
        std::to_array<std::string_view>({"localhost", "localdomain", "local", "internal",
                                         "intranet", "lan", "home", "corp", "home.arpa"});
    if (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    const std::string lower = lower_case(host);
    return std::ranges::any_of(kNames, [&](std::string_view name) {
        return lower == name || lower.ends_with("." + std::string(name));
    });
}

std::vector<std::string> look_up(const Url& url, const LookUpBounds& bounds) {
    if (address_from(url.host)) {
        return {url.host};
    }
    const auto answer = std::make_shared<Answer>();
    // getaddrinfo cannot be interrupted: a thread that is not waited for asks it.
    std::thread(ask_resolver, url.host, answer).detach();
    std::unique_lock lock(answer->mutex);
    while (!answer->complete) {
        check_bounds(url, bounds);
        answer->arrived.wait_for(lock, kGlance);
    }
    if (answer->addresses.empty()) {
        throw_not_found(url, answer->failure != 0 ? ::gai_strerror(answer->failure)
                                                  : "the host has no address");
    }
    return answer->addresses;
}

std::vector<std::string> public_addresses(const Url& url, const LookUpBounds& bounds) {
    const auto refuse = [&url](const std::string& why) {
        throw Error(Errc::address_refused, "refusing to reach " + url.origin() + ": " + why,
                    url.shown(), "allow private addresses if the server is one of yours");
    };
    if (is_local_name(url.host)) {
        refuse("the name belongs to this machine or its network");
    }
    std::vector<std::string> addresses = look_up(url, bounds);
    for (const std::string& address : addresses) {
        if (!is_public_address(address)) {
            refuse("its address " + address + " is not a public one");
        }
    }
    return addresses;
}

bool is_listed_host(const Url& url, std::string_view list) {
    constexpr std::string_view kSeparators = ", \t";
    while (!list.empty()) {
        const std::size_t end = std::min(list.find_first_of(kSeparators), list.size());
        if (names_url(list.substr(0, end), url)) {
            return true;
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

}  // namespace editprep::transport
