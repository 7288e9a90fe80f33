#include "tools/remote/fal_preview.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

#include "editprep/transport/url.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/network.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools {
namespace {

using transport::FalCallOptions;
using transport::Header;

std::string shortest(double value) {
    char digits[32];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value);
    return error == std::errc{} ? std::string(digits, end) : std::string();
}

/// As the client decides: what an option says stands above what a header says.
class HeaderList {
public:
    void set(const std::string& name, const std::string& value) {
        if (Header* known = find(name)) {
            known->value = value;
        } else {
            headers_.push_back({name, value});
        }
    }

    void set_default(const std::string& name, const std::string& value) {
        if (find(name) == nullptr) {
            set(name, value);
        }
    }

    [[nodiscard]] std::string lines() const {
        std::string text;
        for (const Header& header : headers_) {
            text += one_line(header.name + ": " + header.value) + '\n';
        }
        return text;
    }

private:
    Header* find(const std::string& name) {
        const auto found = std::ranges::find_if(headers_, [&](const Header& header) {
            return ::strcasecmp(header.name.c_str(), name.c_str()) == 0;
        });
        return found == headers_.end() ? nullptr : &*found;
    }

    std::vector<Header> headers_;
};

HeaderList headers_of(const FalCallOptions& options) {
    HeaderList headers;
    headers.set("Accept", "application/json");
    headers.set("Content-Type", "application/json");
    for (const Header& header : options.headers) {
        headers.set(header.name, header.value);
    }
    if (options.priority) {
        headers.set("X-Fal-Queue-Priority",
                    *options.priority == transport::FalPriority::low ? "low" : "normal");
    }
    if (options.hint) {
        headers.set("X-Fal-Runner-Hint", *options.hint);
    }
    if (options.start_timeout_seconds) {
        headers.set("X-Fal-Request-Timeout", shortest(*options.start_timeout_seconds));
    }
    if (options.expires_in) {
        headers.set("X-Fal-Object-Lifecycle-Preference",
                    "{\"expiration_duration_seconds\":" +
                        std::to_string(options.expires_in->count()) + '}');
    }
    return headers;
}

}  // namespace

std::string preview_fal_call(FalCall call, const std::string& model, const FalCallOptions& options,
                             const FalInput& input, const Environment& environment) {
    const transport::FalEndpoints endpoints = fal_endpoints(environment);
    const std::string& base_url = call == FalCall::queue ? endpoints.queue_url : endpoints.run_url;
    const std::string query =
        options.webhook ? "?fal_webhook=" + transport::percent_encode(*options.webhook) : "";
    HeaderList headers = headers_of(options);
    if (call == FalCall::queue) {
        headers.set_default("X-Fal-Queue-Priority", "normal");
    }
    headers.set_default("User-Agent", network_settings(environment).user_agent);
    return "POST " + base_url + '/' + model + query + "\nAuthorization: Key ***\n" +
           headers.lines() + '\n' + indented_json_text(input.redacted_json()) + '\n';
}

}  // namespace editprep::tools
