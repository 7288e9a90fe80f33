#include "tools/remote/fal_preview.hpp"

#include <strings.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/network.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools {
namespace {

using transport::FalCallOptions;
using transport::Header;

constexpr std::string_view kHidden = "***";

bool same_name(const std::string& a, const std::string& b) {
    return ::strcasecmp(a.c_str(), b.c_str()) == 0;
}

bool has_header(const std::vector<Header>& headers, const std::string& name) {
    return std::ranges::any_of(headers,
                               [&](const Header& header) { return same_name(header.name, name); });
}

/// Whoever gives a header of their own may give a secret in it; fal's own hold none.
bool may_be_secret(const Header& header, const FalCallOptions& options) {
    constexpr std::string_view kHarmless = "x-fal-";
    return has_header(options.headers, header.name) &&
           ::strncasecmp(header.name.c_str(), kHarmless.data(), kHarmless.size()) != 0;
}

std::string lines_of(const std::vector<Header>& headers, const FalCallOptions& options) {
    std::string text;
    for (const Header& header : headers) {
        text += one_line(header.name + ": ");
        text += may_be_secret(header, options) ? kHidden : one_line(header.value);
        text += '\n';
    }
    return text;
}

/// Behind its path a webhook may hold a token, before its host a password.
std::string without_secrets(const std::string& webhook) {
    try {
        const transport::Url url = transport::parse_url(webhook);
        return url.shown() + (url.query.empty() ? "" : "?...");
    } catch (const transport::Error&) {
        return "...";
    }
}

transport::FalCallHead head_of(FalCall call, const std::string& model,
                               const FalCallOptions& options, const Environment& environment) {
    const transport::FalEndpoints endpoints = fal_endpoints(environment);
    FalCallOptions shown = options;
    if (options.webhook) {
        shown.webhook = without_secrets(*options.webhook);
    }
    return call == FalCall::queue ? transport::fal_submit_head(endpoints, model, shown)
                                  : transport::fal_run_head(endpoints, model, shown);
}

}  // namespace

std::string preview_fal_call(FalCall call, const std::string& model, const FalCallOptions& options,
                             const FalInput& input, const Environment& environment) {
    transport::FalCallHead head = head_of(call, model, options, environment);
    if (!has_header(head.headers, "User-Agent")) {
        head.headers.push_back({"User-Agent", network_settings(environment).user_agent});
    }
    return "POST " + head.url + "\nAuthorization: Key " + std::string(kHidden) + '\n' +
           lines_of(head.headers, options) + '\n' + indented_json_text(input.redacted_json()) +
           '\n';
}

}  // namespace editprep::tools
