#include "editprep/transport/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "ascii.hpp"
#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

constexpr std::string_view kSeparator = "://";
constexpr std::size_t kMaxLength = 64 << 10;
/// RFC 1035, section 2.3.4.
constexpr std::size_t kMaxHostLength = 255;

std::string without_query(std::string_view text) {
    return std::string(text.substr(0, text.find_first_of("?#")));
}

/// What of a URL may be shown when it could not be understood: nothing that may be a password.
std::string shown_part(std::string_view text) {
    std::string shown = without_query(text.substr(0, 200));
    std::ranges::replace_if(shown, is_control, '?');
    const std::size_t authority = shown.find(kSeparator);
    const std::size_t at = shown.rfind('@');
    if (authority != std::string::npos && at != std::string::npos) {
        shown.replace(authority + kSeparator.size(), at - authority - kSeparator.size(), "...");
    }
    return shown;
}

[[noreturn]] void refuse(std::string_view text, const std::string& why,
                         const std::string& next_step = {}) {
    const std::string shown = shown_part(text);
    throw Error(Errc::invalid_url, "not a usable URL: " + shown + ": " + why, shown, next_step);
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

/// Without the fragment, which never leaves a client.
std::string_view without_fragment(std::string_view text) { return text.substr(0, text.find('#')); }

void check_characters(std::string_view text) {
    if (text.size() > kMaxLength) {
        refuse(text, "it is longer than " + std::to_string(kMaxLength) + " characters");
    }
    for (const char c : text) {
        if (c == ' ' || is_control(c)) {
            refuse(text, "it holds a blank or a control character", "write them as %XX");
        }
        if (c == '\\') {
            refuse(text, "it holds a backslash", "write it as / or %5C");
        }
    }
}

bool is_host_name(std::string_view host) {
    return !host.empty() && host.front() != '.' && host.find("..") == std::string_view::npos &&
           std::ranges::all_of(host, [](char c) {
               return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
           });
}

bool is_ipv6(const std::string& host) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

/// Takes the host off the front of `authority`, which then starts with the port's colon or is
/// empty.
std::string take_host(std::string_view whole, std::string_view& authority) {
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        std::string host =
            lower_case(authority.substr(1, end == std::string_view::npos ? end : end - 1));
        if (end == std::string_view::npos || !is_ipv6(host)) {
            refuse(whole, "the brackets hold no IPv6 address");
        }
        authority.remove_prefix(end + 1);
        return host;
    }
    std::string host = lower_case(authority.substr(0, authority.find(':')));
    authority.remove_prefix(host.size());
    if (host.empty()) {
        refuse(whole, "it has no host");
    }
    if (!is_host_name(host) || host.size() > kMaxHostLength) {
        refuse(whole, "a host name holds letters, digits, hyphens and dots",
               "write an international name in its ASCII form, xn--...");
    }
    return host;
}

std::uint16_t port_from(std::string_view whole, std::string_view text, std::string_view scheme) {
    if (text.empty() || text == ":") {
        return default_port(scheme);
    }
    unsigned port = 0;
    const auto [end, failure] = std::from_chars(text.data() + 1, text.data() + text.size(), port);
    if (text.front() != ':' || failure != std::errc{} || end != text.data() + text.size() ||
        port == 0 || port > 65535) {
        refuse(whole, "the port is no number from 1 to 65535");
    }
    return static_cast<std::uint16_t>(port);
}

/// Scheme, host and port from `//host:port`, which is taken off the front of `rest`.
Url url_with_authority(std::string_view whole, std::string scheme, std::string_view& rest) {
    rest.remove_prefix(2);
    std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    rest.remove_prefix(authority.size());
    if (authority.find('@') != std::string_view::npos) {
        refuse(whole, "it holds a user name", "give the key in the configuration, not in the URL");
    }
    Url url;
    url.scheme = std::move(scheme);
    url.host = take_host(whole, authority);
    url.port = port_from(whole, authority, url.scheme);
    return url;
}

void set_path_and_query(Url& url, std::string_view rest) {
    const std::size_t mark = rest.find('?');
    url.path = rest.substr(0, mark);
    if (url.path.empty()) {
        url.path = "/";
    }
    url.query = mark == std::string_view::npos ? "" : rest.substr(mark + 1);
}

/// RFC 3986, section 5.2.4.
std::string without_dot_segments(std::string_view path) {
    std::vector<std::string_view> kept;
    bool ends_with_slash = false;
    std::size_t begin = 1;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view segment = path.substr(begin, end - begin);
        ends_with_slash = segment == "." || segment == "..";
        if (segment == "..") {
            if (!kept.empty()) {
                kept.pop_back();
            }
        } else if (segment != ".") {
            kept.push_back(segment);
        }
        begin = end + 1;
    }
    std::string result;
    for (const std::string_view segment : kept) {
        result.append("/").append(segment);
    }
    return result.empty() || ends_with_slash ? result + "/" : result;
}

/// The scheme in front of the first colon, when the text starts with one (section 3.1).
std::optional<std::string> scheme_of(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || is_digit(text.front())) {
        return std::nullopt;
    }
    const std::string_view scheme = text.substr(0, colon);
    const bool plain = std::ranges::all_of(
        scheme, [](char c) { return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.'; });
    return plain ? std::optional(lower_case(scheme)) : std::nullopt;
}

}  // namespace

std::string Url::origin() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    std::string text = scheme + std::string(kSeparator) + (ipv6 ? "[" + host + "]" : host);
    if (port != default_port(scheme)) {
        text += ":" + std::to_string(port);
    }
    return text;
}

std::string Url::text() const { return query.empty() ? shown() : shown() + "?" + query; }

std::string Url::shown() const { return origin() + path; }

Url parse_url(std::string_view text) {
    check_characters(text);
    std::optional<std::string> scheme = scheme_of(text);
    if (!scheme || (*scheme != "http" && *scheme != "https") ||
        !text.substr(scheme->size()).starts_with(kSeparator)) {
        refuse(text, "it does not start with https:// or http://");
    }
    std::string_view rest = without_fragment(text.substr(scheme->size() + 1));
    Url url = url_with_authority(text, std::move(*scheme), rest);
    set_path_and_query(url, rest);
    return url;
}

Url resolve_url(const Url& base, std::string_view reference) {
    if (scheme_of(reference)) {
        return parse_url(reference);
    }
    check_characters(reference);
    std::string_view rest = without_fragment(reference);
    if (rest.starts_with("//")) {
        Url url = url_with_authority(reference, base.scheme, rest);
        set_path_and_query(url, rest);
        return url;
    }
    Url url = base;
    if (rest.empty()) {
        return url;
    }
    if (rest.starts_with('?')) {
        url.query = rest.substr(1);
        return url;
    }
    set_path_and_query(url, rest);
    if (!rest.starts_with('/')) {
        url.path.insert(0, base.path.substr(0, base.path.rfind('/') + 1));
    }
    url.path = without_dot_segments(url.path);
    return url;
}

bool same_origin(const Url& a, const Url& b) noexcept {
    return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

bool is_loopback_host(std::string_view host) noexcept {
    if (equal_ignoring_case(host, "localhost") || host == "::1") {
        return true;
    }
    constexpr std::string_view kBelow = ".localhost";
    if (host.size() > kBelow.size() &&
        equal_ignoring_case(host.substr(host.size() - kBelow.size()), kBelow)) {
        return true;
    }
    std::array<char, INET_ADDRSTRLEN> text{};
    if (host.size() >= text.size()) {
        return false;
    }
    std::ranges::copy(host, text.begin());
    in_addr address{};
    return ::inet_pton(AF_INET, text.data(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kUnreservedMarks = "-._~";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (is_letter_or_digit(c) || kUnreservedMarks.find(c) != std::string_view::npos) {
            encoded.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded.push_back('%');
        encoded.push_back(kDigits[byte >> 4]);
        encoded.push_back(kDigits[byte & 15]);
    }
    return encoded;
}

}  // namespace editprep::transport
