#include "tools/provider_emulator/answers.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <random>

namespace editprep::tools::provider_emulator {
namespace {

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

std::uint64_t random_bits() {
    static std::mutex mutex;
    static std::mt19937_64 engine{std::random_device{}()};
    const std::lock_guard lock(mutex);
    return engine();
}

}  // namespace

void answer_json(httplib::Response& response, int status, const Json& body) {
    response.status = status;
    response.set_content(body.dump(-1, ' ', false, Json::error_handler_t::replace),
                         "application/json");
}

void answer_detail(httplib::Response& response, int status, std::string_view text) {
    answer_json(response, status, {{"detail", text}});
}

void answer_openai_error(httplib::Response& response, int status, std::string_view message,
                         std::string_view type, std::string_view param, std::string_view code) {
    answer_json(response, status,
                {{"error",
                  {{"message", message},
                   {"type", type},
                   {"param", text_or_null(param)},
                   {"code", text_or_null(code)}}}});
}

std::optional<Json> parse_object(std::string_view text) {
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!value.is_object()) {
        return std::nullopt;
    }
    return value;
}

std::string base_url_of(const httplib::Request& request) {
    return "http://" + request.get_header_value("Host");
}

std::string other_host_of(const httplib::Request& request) {
    const std::string host = request.get_header_value("Host");
    const std::size_t colon = host.rfind(':');
    const std::string port = colon == std::string::npos ? "" : host.substr(colon);
    return (host.starts_with("localhost") ? "http://127.0.0.1" : "http://localhost") + port;
}

std::string_view path_of(const httplib::Request& request) {
    const std::string_view target = request.target;
    return target.substr(0, target.find('?'));
}

std::string_view query_of(const httplib::Request& request) {
    const std::string_view target = request.target;
    const std::size_t mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

std::optional<std::chrono::seconds> lifetime_in(const httplib::Request& request,
                                                const char* header) {
    const auto wish = parse_object(request.get_header_value(header));
    const Json seconds = wish ? wish->value("expiration_duration_seconds", Json()) : Json();
    if (!seconds.is_number_integer() || seconds.get<std::int64_t>() <= 0) {
        return std::nullopt;
    }
    return std::chrono::seconds(seconds.get<std::int64_t>());
}

std::string new_id() {
    const std::uint64_t high = random_bits();
    const std::uint64_t low = random_bits();
    std::array<char, 37> text{};
    std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-a%03x-%012llx",
                  static_cast<unsigned>(high >> 32), static_cast<unsigned>(high >> 16 & 0xffff),
                  static_cast<unsigned>(high & 0xfff), static_cast<unsigned>(low >> 52),
                  static_cast<unsigned long long>(low & 0xffff'ffff'ffff));
    return text.data();
}

std::string timestamp(std::chrono::system_clock::time_point when) {
    using namespace std::chrono;
    const std::time_t seconds_part = system_clock::to_time_t(floor<seconds>(when));
    std::tm parts{};
    ::gmtime_r(&seconds_part, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 8> fraction{};
    std::snprintf(
        fraction.data(), fraction.size(), ".%06d",
        static_cast<int>(duration_cast<microseconds>(when - floor<seconds>(when)).count()));
    return std::string(text.data()) + fraction.data();
}

std::string timestamp() { return timestamp(std::chrono::system_clock::now()); }

}  // namespace editprep::tools::provider_emulator
