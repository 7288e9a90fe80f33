#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "editprep/transport/error.hpp"
#include "editprep/transport/http.hpp"

/// What the tests of the HTTP client share.
namespace editprep::testing {

using namespace std::chrono_literals;

[[nodiscard]] inline transport::HttpRequest get(const std::string& url) {
    transport::HttpRequest request;
    request.url = url;
    request.timeouts = {.connect = 5s, .stall = 5s, .total = 20s};
    return request;
}

[[nodiscard]] inline transport::HttpRequest post(const std::string& url, std::string text) {
    transport::HttpRequest request = get(url);
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = transport::text_body(std::move(text));
    return request;
}

/// The error that the work ends with; a test failure when there is none.
[[nodiscard]] inline transport::Error error_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const transport::Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error";
    return {transport::Errc::invalid_argument, "no error"};
}

[[nodiscard]] inline transport::Error error_of(const transport::HttpRequest& request,
                                               const transport::HttpSettings& settings = {}) {
    return error_of([&] {
        transport::HttpClient client(settings);
        static_cast<void>(client.send(request));
    });
}

[[nodiscard]] inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

[[nodiscard]] inline std::chrono::milliseconds time_of(const std::function<void()>& work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
}

}  // namespace editprep::testing
